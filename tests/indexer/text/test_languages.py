"""Codes and names of one language are one code."""

import pytest

from indexer.text.languages import canonical, language_code, language_name


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("zh_Hans_CN", "zh"),
        ("deu", "de"),
        ("ger", "de"),
        ("German", "de"),
        ("  german ", "de"),
        ("nb", "no"),
        ("Norwegian Bokmål", "no"),
        ("no", "no"),
        ("nn", "no"),
        ("arz", "ar"),
        ("Cantonese", "zh"),
        ("iw", "he"),
        ("cmn", "zh"),
        ("tl", "fil"),
    ],
)
def test_a_code_or_an_english_name_is_the_shortest_code(said: str, code: str) -> None:
    assert language_code(said) == code


@pytest.mark.parametrize("said", ["", "e", "xx", "qqq", "und", "mul", "zxx", "Deutsch!", "en us"])
def test_what_is_no_language_has_no_code(said: str) -> None:
    assert language_code(said) is None


def test_every_code_has_its_english_name_or_stands_for_itself() -> None:
    assert [language_name(code) for code in ("en", "fa", "xx")] == ["English", "Persian", "xx"]


def test_a_canonical_code_stays_as_it_is() -> None:
    assert [canonical(canonical(code)) for code in ("nb", "ger", "sh")] == ["no", "de", "sr"]
