"""The words of a text tell its encoding, in each alphabet; Western European is never lost."""

import pytest

from indexer.text.legacy_encodings import detect

RUSSIAN = "Паром до острова отменён из-за шторма. Пассажиры ждут объявления в порту."
TEXTS = {
    "Prom na wyspę odwołano z powodu sztormu. Pasażerowie czekają w porcie.": "cp1250 iso8859-2",
    "Trajekt na ostrov byl zrušen kvůli bouři. Cestující čekají v přístavu.": "cp1250 iso8859-2",
    "Fırtına nedeniyle adaya giden feribot iptal edildi. Yolcular bekliyor.": "cp1254",
    "Keltas į salą atšauktas dėl audros. Keleiviai laukia uoste žinių.": "cp1257",
    RUSSIAN: "cp1251 koi8-r cp866 iso8859-5 mac-cyrillic",
    "Το πλοίο για το νησί ακυρώθηκε λόγω καταιγίδας.": "cp1253 iso8859-7",
    "המעבורת לאי בוטלה בגלל הסערה, והנוסעים ממתינים בנמל.": "cp1255 iso8859-8",
    "ألغيت العبارة إلى الجزيرة بسبب العاصفة وينتظر الركاب.": "cp1256 iso8859-6",
    "เรือข้ามฟากไปเกาะถูกยกเลิกเพราะพายุ": "cp874",
    "嵐のため島へのフェリーは欠航となり、乗客は港で待っている。": "cp932 euc-jp",
    "由于暴风雨,前往岛上的渡轮被取消,乘客在港口等待。": "gb18030",
    "由於暴風雨,前往島上的渡輪被取消,乘客在港口等待。": "big5",
    "폭풍으로 섬으로 가는 여객선이 취소되어 승객들이 항구에서 기다린다.": "cp949",
    "Die Fähre fällt aus, „größere Stürme“ drohen; Gäste müssen zurück.": "cp1252",
    "Le ferry est annulé à cause de la tempête ; l’été s’achève déjà.": "cp1252",
    "Se canceló el ferri. ¿Volverá mañana? «Quizá», dijo el capitán.": "cp1252",
    "Færgen er aflyst på grund af storm, og passagererne må vente på øen.": "cp1252",
    "Ferjan féll niður vegna óveðurs og farþegar bíða við höfnina.": "cp1252",
    "It cost £5 million – “too much”, said Renée Müller of Ångström & Señor.": "cp1252",
    "The naïve plan covers 40 m² at 5°.": "cp1252",
    "He waited 2½ years for the dollar to trade at ¥108.": "cp1252",
    "Győző szerint a döntés még nem végleges, és az ülés délután folytatódik.": "cp1250 iso8859-2",
    "O orçamento não está pronto; as decisões põem em risco a votação.": "cp1252 cp850",
    "Mestni svet je glasovanje o proračunu preložil na četrtek.": "cp1250 iso8859-2",
    "Pilsētas dome atlika balsojumu par budžetu līdz ceturtdienai.": "cp1257 iso8859-13",
    "وتستمر الجلسة ساعتين.": "cp1256 iso8859-6",
    "Burmistrz Łukasz Żak powiedział, że głosowanie odłożono.": "cp852",
    "Der Bürgermeister hält die Pläne für schön, sagte er später.": "cp850 mac-roman",
    "Pormestarin mukaan talousarvioäänestys siirtyy, eikä selvitys ole valmis.": "cp850",
}
CASES = [(text, encoding) for text, every in TEXTS.items() for encoding in every.split()]


@pytest.mark.parametrize(("text", "encoding"), CASES)
def test_a_text_is_read_as_it_was_written(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    assert content.decode(detect(content)) == text


def test_one_broken_byte_changes_no_encoding() -> None:
    content = RUSSIAN.encode("cp1251") + b"\x98"
    assert content.decode(detect(content), "replace").startswith(RUSSIAN)


def test_words_after_pages_of_ascii_count() -> None:
    content = b"All of this is English.\n" * 50_000 + RUSSIAN.encode("koi8-r")
    assert detect(content) == "koi8-r"
