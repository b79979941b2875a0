"""Each problem is named with its fix; everything else is ok."""

import json
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from indexer.catalog.vector_checkpoint import CHECKPOINT_FILE
from indexer.cli.doctor import Diagnosis, examine
from indexer.cli.main import main
from indexer.encoding.encoder import EncoderSpec
from indexer.storage.lock import LOCK_FILE
from indexer.storage.manifest import MANIFEST_FILE, generation_folder, read_manifest


def of(part: str, found: list[Diagnosis]) -> Diagnosis:
    (each,) = [diagnosis for diagnosis in found if diagnosis.part == part]
    return each


def test_a_sound_index_has_nothing_to_mend(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--index", str(index)]) == 0
    printed = capsys.readouterr().out
    assert printed.endswith("No problems found\n")
    assert "2 articles" in printed
    # This machine may have files of an earlier version.
    assert {each.state for each in examine(index) if each.part != "telemetry"} == {"sound"}


def test_the_files_of_old_telemetry_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert "telemetry" not in {each.part for each in examine(tmp_path / "none")}
    folder = tmp_path / "Microsoft/DeveloperTools/.onnxruntime"
    folder.mkdir(parents=True)
    found = of("telemetry", examine(tmp_path / "none"))
    assert (found.state, found.remedy) == ("note", f"rm -r {folder}")
    assert str(folder) in found.found


def test_no_index_is_a_note_with_the_command_that_builds_one(tmp_path: Path) -> None:
    index = tmp_path / "none"
    assert of("index", examine(index)) == Diagnosis(
        "index",
        "note",
        f"No index found at {index}",
        f"Build it: python -m indexer build CORPUS --index {index}",
    )


def test_a_flipped_bit_is_a_fault(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = generation_folder(index, 1) / "vectors.faiss"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.unlink()
    path.write_bytes(content)
    assert main(["doctor", "--index", str(index), "--json"]) == 1
    (fault,) = [each for each in json.loads(capsys.readouterr().out) if each["state"] == "fault"]
    assert fault["part"] == "index"
    assert fault["found"].startswith("Damaged: vectors.faiss has SHA-256 ")
    assert fault["remedy"].startswith("python -m indexer build ")


def test_a_damaged_manifest_is_a_fault(index: Path) -> None:
    path = index / MANIFEST_FILE
    path.write_text(path.read_text().replace('"documents": 2', '"documents": 3'))
    found = of("index", examine(index))
    assert (found.state, "does not match its checksum" in found.found) == ("fault", True)


def test_changed_articles_are_counted(index: Path, tmp_path: Path) -> None:
    place = Path(read_manifest(index).corpus_root)
    moved = shutil.copytree(place, tmp_path / "moved")
    (moved / "new.txt").write_text("News\n\nA new article.", encoding="utf-8")
    (moved / "bridge.txt").unlink()
    found = of("corpus", examine(index, [moved]))
    assert found.state == "note"
    assert found.found.endswith("0 changed, 1 added, 1 deleted since the last build")
    assert found.remedy == f"python -m indexer update --index {index} --corpus {moved}"


def test_a_corpus_that_is_gone_is_a_fault(index: Path, tmp_path: Path) -> None:
    found = of("corpus", examine(index, [tmp_path / "gone"]))
    assert found.state == "fault"
    assert f"{tmp_path / 'gone'} is missing" in found.found
    assert "--corpus" in found.remedy


def test_what_a_stopped_build_left_is_named(index: Path) -> None:
    (index / CHECKPOINT_FILE).touch()
    generation_folder(index, 2).mkdir()
    found = of("leftovers", examine(index))
    assert found.found == (
        f"Left by an interrupted build: 000002, {CHECKPOINT_FILE}; "
        "the next one reuses or deletes it"
    )
    assert found.remedy == f"python -m indexer update --index {index}"


def test_what_a_first_build_left_is_named(tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT_FILE).touch()
    (tmp_path / "000001").mkdir()
    found = of("leftovers", examine(tmp_path))
    assert found.found.startswith(f"Left by an interrupted build: 000001, {CHECKPOINT_FILE};")
    assert found.remedy == f"python -m indexer build CORPUS --index {tmp_path}"


def test_a_process_that_writes_is_named(index: Path) -> None:
    with FileLock(index / LOCK_FILE):
        found = of("writer", examine(index))
    assert (found.state, found.found) == ("note", "another process is writing this index")
    assert of("writer", examine(index)).found == "No process is writing this index"


def test_a_model_that_was_replaced_is_a_fault(index: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text("{}")
    spec = EncoderSpec(str(model), "ab" * 32, 4, 256)
    path = index / MANIFEST_FILE
    fields = json.loads(path.read_text())
    fields["encoder"] = {
        "name": spec.name,
        "sha256": spec.sha256,
        "dimension": spec.dimension,
        "max_tokens": spec.max_tokens,
    }
    fields.pop("checksum")
    from indexer.storage.manifest import checksum_of  # noqa: PLC0415 - only here a manifest is forged

    path.write_text(json.dumps({"checksum": checksum_of(fields), **fields}))
    found = of("encoder", examine(index))
    assert found.state == "fault"
    assert found.found.endswith(f"the index was built with {'ab' * 32}")


def test_text_of_a_path_is_not_obeyed_by_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["doctor", "--index", str(tmp_path / "a\x1b[31mb")])
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert r"a\x1b[31mb" in printed
