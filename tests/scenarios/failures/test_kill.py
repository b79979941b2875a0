"""Killed or interrupted at any moment: the live index stays live, and the next build works.

A process loads the libraries once and forks: each child builds over a copy of the index and sends
itself SIGKILL at one point. Nothing of the build is replaced; the points are what Python tells an
audit hook, and the stages that a build announces.
"""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.catalog.vector_checkpoint import CHECKPOINT_FILE
from indexer.errors import IndexNotFoundError
from indexer.storage.lock import HOLDER_FILE, LOCK_FILE
from indexer.storage.manifest import MANIFEST_FILE, generations_on_disk, read_manifest
from indexer.storage.verify import verify
from indexer.update.update import UpdateConfig, update
from retrieval import SearchEngine
from tests.support.commands import REPOSITORY, SEEDS

_FORK_AND_KILL = """
import json, os, signal, sys
from pathlib import Path
import indexer.encoding.torch_encoder
from indexer.build.pipeline import IndexConfig, build
from indexer.progress import NoProgress
from indexer.update.update import UpdateConfig, update

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

class AtStage(NoProgress):
    def __init__(self, point):
        self.stage_name, _, self.steps = point.partition("+")
        self.now = None
    def stage(self, name, total):
        self.now = name
        if name == self.stage_name and not self.steps:
            die()
    def advance(self, steps=1):
        if self.now == self.stage_name and self.steps:
            die()

def at_event(point):
    event, _, name = point.partition(" ")
    def hook(happened, details):
        if happened == event and any(name in str(detail) for detail in details):
            die()
    sys.addaudithook(hook)

ended = {}
for point, (corpus, index) in json.loads(sys.argv[1]).items():
    pid = os.fork()
    if not pid:
        command, _, moment = point.rpartition(": ")
        if " " in moment:
            at_event(moment)
        if command == "update":
            update(Path(index), UpdateConfig(corpus=(Path(corpus),), threads=1),
                   progress=AtStage(moment))
        else:
            build(Path(corpus), Path(index), IndexConfig(threads=1, force=True),
                  progress=AtStage(moment))
        os._exit(0)
    ended[point] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps(ended))
"""

# Where a child dies, and the generation that must be live then.
POINTS = {
    "read": 1,
    "read+1": 1,
    "learn": 1,
    "clean": 1,
    "clean+1": 1,
    "encode": 1,
    "encode+1": 1,
    "store": 1,
    "open manifest.json.new": 1,
    "os.rename manifest.json.new": 1,
    "shutil.rmtree 000000": 2,
}
# Where an update of a changed corpus dies, and the generation that must be live then.
UPDATES = {
    "update: read+1": 1,
    "update: clean": 1,
    "update: encode+1": 1,
    "update: store": 1,
    "update: os.rename manifest.json.new": 1,
    "update: shutil.rmtree 000000": 2,
}
# The same as one above under another name: for the build that has no index before it.
FIRST_BUILD = "os.rename manifest.json"
QUESTION = "which harbour is closed?"
TUNNEL = "Tunnel opens\n\nThe tunnel under the Tarn opened on Sunday, the ministry said.\n"


@pytest.fixture(scope="module")
def killed(news_index: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An index for each point at which a build over it was killed."""
    corpus = read_manifest(news_index).corpus_root
    changed = tmp_path_factory.mktemp("changed") / "articles"
    shutil.copytree(corpus, changed)
    (changed / "bridge.txt").unlink()
    (changed / "tunnel.txt").write_text(TUNNEL, encoding="utf-8")
    copies = {}
    for number, point in enumerate((*POINTS, *UPDATES)):
        copies[point] = tmp_path_factory.mktemp("killed") / f"index-{number}"
        shutil.copytree(news_index, copies[point])
    # A leftover older generation, so that there is something to remove after the commit.
    for point in ("shutil.rmtree 000000", "update: shutil.rmtree 000000"):
        leftover = copies[point] / "000000"
        leftover.mkdir()
        (leftover / "catalog.sqlite").touch()
    copies[FIRST_BUILD] = tmp_path_factory.mktemp("killed") / "new-index"
    plan = {
        point: (str(changed) if point in UPDATES else corpus, str(index))
        for point, index in copies.items()
    }
    ran = subprocess.run(
        [sys.executable, "-c", _FORK_AND_KILL, json.dumps(plan)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert json.loads(ran.stdout) == dict.fromkeys(copies, -signal.SIGKILL)
    return copies


@pytest.mark.parametrize("point", POINTS)
def test_after_a_kill_the_live_index_answers_and_the_next_build_cleans_up(
    point: str, killed: dict[str, Path], news_index: Path
) -> None:
    index = killed[point]
    assert read_manifest(index).generation == POINTS[point]
    assert verify(index) == []
    with SearchEngine.open(news_index) as before, SearchEngine.open(index) as after:
        expected = [(hit.passage_id, hit.score) for hit in before.search(QUESTION).hits]
        assert [(hit.passage_id, hit.score) for hit in after.search(QUESTION).hits] == expected
        assert after.info.generation == POINTS[point]

    corpus = Path(read_manifest(index).corpus_root)
    report = build(corpus, index, IndexConfig(threads=2, force=True))
    assert verify(index) == []
    generation = report.manifest.generation
    assert generation > POINTS[point]
    kept = {f"{POINTS[point]:06d}", f"{generation:06d}", MANIFEST_FILE, LOCK_FILE}
    assert {entry.name for entry in index.iterdir()} == kept


@pytest.mark.parametrize("point", UPDATES)
def test_after_a_killed_update_one_generation_answers_and_the_next_update_completes(
    point: str, killed: dict[str, Path], news_index: Path
) -> None:
    index, live = killed[point], UPDATES[point]
    assert read_manifest(index).generation == live
    assert verify(index) == []
    with SearchEngine.open(index) as engine:
        found = engine.search("tunnel bridge Tarn", k=1).hits[0].found
        assert found.title == ("Tunnel opens" if live == 2 else "Bridge reopens after repairs")
    changed = Path(read_manifest(killed["update: shutil.rmtree 000000"]).corpus_root)
    with SearchEngine.open(index) as engine:
        report = update(index, UpdateConfig(corpus=(changed,), threads=1))
        assert report.build.unchanged == (live == 2)
        assert report.build.encoded <= 2
        assert engine.refresh() == (live == 1)
        found = engine.search("tunnel bridge Tarn", k=1).hits[0].found
        assert found.title == "Tunnel opens"
    assert verify(index) == []
    generation = read_manifest(index).generation
    # An update that finds nothing to do removes nothing either.
    kept = {1, generation} if live == 1 else {0, 1, 2}
    assert set(generations_on_disk(index)) <= kept


def test_a_first_build_that_is_killed_leaves_no_index_and_can_be_repeated(
    killed: dict[str, Path], news_index: Path
) -> None:
    index = killed[FIRST_BUILD]
    left = {"000001", LOCK_FILE, HOLDER_FILE, f"{MANIFEST_FILE}.new", CHECKPOINT_FILE}
    assert {entry.name for entry in index.iterdir()} == left
    with pytest.raises(IndexNotFoundError, match="No index found at"):
        SearchEngine.open(index)
    report = build(Path(read_manifest(news_index).corpus_root), index, IndexConfig(threads=2))
    assert report.encoded == 0  # the killed build had finished that
    assert verify(index) == []
    assert {entry.name for entry in index.iterdir()} == {"000002", LOCK_FILE, MANIFEST_FILE}


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell starts what runs in its background with Ctrl-C ignored, and children inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("reached", ["catalog.sqlite", "vectors.faiss"])
def test_ctrl_c_leaves_the_live_index_and_exits_with_130(reached: str, index: Path) -> None:
    arguments = ["build", str(SEEDS), "--index", str(index), "--replace", "--threads", "1"]
    command = [sys.executable, "-m", "indexer", *arguments]
    builder = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while not (index / "000002" / reached).exists() and builder.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    builder.send_signal(signal.SIGINT)
    printed, errors = builder.communicate(timeout=60)
    assert (builder.returncode, printed) == (130, "")
    assert errors == "Interrupted. The existing index is unchanged.\n"
    left = {entry.name for entry in index.iterdir()} - {CHECKPOINT_FILE}
    assert left == {"000001", MANIFEST_FILE, LOCK_FILE}
    assert verify(index) == []
