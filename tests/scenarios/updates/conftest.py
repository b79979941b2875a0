"""A small archive and its index, to change and to update."""

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.corpus.roots import CorpusRoots
from indexer.storage.manifest import read_manifest, write_manifest
from indexer.storage.read_settings import ReadSettings
from indexer.update.update import UpdateConfig

TOWNS = ("Ardel", "Brimo", "Cothen", "Duvin", "Eskar", "Fjelle")
ONE_THREAD = UpdateConfig(threads=1)


def article(town: str, boats: int = 3) -> str:
    return (
        f"Harbour of {town} closed after storm\n\n"
        f"The harbour of {town} was closed on Monday after a storm sank {boats} boats, the mayor "
        f"said.\n\nRepairs in {town} will take {boats + 4} weeks, according to the port "
        "authority.\n"
    )


def row(number: int, town: str) -> str:
    told = {
        "id": f"n{number}",
        "title": f"{town} votes",
        "text": article(town),
        "date": "2024-05-03",
    }
    return json.dumps(told) + "\n"


@dataclass(frozen=True)
class Archive:
    """A folder of articles and its index."""

    folder: Path
    index: Path

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    @property
    def state(self) -> dict[str, bytes]:
        """Every byte of the index."""
        files = (path for path in self.index.rglob("*") if path.is_file())
        return {str(path.relative_to(self.index)): path.read_bytes() for path in files}

    @property
    def generation(self) -> int:
        return read_manifest(self.index).generation


def copied(built: Archive, place: Path) -> Archive:
    """Copy an archive; the manifest of the copy names the copied folder."""
    folder = Path(shutil.copytree(built.folder, place / "news"))
    index = Path(shutil.copytree(built.index, place / "index"))
    write_manifest(index, replace(read_manifest(index), roots=CorpusRoots.of(folder)))
    return Archive(folder, index)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Six articles in files of their own, three in an export."""
    place = tmp_path_factory.mktemp("archive")
    archive = Archive(place / "news", place / "index")
    archive.folder.mkdir()
    for town in TOWNS:
        archive.write(f"{town}.txt", article(town))
    archive.write("votes.jsonl", "".join(row(i, f"Vale{i}") for i in range(3)))
    build(archive.folder, archive.index, IndexConfig(threads=1, settings=ReadSettings()))
    return archive


@pytest.fixture
def archive(built: Archive, tmp_path: Path) -> Archive:
    return copied(built, tmp_path)
