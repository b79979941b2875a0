"""What is told of an index: another version made it, or its encoder reads other languages.

More than 5 % of other languages are named, when the encoder is the one that reads English.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.encoding.model_files import BUNDLED_SHA256
from indexer.storage.manifest import Manifest
from indexer.storage.notes import language_note, version_note
from indexer.text.analyzer import ANALYZER_VERSION
from tests.support.builders import entry, write_index


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    found = write_index(tmp_path, [entry("a.txt", "One.")])
    encoder = replace(found.encoder, sha256=BUNDLED_SHA256)
    return replace(found, encoder=encoder, documents=100)


def noted(manifest: Manifest, **languages: int) -> str | None:
    return language_note(replace(manifest, languages=languages))


def test_a_share_above_five_percent_is_named_by_language(manifest: Manifest) -> None:
    assert noted(manifest, en=88, fr=4, de=8) == (
        "12 % of the articles are not English (de 8 %, fr 4 %). The default model and the "
        "reader read English only: these articles are found by their words alone and seldom "
        "answer; to find them by meaning too, build with --encoder NAME of a multilingual model"
    )


@pytest.mark.parametrize("languages", [{}, {"en": 100}, {"en": 95, "de": 5}, {"en": 10, "fr": 1}])
def test_up_to_five_percent_and_unknown_languages_are_no_reason(
    manifest: Manifest, languages: dict[str, int]
) -> None:
    assert noted(manifest, **languages) is None


def test_the_first_article_above_five_percent_counts(manifest: Manifest) -> None:
    note = noted(manifest, en=94, de=6)
    assert note is not None
    assert note.startswith("6 % of the articles are not English (de 6 %).")


def test_many_languages_are_named_up_to_four(manifest: Manifest) -> None:
    note = noted(manifest, de=20, fr=20, es=5, it=4, pt=3)
    assert note is not None
    assert "(de 20 %, fr 20 %, es 5 %, it 4 %, and others)" in note


def test_another_encoder_was_chosen_for_its_languages(manifest: Manifest) -> None:
    multilingual = replace(manifest.encoder, sha256="1" * 64)
    assert language_note(replace(manifest, encoder=multilingual, languages={"de": 100})) is None


@pytest.mark.parametrize(("step", "age"), [(-1, "an older"), (1, "a newer")])
def test_an_index_of_another_analyzer_is_told_with_the_command(
    manifest: Manifest, step: int, age: str
) -> None:
    current = replace(manifest.versions, analyzer=ANALYZER_VERSION)
    assert version_note(Path("my index"), replace(manifest, versions=current)) is None
    other = replace(current, analyzer=ANALYZER_VERSION + step)
    assert version_note(Path("my index"), replace(manifest, versions=other)) == (
        f"Index my index was made by {age} version of Dateline, so some words are not found. "
        "Rebuild it: python -m indexer update --index 'my index'"
    )
