"""A build that cannot be finished: the index that was live answers on, and nothing is left over."""

import contextlib
import fcntl
import json
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.catalog.vector_checkpoint import CHECKPOINT_FILE
from indexer.cli.main import main
from indexer.encoding.model_files import DEFAULT_ENCODER
from indexer.errors import EncoderError, IndexLockedError, IndexWriteError
from indexer.lexical.schema import Bm25Engine
from indexer.progress import NoProgress
from indexer.storage.lock import HOLDER_FILE, LOCK_FILE
from indexer.storage.manifest import MANIFEST_FILE, read_manifest
from indexer.storage.read_settings import ReadSettings
from indexer.storage.verify import verify
from retrieval import SearchEngine
from tests.support.commands import REPOSITORY, run_module, without_privileges

AGAIN = IndexConfig(threads=2, force=True)


class _AtStage(NoProgress):
    """Does something when a stage of the build begins."""

    def __init__(self, stage: str, act: Callable[[], object]) -> None:
        self._stage, self._act = stage, act

    def stage(self, name: str, total: int | None) -> None:
        if name == self._stage:
            self._act()


def _assert_untouched(index: Path) -> None:
    """The first generation is live, whole and answers; beside it only what was encoded is kept."""
    left = {entry.name for entry in index.iterdir()} - {CHECKPOINT_FILE}
    assert left <= {"000001", MANIFEST_FILE, LOCK_FILE}
    assert read_manifest(index).generation == 1
    assert verify(index) == []
    with SearchEngine.open(index) as engine:
        assert engine.search("which harbour is closed?", k=1).hits[0].found.passage.start == 0


def _limit_file_size(size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB, where one can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small file system; the file size limit is tested")
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("no file system can be mounted here; the file size limit is tested")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_too_little_disk_is_noticed_before_anything_is_read(corpus: Path, tmp_path: Path) -> None:
    with (corpus / "enormous.txt").open("wb") as stream:
        stream.truncate(shutil.disk_usage(tmp_path).free // 4)  # sparse: it takes no room
    config = IndexConfig(settings=ReadSettings(max_bytes=2**50))
    reading = _AtStage("read", lambda: pytest.fail("the corpus was read"))
    with pytest.raises(IndexWriteError, match=r"Not enough disk space at .* MB free, about .* MB"):
        build(corpus, tmp_path / "index", config, progress=reading)
    assert list((tmp_path / "index").iterdir()) == []


def test_files_that_are_skipped_for_their_size_need_no_room(corpus: Path, tmp_path: Path) -> None:
    with (corpus / "enormous.txt").open("wb") as stream:
        stream.truncate(shutil.disk_usage(tmp_path).free // 4)
    report = build(corpus, tmp_path / "index", IndexConfig(threads=2))
    assert report.skipped == {"larger than the limit": 1}


@pytest.mark.parametrize(
    ("stage", "size", "engine", "named"),
    [
        ("read", 5_000, "tantivy", "catalog.sqlite"),  # so few articles wait in memory
        ("clean", 5_000, "tantivy", "catalog.sqlite"),
        ("encode", 500, "tantivy", "encoded.sqlite"),
        ("store", 50, "tantivy", "(bm25|000002)"),  # BM25 is written beside the vectors
        ("store", 50, "rank-bm25", "000002"),  # nothing but the manifest is left to write
    ],
)
def test_a_file_that_cannot_be_written_in_full_leaves_the_live_index(
    stage: str, size: int, engine: Bm25Engine, named: str, corpus: Path, index: Path
) -> None:
    config = IndexConfig(threads=2, force=True, bm25=engine)
    limit = _AtStage(stage, lambda: _limit_file_size(size))
    before, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with pytest.raises(IndexWriteError, match=f"{named} could not be written .* Free disk"):
            build(corpus, index, config, progress=limit)
    finally:
        _limit_file_size(before)
    _assert_untouched(index)


@pytest.mark.parametrize("stage", ["read", "encode", "store"])
def test_a_disk_that_is_full_during_the_build_leaves_the_live_index(
    stage: str, corpus: Path, news_index: Path, small_disk: Path
) -> None:
    index = Path(shutil.copytree(news_index, small_disk / "index"))
    filler = small_disk / "filler"

    def fill() -> None:
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as stream:
            while True:
                stream.write(b"\0" * 4096)

    over_another = IndexConfig(threads=2, force=True, replace=True)
    with pytest.raises(IndexWriteError, match="existing index is unchanged"):
        build(corpus, index, over_another, progress=_AtStage(stage, fill))
    filler.unlink()
    _assert_untouched(index)


def test_a_file_in_the_place_of_the_index_is_one_line_and_exit_code_2(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    assert main(["build", str(corpus), "--index", str(tmp_path / "file")]) == 2
    error = capsys.readouterr().err
    assert error == (
        f"error: {tmp_path / 'file'} is a file, not an index folder. Name another with --index\n"
    )
    assert (tmp_path / "file").read_text(encoding="utf-8") == "not a folder"


def test_an_index_below_a_file_is_an_error(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IndexWriteError, match=r"could not be written \(.*Not a directory"):
        build(corpus, tmp_path / "file/index")


def test_an_index_that_may_not_be_written_stays_as_it_is(
    corpus: Path, news_index: Path, open_folder: Path
) -> None:
    articles = shutil.copytree(corpus, open_folder / "news")
    index = Path(shutil.copytree(news_index, open_folder / "index"))
    for path in (index, *index.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    with (
        without_privileges(),
        pytest.raises(IndexWriteError, match=r"could not be written \(.*Permission denied"),
    ):
        build(articles, index, AGAIN)
    with (
        without_privileges(),
        pytest.raises(IndexWriteError, match=r"could not be written \(.*Permission denied"),
    ):
        build(articles, index / "inside", AGAIN)
    _assert_untouched(index)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("article.txt", "Mine."),
        (MANIFEST_FILE, '{"name": "a web application", "icons": []}'),
        ("2023/march.txt", "A folder named like a year."),
        ("20231026/article.txt", "A folder named like a day."),
        ("000001/photo.jpg", "A folder named like a generation."),
    ],
)
def test_a_folder_that_is_no_index_is_refused_and_not_touched(
    name: str, content: str, corpus: Path, tmp_path: Path
) -> None:
    place = tmp_path / "mine"
    (place / name).parent.mkdir(parents=True)
    (place / name).write_text(content, encoding="utf-8")
    with pytest.raises(IndexWriteError, match=f"is not an index: it holds '{Path(name).parts[0]}'"):
        build(corpus, place)
    assert (place / name).read_text(encoding="utf-8") == content
    assert [path for path in place.rglob("*") if path.is_file()] == [place / name]


def test_folders_of_others_beside_an_index_are_never_removed(corpus: Path, index: Path) -> None:
    for name in ("2023", "000009", "20231026"):
        (index / name).mkdir()
        (index / name / "article.txt").write_text("Mine.", encoding="utf-8")
    report = build(corpus, index, AGAIN)
    assert report.manifest.generation > 1
    for name in ("2023", "000009", "20231026"):
        assert (index / name / "article.txt").read_text(encoding="utf-8") == "Mine."


def test_the_corpus_itself_is_no_place_for_its_index(corpus: Path) -> None:
    with pytest.raises(IndexWriteError, match=r"is not an index: it holds 'bridge\.txt'"):
        build(corpus, corpus)
    assert sorted(path.name for path in corpus.iterdir()) == ["bridge.txt", "harbour.txt"]


def test_an_index_inside_its_corpus_is_no_part_of_it(corpus: Path) -> None:
    index = corpus / "index"
    build(corpus, index, IndexConfig(threads=2))
    again = build(corpus, index, IndexConfig(threads=2))
    assert again.unchanged
    assert (again.manifest.documents, again.skips) == (2, ())


@pytest.mark.parametrize("damage", ["truncate", "flip", "remove"])
def test_a_build_mends_a_damaged_index_although_the_corpus_is_unchanged(
    damage: str, index: Path
) -> None:
    manifest = read_manifest(index)
    vectors = index / "000001/vectors.faiss"
    content = vectors.read_bytes()
    vectors.unlink()
    if damage == "truncate":
        vectors.write_bytes(content[:100])
    elif damage == "flip":
        vectors.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    report = build(Path(manifest.corpus_root), index, IndexConfig(threads=2))
    assert not report.unchanged
    assert read_manifest(index).generation == 2
    assert verify(index) == []


def test_the_index_of_other_articles_is_replaced_only_when_asked(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = tmp_path / "others"
    others.mkdir()
    (others / "mill.txt").write_text("Mill reopens\n\nThe mill reopened on Monday.\n", "utf-8")
    command = ["build", str(others), "--index", str(index), "--threads", "1"]
    assert main(command) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(read_manifest(index).roots) in line
    assert str(others) in line
    assert f"update --index {index} --corpus {others}" in line
    _assert_untouched(index)
    assert main([*command, "--force"]) == 2
    assert main([*command, "--replace", "--quiet"]) == 0
    assert read_manifest(index).roots.paths == (str(others),)


def test_articles_may_be_added_to_those_of_an_index(index: Path, tmp_path: Path) -> None:
    (corpus,) = map(Path, read_manifest(index).roots.paths)
    more = tmp_path / "more"
    more.mkdir()
    (more / "mill.txt").write_text("Mill reopens\n\nThe mill reopened on Monday.\n", "utf-8")
    before = read_manifest(index).documents
    assert build([corpus, more], index, IndexConfig(threads=1)).manifest.documents == before + 1
    with pytest.raises(IndexWriteError, match=r"would replace them.*--index.*--replace"):
        build(corpus, index, IndexConfig(threads=1))


def test_the_same_folder_by_another_name_is_no_other_corpus(index: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(str(read_manifest(index).roots))
    build(tmp_path / "link", index, IndexConfig(threads=1))


def test_make_builds_the_sample_only_into_its_own_index() -> None:
    def commands(*arguments: str) -> str:
        made = subprocess.run(
            ["make", "--dry-run", "--always-make", "run", *arguments],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
        return made.stdout

    assert "indexer build seeds --index index" in commands()
    assert "indexer build" not in commands("INDEX=mine")
    assert "DATELINE_INDEX=mine" in commands("INDEX=mine")


def test_a_build_mends_a_damaged_manifest(index: Path) -> None:
    corpus = Path(read_manifest(index).corpus_root)
    (index / MANIFEST_FILE).write_text("{", encoding="utf-8")
    build(corpus, index, IndexConfig(threads=2))
    assert verify(index) == []
    assert not (index / "000001").exists()


def test_a_failure_right_after_the_commit_keeps_the_new_generation(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The manifest is in place before the folder that holds it is made durable.
    def interrupted(folder: Path) -> None:
        if folder == index and read_manifest(index).generation == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("indexer.storage.manifest.sync_folder", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(corpus, index, AGAIN)
    assert read_manifest(index).generation == 2
    assert verify(index) == []


def test_the_second_of_two_builds_says_who_is_building(corpus: Path, index: Path) -> None:
    seen: list[subprocess.CompletedProcess[str]] = []

    def build_too() -> None:
        seen.append(run_module("indexer", "build", corpus, "--index", index, "--force"))

    build(corpus, index, AGAIN, progress=_AtStage("encode", build_too))
    (second,) = seen
    assert second.returncode == 2
    assert second.stdout == ""
    host = os.uname().nodename
    assert second.stderr.startswith(
        f"error: The index {index} is being written by process {os.getpid()} on {host} since "
    )
    assert second.stderr.endswith("Wait until it has finished, or stop it, then try again\n")
    assert read_manifest(index).generation == 2
    assert not (index / HOLDER_FILE).exists()


def test_a_lock_whose_holder_left_no_name_is_still_a_lock(corpus: Path, index: Path) -> None:
    with (index / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (index / HOLDER_FILE).write_text("{", encoding="utf-8")
        with pytest.raises(IndexLockedError, match="is being written by another process"):
            build(corpus, index, AGAIN)


def test_the_name_that_a_killed_build_left_does_not_stop_the_next(
    corpus: Path, index: Path
) -> None:
    left = {"host": "elsewhere", "pid": 1, "since": "2023-01-01T00:00:00+00:00"}
    (index / HOLDER_FILE).write_text(json.dumps(left), encoding="utf-8")
    assert build(corpus, index, AGAIN).manifest.generation == 2


def test_an_unknown_encoder_folder_is_an_error_and_leaves_the_index(
    corpus: Path, index: Path, tmp_path: Path
) -> None:
    with pytest.raises(EncoderError, match="is not a folder"):
        build(corpus, index, IndexConfig(encoder=str(tmp_path / "no-model")))
    (tmp_path / "model").mkdir()
    with pytest.raises(EncoderError, match=r"has neither modules\.json nor config\.json"):
        build(corpus, index, IndexConfig(encoder=str(tmp_path / "model")))
    _assert_untouched(index)
    assert read_manifest(index).encoder.name == DEFAULT_ENCODER
