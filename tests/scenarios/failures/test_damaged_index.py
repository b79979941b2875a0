"""A damaged index: noticed on opening or by `verify`; never a traceback, never a crash."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.encoding.model_files import DEFAULT_ENCODER, locate
from indexer.errors import (
    EncoderMismatchError,
    IndexFormatError,
    IndexNotFoundError,
)
from indexer.storage.manifest import MANIFEST_FILE, read_manifest
from indexer.storage.verify import verify
from retrieval import SearchEngine
from tests.support.commands import run_module, run_python, without_privileges

# Asks every damaged copy in turn, in a process of its own: a crash is then seen as one. What it
# prints is a JSON object from the copy's name to the error, null where the copy answered.
_ASK_EACH = """
import json, sys
from pathlib import Path
from indexer.errors import DatelineError
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import read_manifest
from retrieval.background import Background, QuestionEncoder
from retrieval.engine import SearchEngine
from retrieval.readers.open import open_reader
from retrieval.snapshot import Opener, Snapshot

found, encoder, reader = {}, None, Background("open-reader", open_reader)
for index in sorted(Path(sys.argv[1]).iterdir()):
    print(index.name, file=sys.stderr, flush=True)
    try:
        manifest = read_manifest(index)
        encoder = encoder or QuestionEncoder(manifest.encoder, threads=1)
        opened = Snapshot(index, manifest, LocalStore(index, manifest), encoder, reader)
        with SearchEngine(opened, Opener(index)) as engine:
            engine.answer("when will the bridge reopen?")
            engine.search('"three weeks" harbour -ferry')
            for doc_id in engine.find_documents(""):
                engine.document(doc_id), engine.regions(doc_id)
        found[index.name] = None
    except DatelineError as error:
        found[index.name] = f"{type(error).__name__}: {error}"
print(json.dumps(found))
"""


def _files(index: Path) -> list[Path]:
    generation = [Path("000001") / file.path for file in read_manifest(index).files]
    return [Path(MANIFEST_FILE), *generation]


def _damages(content: bytes) -> dict[str, bytes]:
    """Cut, prolong, and flip a bit near the start, in the middle and at the end."""
    changed = {"emptied": b"", "halved": content[: len(content) // 2], "longer": content + b"\0"}
    for place in sorted({0, min(20, len(content) // 3), len(content) // 2, len(content) - 1}):
        flipped = bytearray(content)
        flipped[place] ^= 0x04
        changed[f"bit at {place}"] = bytes(flipped)
    return changed


@pytest.fixture(scope="module")
def damaged(news_index: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A copy of the index for each kind of damage to each of its files."""
    folder = tmp_path_factory.mktemp("damaged")
    copies = {}
    for number, file in enumerate(_files(news_index)):
        content = (news_index / file).read_bytes()
        for kind, spoiled in _damages(content).items() if content else ():
            copy = folder / f"{number:02d} {file.name} {kind}"
            shutil.copytree(news_index, copy)
            (copy / file).write_bytes(spoiled)
            copies[copy.name] = copy
        copy = folder / f"{number:02d} {file.name} removed"
        shutil.copytree(news_index, copy)
        (copy / file).unlink()
        copies[copy.name] = copy
    return copies


@pytest.fixture(scope="module")
def outcomes(damaged: dict[str, Path]) -> dict[str, str | None]:
    """What asking each copy gave: an error's name and text, or None where it answered."""
    folder = next(iter(damaged.values())).parent
    ran = run_python("-c", _ASK_EACH, folder)
    assert ran.returncode == 0, ran.stderr[-2000:]
    found: dict[str, str | None] = json.loads(ran.stdout)
    assert found.keys() == damaged.keys()
    return found


def test_every_damage_is_found_by_verify(damaged: dict[str, Path]) -> None:
    assert len(damaged) > 80
    unnoticed = []
    for name, index in damaged.items():
        try:
            problems = verify(index)
        except (IndexFormatError, IndexNotFoundError) as error:
            problems = [str(error)]
        if not problems:
            unnoticed.append(name)
    assert unnoticed == []


def test_a_file_that_is_cut_prolonged_or_gone_is_noticed_on_opening(
    outcomes: dict[str, str | None],
) -> None:
    sized = [name for name in outcomes if "bit at" not in name]
    assert len(sized) > 40
    assert [name for name in sized if outcomes[name] is None] == []


def test_asking_a_damaged_index_answers_or_says_that_it_is_damaged(
    outcomes: dict[str, str | None],
) -> None:
    kinds = {(error or "answered").partition(":")[0] for error in outcomes.values()}
    assert kinds == {"answered", "IndexFormatError", "IndexNotFoundError"}
    for name, error in outcomes.items():
        if error and error.startswith("IndexFormatError"):
            assert "is damaged" in error or "has format" in error, name
            assert "python -m indexer build" in error, name


def test_a_damaged_index_is_one_line_and_exit_code_2(index: Path) -> None:
    with (index / "000001/vectors.faiss").open("r+b") as stream:
        stream.truncate(1_000)
    corpus = read_manifest(index).corpus_root
    ran = run_module("retrieval", "ask", "when will it reopen?", "--index", index)
    assert (ran.returncode, ran.stdout) == (2, "")
    size = next(f.size for f in read_manifest(index).files if f.path == "vectors.faiss")
    assert ran.stderr == (
        f"error: The index {index} is damaged: {index}/000001/vectors.faiss has 1,000 bytes, "
        f"expected {size:,}. Rebuild it: python -m indexer build {corpus} --index {index}\n"
    )


def test_verify_names_the_file_and_exits_with_1(index: Path) -> None:
    path = index / "000001/catalog.sqlite"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    (index / "000001/notes.txt").write_text("not ours", encoding="utf-8")
    ran = run_module("indexer", "verify", "--index", index)
    assert ran.returncode == 1
    first, second = ran.stdout.splitlines()
    assert first.startswith("catalog.sqlite has SHA-256 ")
    assert second == "notes.txt does not belong to the index"


def test_a_generation_that_is_half_written_is_never_opened(index: Path) -> None:
    """The manifest names the first generation; whatever stands beside it does not exist."""
    (index / "000002").mkdir()
    (index / "000002/catalog.sqlite").write_bytes(b"SQLite format 3\0")
    (index / f"{MANIFEST_FILE}.new").write_text('{"generation": 2', encoding="utf-8")
    assert verify(index) == []
    with SearchEngine.open(index) as engine:
        assert engine.info.generation == 1


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda fields: fields.update(format=9), r"has format 9; this version reads 4\. Rebuild"),
        (lambda fields: fields.update(passages=1), "does not match its checksum"),
        (lambda fields: fields.pop("encoder"), "does not match its checksum"),
        (lambda fields: fields.pop("checksum"), "a field is missing or wrong: 'checksum'"),
        (lambda fields: fields.clear(), "a field is missing or wrong: 'checksum'"),
    ],
)
def test_a_manifest_of_another_version_or_changed_by_hand_is_refused(
    edit: Callable[[dict[str, object]], object], message: str, index: Path
) -> None:
    fields = json.loads((index / MANIFEST_FILE).read_text(encoding="utf-8"))
    edit(fields)
    (index / MANIFEST_FILE).write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(IndexFormatError, match=message):
        SearchEngine.open(index)
    with pytest.raises(IndexFormatError, match=message):
        verify(index)


@pytest.mark.parametrize("content", ["", "[]", "null", "1", '"text"', "{", "[" * 100_000, "\ud800"])
def test_a_manifest_that_is_no_object_is_damaged(content: str, index: Path) -> None:
    (index / MANIFEST_FILE).write_text(content, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(IndexFormatError, match=r"is damaged: .*manifest\.json .* Rebuild it"):
        SearchEngine.open(index)


def test_an_index_that_is_missing_a_file_or_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    build_it = f"No index found at {missing}. Build it: python -m indexer build CORPUS --index"
    with pytest.raises(IndexNotFoundError, match=build_it):
        SearchEngine.open(missing)
    missing.mkdir()
    with pytest.raises(IndexNotFoundError, match=build_it):
        SearchEngine.open(missing)
    (tmp_path / "file").touch()
    with pytest.raises(IndexNotFoundError, match="is a file, not an index folder"):
        SearchEngine.open(tmp_path / "file")


def test_an_index_without_read_permission_says_so(news_index: Path, open_folder: Path) -> None:
    index = Path(shutil.copytree(news_index, open_folder / "index"))
    for path in index.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    index.chmod(0o755)
    (index / "000001/catalog.sqlite").chmod(0)
    with without_privileges():
        with pytest.raises(IndexFormatError, match=r"catalog\.sqlite cannot be read \(unable to"):
            SearchEngine.open(index)
        (problem,) = verify(index)
    assert problem == f"{index}/000001/catalog.sqlite cannot be read: Permission denied"
    (index / MANIFEST_FILE).chmod(0)
    with without_privileges(), pytest.raises(IndexNotFoundError, match="Grant read permission"):
        SearchEngine.open(index)


@pytest.fixture
def own_model(tmp_path: Path) -> Path:
    """A model in a folder of its own: the default's files, which a test may change."""
    bundled = locate(DEFAULT_ENCODER).folder
    assert bundled is not None
    folder = tmp_path / "model"
    shutil.copytree(bundled, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    for weights in bundled.glob("*.safetensors"):
        (folder / weights.name).symlink_to(weights)
    return folder


def test_an_index_of_another_encoder_is_refused_and_the_next_build_takes_the_new_one(
    own_model: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    index, config = tmp_path / "index", IndexConfig(encoder=str(own_model), threads=2)
    built_with = build(corpus, index, config).manifest.encoder
    settings = own_model / "sentence_bert_config.json"
    settings.write_text('{"max_seq_length": 100, "do_lower_case": false}', encoding="utf-8")

    with pytest.raises(EncoderMismatchError, match=f"the index was built with {built_with.sha256}"):
        SearchEngine.open(index)
    again = build(corpus, index, config)
    assert not again.unchanged
    assert again.manifest.encoder.max_tokens == 100
    with SearchEngine.open(index) as engine:
        assert engine.answer("when will the bridge reopen?").warnings == ()


def test_an_index_whose_model_is_gone_answers_from_bm25_and_says_so(
    own_model: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    index = tmp_path / "index"
    build(corpus, index, IndexConfig(encoder=str(own_model), threads=2))
    shutil.rmtree(own_model)
    with SearchEngine.open(index) as engine:
        found = engine.search("harbour storm ferries")
        assert engine.search("harbour", mode="dense").hits == ()
    assert found.hits[0].found.title == "Harbour closed after storm"
    (warning,) = found.warnings
    assert warning.startswith("Searched by keywords only, without the language model: ")
    assert str(own_model) in warning
