"""A letter or digit has one form, however a keyboard or a language writes it."""

import time

import pytest

from indexer.text.letters import fold_letters


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إسلام أخبار آخر ٱلله", "اسلام اخبار اخر الله"),
        ("موسى", "موسي"),
        ("یک", "يك"),
        ("مدرسة", "مدرسه"),
        ("خانۀ", "خانه"),
        ("خانهٔ", "خانه"),
        ("مسؤول", "مسوول"),
        ("كـــتاب", "كتاب"),
        ("كِتَابٌ", "كتاب"),
        ("ﻛﺘﺎﺏ", "كتاب"),
        ("שָׁלוֹם", "שלום"),
        ("Ἀθῆναι", "Αθηναι"),
        ("λόγος", "λογοσ"),
        ("ёж", "еж"),
    ],
)
def test_variants_of_a_letter_are_one(one: str, other: str) -> None:
    assert fold_letters(one) == fold_letters(other)


@pytest.mark.parametrize("digits", ["٢٣٠٥", "۲۳۰۵", "२३०५", "২৩০৫", "๒๓๐๕", "２３０５"])
def test_digits_of_any_script_are_ascii(digits: str) -> None:
    assert fold_letters(digits) == "2305"


def test_arabic_separators_of_numbers_are_the_usual_ones() -> None:
    assert fold_letters("۲٬۳۰۵٫۵") == "2,305.5"


@pytest.mark.parametrize("invisible", ["\u00ad", "\u200d", "\u200e", "\u2060", "\ufeff", "\u202b"])
def test_what_is_invisible_leaves_a_word(invisible: str) -> None:
    assert fold_letters(f"quar{invisible}ter") == "quarter"


@pytest.mark.parametrize(
    "text", ["plain", "हिन्दी", "हिंदी", "ภาษาไทย", "日本語", "한국어", "йод", "Київ"]
)
def test_letters_with_one_form_stay(text: str) -> None:
    assert fold_letters(text) == text


def test_a_megabyte_of_any_letters_takes_no_time() -> None:
    begun = time.process_time()
    for text in ("كِ" * 500_000, "\u00ad" * 1_000_000, "\u200b" * 1_000_000):
        fold_letters(text)
    assert time.process_time() - begun < 10  # quadratic time would take hours
