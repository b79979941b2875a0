"""The text tells its language; what is declared counts where the text is too short."""

import pytest

from indexer.documents import Finding, Span
from indexer.metadata.language_detection import find_language

SENTENCES = {
    "en": "The council voted on Tuesday to close the old bridge after engineers found cracks.",
    "de": "Der Stadtrat beschloss am Dienstag, die alte Brücke wegen mehrerer Risse zu sperren.",
    "fr": "Le conseil municipal a décidé mardi de fermer le vieux pont, où l’on a vu des fissures.",
    "es": "El ayuntamiento decidió el martes cerrar el viejo puente por sus grietas.",
    "it": "Il consiglio comunale ha deciso martedì di chiudere il vecchio ponte per le crepe.",
    "pt": "A câmara municipal decidiu na terça-feira fechar a velha ponte devido às fendas.",
    "nl": "De gemeenteraad besloot dinsdag de oude brug te sluiten vanwege de scheuren.",
    "pl": "Rada miasta zdecydowała we wtorek o zamknięciu starego mostu z powodu pęknięć.",
    "tr": "Belediye meclisi, çatlaklar nedeniyle salı günü eski köprüyü kapatma kararı aldı.",
    "ru": "Городской совет во вторник решил закрыть старый мост, в котором обнаружили трещины.",
    "fa": "شورای شهر روز سه‌شنبه تصمیم گرفت پل قدیمی را به دلیل ترک‌های پیدا شده ببندد.",
    "ar": "قرر مجلس المدينة يوم الثلاثاء إغلاق الجسر القديم بعد اكتشاف شقوق في دعاماته.",
    "zh": "市议会星期二决定关闭这座老桥，因为工程师在桥墩上发现了多处裂缝，市民需要绕行。",
    "ja": "市議会は火曜日、橋脚に亀裂が見つかったため古い橋を閉鎖することを決めたと発表しました。",
}


def language(text: str, declared: str | None = None) -> Finding | None:
    paragraphs = [Span(0, len(text))] if text else []
    return find_language(text, paragraphs, Finding(declared, "column lang") if declared else None)


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items())
def test_one_sentence_tells_its_language(code: str, sentence: str) -> None:
    found = language(sentence)
    assert found is not None
    assert (found.value, found.found_in) == (code, "text")
    assert found.confidence is not None
    assert 0.8 <= found.confidence <= 1


@pytest.mark.parametrize("text", ["", "Berlin", "Angela Merkel", "1 2 3 4 5 6 7 8 9 10 11 12", "…"])
def test_a_text_too_short_to_tell_stays_unknown(text: str) -> None:
    assert language(text) is None


def test_letters_without_words_stay_unknown() -> None:
    assert language("x7_qq zz9.html?id=0x41&b=%20 wgt-btn--lg px4 mb2 col-md-6 ngIf") is None


def test_a_declared_language_stands_where_the_text_is_too_short() -> None:
    assert language("Angela Merkel", "de") == Finding("de", "column lang", confidence=0.97)


def test_the_text_goes_before_a_language_that_is_declared_wrongly() -> None:
    found = language(SENTENCES["de"], "en")
    assert found is not None
    assert (found.value, found.found_in) == ("de", "text")


def test_a_declared_language_that_the_text_confirms_says_where_it_was_declared() -> None:
    found = language(SENTENCES["de"], "de")
    assert found is not None
    assert (found.value, found.found_in) == ("de", "column lang")


def test_labels_of_another_language_do_not_count_against_the_story() -> None:
    labels = ["Share this", "Read more", "Have any questions?", "Sign up for our newsletter today"]
    text = "\n".join([*labels, SENTENCES["de"] * 3])
    starts = [text.index(label) for label in labels]
    spans = [Span(start, start + len(label)) for start, label in zip(starts, labels, strict=True)]
    story = Span(text.index(SENTENCES["de"]), len(text))
    found = find_language(text, [*spans, story])
    assert found is not None
    assert found.value == "de"


def test_only_the_paragraphs_of_the_article_are_read() -> None:
    text = f"{SENTENCES['en']}\n{SENTENCES['fr']}"
    story = Span(text.index(SENTENCES["fr"]), len(text))
    found = find_language(text, [story])
    assert found is not None
    assert found.value == "fr"


def test_the_same_text_has_the_same_confidence_every_time() -> None:
    assert language(SENTENCES["pl"]) == language(SENTENCES["pl"])


def test_what_stands_below_the_first_500_characters_is_not_read() -> None:
    german = SENTENCES["de"] * 6
    assert len(german) > 500
    assert language(german + SENTENCES["en"] * 60) == language(german)
