"""An archive of invented articles, and the check of drafts against it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.documents import doc_id_of
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import Manifest
from retrieval.drafts.check import check_draft
from retrieval.drafts.report import CheckedDraft
from tests.support.builders import entry, write_index

HARBOUR = """Harbour wall to be raised

Mayor Ilsa Brandt presented the plan on Tuesday.

“We will raise the harbour wall by 40 centimetres before the winter, and nobody will lose a job,” \
Mayor Brandt said. “It’s the largest work since 1953.”

The fishermen’s guild did not object. Its chairman, Tom Okoro, said the quay “must stay open at \
all times”.

"This is not the end of the ferry. This is a new beginning for all of us in Northport and \
Larne," said Okoro.
"""
COPY = f"{HARBOUR}\n(Reprinted with permission.)\n"
BRIDGE = """Bridge stays closed

The old bridge stays closed until March, the engineer Rosa Quill said.

She added: “I can't promise that the steel will arrive in time... but we are working day and night.”

“The U.S. company has delivered 17,400 tons of steel, about 5 % more than in 2019,” said Quill.

"Nobody should cross the ice this week," the coast guard warned. "It is unlikely that it carries a \
car."
"""
SCHOOL = """School meals

Free meals will be served in all nineteen schools of the county from the first day of September.

“Wir müssen jetzt handeln”, sagte die Ministerin. „Die Schulen brauchen Hilfe.“

«Nous ne céderons pas», a dit le maire.

会长说：「我们将继续前进」。
"""
LONG = "\n\n".join(
    [
        "Report of the inquiry",
        "The inquiry into the flood of the lower valley published its findings after two years.",
        *(
            f"Chapter {number} describes how the gauge at mile {number * 7} had failed without "
            f"any notice to the {number * 3} families that lived below the weir."
            for number in range(1, 40)
        ),
    ]
)
ARTICLES = {
    "gazette/harbour.txt": (HARBOUR, "Larne Gazette", "2023-05-02"),
    "observer/harbour.txt": (COPY, "Vell Observer", "2023-05-03"),
    "courier/bridge.txt": (BRIDGE, "Northport Courier", "2023-02-14"),
    "courier/school.txt": (SCHOOL, "Northport Courier", None),
    "courier/inquiry.txt": (LONG, None, "2021-01-01"),
}

Check = Callable[[str], CheckedDraft]


@pytest.fixture(scope="session")
def archive(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[LocalStore, Manifest, Path]]:
    index = tmp_path_factory.mktemp("drafts") / "index"
    entries = [
        entry(path, text, source=source, published=published, title=text.partition("\n")[0])
        for path, (text, source, published) in ARTICLES.items()
    ]
    first = doc_id_of("gazette/harbour.txt")
    copies = {first: first, doc_id_of("observer/harbour.txt"): first}
    manifest = write_index(index, entries, copies=copies)
    with LocalStore(index, manifest) as store:
        yield store, manifest, index


@pytest.fixture
def check(archive: tuple[LocalStore, Manifest, Path]) -> Check:
    store, manifest, _ = archive
    return lambda text: check_draft(store, manifest, text)
