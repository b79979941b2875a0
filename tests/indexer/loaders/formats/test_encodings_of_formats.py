"""Short articles in the encodings of their languages, in every container, and one broken byte."""

import io

import pytest

from indexer.documents import Finding
from indexer.loaders.formats.registry import load
from indexer.loaders.protocol import LoadedArticle, Reading

TEXTS = {
    "Russian": ("Порт закрыт. Паром отменён из-за шторма, пассажиры ждут.", "cp1251 koi8-r cp866"),
    "Ukrainian": ("Порт зачинено. Їхній пором скасовано через шторм.", "cp1251 koi8-u"),
    "Greek": ("Το λιμάνι έκλεισε. Το πλοίο ακυρώθηκε λόγω καταιγίδας.", "cp1253 iso8859-7"),
    "Polish": (
        "Port zamknięto. Prom odwołano z powodu sztormu, ludzie czekają.",
        "cp1250 iso8859-2",
    ),
    "Czech": ("Přístav je uzavřen. Trajekt byl zrušen kvůli bouři.", "cp1250 iso8859-2"),
    "Hungarian": ("A kikötő zárva. A kompot a vihar miatt törölték, az idő rossz.", "cp1250"),
    "Turkish": ("Liman kapalı. Feribot fırtına nedeniyle iptal edildi.", "cp1254"),
    "Latvian": ("Osta slēgta. Prāmis atcelts vētras dēļ, ļaudis gaida.", "cp1257"),
    "Hebrew": ("הנמל סגור. המעבורת בוטלה בגלל הסערה.", "cp1255"),
    "Arabic": ("أغلق الميناء. ألغيت العبارة بسبب العاصفة.", "cp1256"),
    "Thai": ("ท่าเรือปิด เรือข้ามฟากถูกยกเลิกเพราะพายุ", "cp874"),
    "Chinese": ("港口关闭。由于暴风雨,渡轮被取消。", "gb18030"),
    "Traditional Chinese": ("港口關閉。由於暴風雨,渡輪被取消。", "big5"),
    "Japanese": ("港は閉鎖された。嵐のためフェリーは欠航となった。", "cp932 euc-jp"),
    "Korean": ("항구가 폐쇄되었다. 폭풍으로 여객선이 취소되었다.", "cp949"),
    "French": ("Le port est fermé. Le ferry est annulé à cause de la tempête.", "cp1252"),
    "German": ("Der Hafen ist geschlossen. Die Fähre fällt wegen der Stürme aus.", "cp1252 cp850"),
}
CASES = [(name, enc) for name, (_, encodings) in TEXTS.items() for enc in encodings.split()]
RULE = "The quay of Saltmere has been closed since Monday."
CONTAINERS = {
    "a.txt": "{0}",
    "a.csv": 'id,text,note\n1,"{1}",x\n2,"{1}\n{0}",x\n',
    "a.jsonl": '{{"id": 1, "text": "{1}"}}\n{{"id": 2, "text": "{0}"}}\n',
    "a.html": "<html><body><article><p>{1}</p><p>{0}</p></article></body></html>",
    "a.eml": "From: a@b.example\nSubject: {0}\nContent-Type: text/plain\n\n{1}\n\n{0}\n",
    "a.rss": "<rss version='2.0'><channel><item><description>{1} {0}</description></item>"
    "</channel></rss>",
}


def articles(content: bytes, name: str, told: str = "") -> list[LoadedArticle]:
    loaded = load(io.BytesIO(content), name, Reading(encoding=told))
    return [each for each in loaded if isinstance(each, LoadedArticle)]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_a_short_article_is_read_and_said_to_be_guessed(
    language: str, encoding: str, container: str
) -> None:
    text = TEXTS[language][0]
    article = articles(CONTAINERS[container].format(text, RULE).encode(encoding), container)[-1]
    assert text in article.text
    assert article.given.encoding
    assert article.given.encoding.found_in == "guessed by its words"


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_told_encoding_is_used_in_every_container(container: str) -> None:
    text = TEXTS["Russian"][0]
    content = CONTAINERS[container].format(text, RULE).encode("cp1251")
    article = articles(content, container, told="mac-cyrillic")[-1]
    # The letters that both encodings have at different places tell which one was used.
    assert text not in article.text
    assert "аром отмен" in article.text
    assert article.given.encoding == Finding("mac-cyrillic", "told by --encoding")


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("language", TEXTS)
def test_one_broken_byte_in_utf_8_costs_one_character(language: str, container: str) -> None:
    text = TEXTS[language][0]
    content = CONTAINERS[container].format(f"Zoë\0 {text}", RULE).encode()
    article = articles(content.replace(b"\0", b"\xff"), container)[-1]
    assert f"Zoë\ufffd {text}" in article.text
    assert article.given.encoding is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("container", [name for name in CONTAINERS if name != "a.eml"])
@pytest.mark.parametrize("language", TEXTS)
def test_utf_16_without_a_mark_is_read(language: str, container: str, encoding: str) -> None:
    text = TEXTS[language][0]
    article = articles(CONTAINERS[container].format(text, RULE).encode(encoding), container)[-1]
    assert text in article.text
