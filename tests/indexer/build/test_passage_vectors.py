"""Builds of changing folders: what has a vector is not encoded again, and nobody can tell."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.build.pipeline import BuildReport, IndexConfig, build
from indexer.catalog.reader import Catalog
from indexer.catalog.vector_checkpoint import CHECKPOINT_FILE
from indexer.encoding import passage_encoder
from indexer.encoding.model_files import DEFAULT_ENCODER
from indexer.encoding.passage_encoder import PassageEncoder, open_passage_encoder
from indexer.progress import NoProgress
from indexer.storage.manifest import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    checksum_of,
    generation_folder,
    read_manifest,
)
from indexer.storage.read_settings import ReadSettings
from indexer.storage.verify import verify
from indexer.store import Embeddings
from indexer.vectors.index import VectorIndex

ARTICLES = {
    "bridge.txt": "The bridge reopens\n\nThe old bridge reopened on Friday after two years.",
    "ferry.txt": "Ferry fares\n\nFares on the harbour ferry rise by 4.7 per cent in May.",
    "school.txt": "A new school\n\nThe town opened a school for 300 pupils on Monday.",
}

Build = Callable[..., BuildReport]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def index(corpus: Path, tmp_path: Path) -> Path:
    build(corpus, tmp_path / "index", IndexConfig(threads=1))
    return tmp_path / "index"


def vectors_by_passage(index: Path) -> dict[str, Embeddings]:
    folder = generation_folder(index, read_manifest(index).generation)
    with Catalog(folder) as catalog:
        ids = [stored.passage.passage_id for stored in catalog.all_passages()]
    return dict(zip(ids, VectorIndex(folder).rows(np.arange(len(ids))), strict=True))


def same_vectors(one: Path, other: Path) -> bool:
    """Compare bit by bit, passage by passage."""
    first, second = vectors_by_passage(one), vectors_by_passage(other)
    return first.keys() == second.keys() and all(
        np.array_equal(vector, second[name]) for name, vector in first.items()
    )


def test_only_changed_passages_are_encoded_and_the_index_equals_a_fresh_one(
    corpus: Path, index: Path, tmp_path: Path
) -> None:
    text = ARTICLES["ferry.txt"].replace("4.7", "5.1")
    (corpus / "ferry.txt").write_text(text, encoding="utf-8")
    (corpus / "tram.txt").write_text("Trams return\n\nTrams run again.", encoding="utf-8")
    (corpus / "school.txt").unlink()

    report = build(corpus, index, IndexConfig(threads=1))

    build(corpus, tmp_path / "fresh", IndexConfig(threads=1))
    # The new sentence of the ferry, and the new article's headline and sentence.
    assert (report.encoded, report.manifest.passages) == (3, 6)
    assert same_vectors(index, tmp_path / "fresh")
    assert verify(index) == []


def test_the_vectors_are_the_same_however_many_passages_are_held_at_once(
    corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.build.passage_vectors._PASSAGES_AT_ONCE", 2)
    text = ARTICLES["ferry.txt"].replace("4.7", "5.1")
    (corpus / "ferry.txt").write_text(text, encoding="utf-8")
    (corpus / "tram.txt").write_text("Trams return\n\nTrams run again.", encoding="utf-8")
    mixed = build(corpus, index, IndexConfig(threads=1))
    (corpus / "ferry.txt").rename(corpus / "fares.txt")
    known = build(corpus, index, IndexConfig(threads=1))
    monkeypatch.undo()

    build(corpus, tmp_path / "fresh", IndexConfig(threads=1))
    assert (mixed.encoded, known.encoded, known.manifest.passages) == (3, 0, 8)
    assert same_vectors(index, tmp_path / "fresh")


class StopsAfterABatch(NoProgress):
    """Stops a build when so many batches were encoded."""

    def __init__(self, batches: int) -> None:
        self.left = batches
        self.encoded = 0
        self.encoding = False

    def stage(self, name: str, total: int | None) -> None:
        self.encoding = name == "encode"

    def advance(self, steps: int = 1) -> None:
        if self.encoding:
            self.encoded += steps
            self.left -= 1
            if not self.left:
                raise KeyboardInterrupt


def test_a_stopped_build_goes_on_where_it_was(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    stopped = StopsAfterABatch(2)
    with pytest.raises(KeyboardInterrupt):
        build(corpus, index, IndexConfig(threads=1), progress=stopped)
    kept = (index / CHECKPOINT_FILE).read_bytes()

    report = build(corpus, index, IndexConfig(threads=1))

    assert 0 < stopped.encoded < 6
    assert report.encoded == 6 - stopped.encoded
    assert not any(text.partition("\n\n")[2][:12].encode() in kept for text in ARTICLES.values())
    assert not (index / CHECKPOINT_FILE).exists()
    build(corpus, tmp_path / "fresh", IndexConfig(threads=1))
    assert same_vectors(index, tmp_path / "fresh")


def test_force_takes_nothing_from_a_stopped_build(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    with pytest.raises(KeyboardInterrupt):
        build(corpus, index, IndexConfig(threads=1), progress=StopsAfterABatch(2))
    assert build(corpus, index, IndexConfig(threads=1, force=True)).encoded == 6


def test_an_update_that_was_stopped_takes_from_the_live_index_and_from_what_it_had_done(
    corpus: Path, index: Path, tmp_path: Path
) -> None:
    (corpus / "tram.txt").write_text(
        "Trams return\n\nTrams run again on both lines of the city, from five in the morning on.",
        encoding="utf-8",
    )
    with pytest.raises(KeyboardInterrupt):
        build(corpus, index, IndexConfig(threads=1), progress=StopsAfterABatch(1))
    assert build(corpus, index, IndexConfig(threads=1)).encoded == 1  # of 2 new and 6 known
    build(corpus, tmp_path / "fresh", IndexConfig(threads=1))
    assert same_vectors(index, tmp_path / "fresh")


def test_an_index_of_an_earlier_format_gives_no_vectors_and_is_replaced(
    corpus: Path, index: Path
) -> None:
    path = index / MANIFEST_FILE
    fields = {**json.loads(path.read_text()), "format": 2}
    fields.pop("checksum")
    path.write_text(json.dumps({"checksum": checksum_of(fields), **fields}))

    report = build(corpus, index, IndexConfig(threads=1))

    assert (report.encoded, report.manifest.format, report.manifest.generation) == (
        6,
        FORMAT_VERSION,
        2,
    )
    assert verify(index) == []


def test_a_renamed_and_a_copied_article_are_not_encoded_again(corpus: Path, index: Path) -> None:
    (corpus / "bridge.txt").rename(corpus / "crossing.txt")
    (corpus / "ferry-copy.txt").write_bytes((corpus / "ferry.txt").read_bytes())

    report = build(corpus, index, IndexConfig(threads=1))

    assert (report.encoded, report.manifest.documents) == (0, 4)
    known = vectors_by_passage(index)
    assert len({vector.tobytes() for vector in known.values()}) == 6  # of 8 passages
    assert verify(index) == []


def test_a_repeated_text_is_encoded_once_and_each_passage_has_its_vector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "repeats"
    folder.mkdir()
    paragraph = "The harbour board met again and decided nothing at all about the pier. "
    for name, times in (("a.txt", 60), ("b.txt", 40)):
        title = f"Meeting {name}\n\n"
        (folder / name).write_text(title + paragraph * times, encoding="utf-8")
    encoded: list[str] = []
    real = PassageEncoder.encode

    def encode(
        self: PassageEncoder,
        texts: Sequence[str],
        on_batch: Callable[[Sequence[int], Embeddings], None] | None = None,
    ) -> Embeddings:
        encoded.extend(texts)
        return real(self, texts, on_batch)

    monkeypatch.setattr(PassageEncoder, "encode", encode)
    build(folder, tmp_path / "index", IndexConfig(threads=1))
    with Catalog(generation_folder(tmp_path / "index", 1)) as catalog:
        texts = list(catalog.passage_texts())
    assert len(encoded) == len(set(texts)) < len(texts)
    vectors = VectorIndex(generation_folder(tmp_path / "index", 1)).rows(np.arange(len(texts)))
    alone = real(open_passage_encoder(DEFAULT_ENCODER, threads=1), texts)
    np.testing.assert_array_equal(vectors, alone)


@pytest.mark.parametrize("torch_first", [True, False])
def test_an_update_without_torch_keeps_its_vectors_and_the_other_way_round(
    torch_first: bool, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passage_encoder, "_torch_is_faster", lambda: torch_first)
    index, fresh = tmp_path / "index", tmp_path / "fresh"
    build(corpus, index, IndexConfig(threads=1))
    before = vectors_by_passage(index)

    monkeypatch.setattr(passage_encoder, "_torch_is_faster", lambda: not torch_first)
    (corpus / "tram.txt").write_text("Trams return\n\nTrams run again.", encoding="utf-8")
    assert build(corpus, index, IndexConfig(threads=1)).encoded == 2
    build(corpus, fresh, IndexConfig(threads=1))
    mixed, other = vectors_by_passage(index), vectors_by_passage(fresh)
    assert all(np.array_equal(mixed[name], vector) for name, vector in before.items())
    for name, vector in other.items():
        assert np.array_equal(mixed[name], vector) == (name not in before)
        assert np.abs(mixed[name] - vector).max() < 0.005  # bfloat16, where torch has it


def test_force_encodes_everything_again(corpus: Path, index: Path) -> None:
    report = build(corpus, index, IndexConfig(threads=1, force=True))
    assert (report.encoded, report.unchanged) == (6, False)


def test_another_encoder_takes_no_vector_of_the_first(
    corpus: Path, index: Path, tiny_model: Path
) -> None:
    report = build(corpus, index, IndexConfig(encoder=str(tiny_model), threads=1))
    assert report.encoded == 6
    assert report.manifest.encoder.dimension == 16


@pytest.mark.parametrize("name", ["vectors.faiss", "catalog.sqlite"])
def test_nothing_is_taken_from_a_damaged_index(name: str, corpus: Path, index: Path) -> None:
    path = generation_folder(index, 1) / name
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    (corpus / "school.txt").unlink()

    report = build(corpus, index, IndexConfig(threads=1))

    assert (report.encoded, report.manifest.passages) == (4, 4)
    assert verify(index) == []


@pytest.mark.parametrize(
    ("limit", "documents"), [(None, 4), (5, 4), (3, 3)], ids=["all", "not reached", "reached"]
)
def test_an_article_that_sorts_after_all_others_is_noticed_unless_a_limit_was_reached(
    limit: int | None, documents: int, corpus: Path, tmp_path: Path
) -> None:
    config = IndexConfig(threads=1, settings=ReadSettings(limit=limit))
    build(corpus, tmp_path / "index", config)
    (corpus / "tram.txt").write_text("Trams return\n\nTrams run again.", encoding="utf-8")
    report = build(corpus, tmp_path / "index", config)
    assert (report.manifest.documents, report.unchanged) == (documents, documents == 3)


def test_an_unchanged_corpus_encodes_nothing(corpus: Path, index: Path) -> None:
    report = build(corpus, index, IndexConfig(threads=1))
    assert (report.unchanged, report.encoded) == (True, 0)
