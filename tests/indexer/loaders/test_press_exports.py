"""Each document of an export is an article with the fields that the database wrote around it."""

import pytest

from indexer.loaders.press_exports import exported_articles
from tests.support.document_files import docx, word
from tests.support.reading_helpers import read, values

PIER = (
    "The harbour board of Elstow met on Tuesday to hear about the ground under the old pier.\n\n"
    "Copyright law was no help, said Anna Kessler. Language: that was the word she missed."
)
TRAMS = "Trams will run on Sundays from next March on.\n\nThat costs 3 million crowns a year."

NEXIS = """{mark}

The Elstow Weekly

October 7, 2023 Saturday
Late Edition - Final

Pier to go after
eighty years

BYLINE: Rita Moss and Tim Hall

SECTION: LOCAL; Pg. 4

LENGTH: 1,142 words

{text}

LOAD-DATE: October 9, 2023

LANGUAGE: ENGLISH

Copyright 2023 Weekly Media Ltd.
All Rights Reserved
"""
OLD_NEXIS = """                  {mark}

            Copyright 2023 Weekly Media Ltd.
                  All Rights Reserved
                   The Elstow Weekly

                October 7, 2023, Saturday

SECTION: Section A; Pg. 4

LENGTH: 142 words

HEADLINE: Pier to go after
eighty years

BYLINE: By Rita Moss and Tim Hall; Rita Moss reported from Norrby

BODY:
   {text}

LANGUAGE: ENGLISH

LOAD-DATE: October 9, 2023
"""
NEXIS_UNI = """Pier to go after eighty years
The Elstow Weekly
October 7, 2023 Saturday
Copyright 2023 Weekly Media Ltd. All Rights Reserved
Section: LOCAL; Pg. 4
Length: 142 words
Byline: Rita Moss and Tim Hall
Body

{text}

Classification

Language: ENGLISH
Load-Date: October 9, 2023
End of Document
"""
FACTIVA = """Pier to go after eighty years

By Rita Moss and Tim Hall
142 words
7 October 2023
10:30
The Elstow Weekly
ELSW
4
English
© 2023 Weekly Media Ltd. All rights reserved.

{text}

Document ELSW000020231007ej54000{mark}
"""
FACTIVA_FIELDS = """SE  Local
HD  Pier to go after
    eighty years
BY  By Rita Moss and Tim Hall
WC  142 words
PD  7 October 2023
SN  The Elstow Weekly
LA  English
LP

{text}

NS  gport : Ports
AN  Document ELSW000020231007ej54000{mark}
"""
SAID = {
    "title": "Pier to go after eighty years",
    "source": "The Elstow Weekly",
    "published": "2023-10-07",
    "authors": ["Rita Moss", "Tim Hall"],
    "language": "en",
}
FORMS = {
    "nexis": (NEXIS, "Document {} of 2"),
    "nexis in German": (NEXIS, "Dokument {} von 2"),
    "older nexis": (OLD_NEXIS, "{} of 2 DOCUMENTS"),
    "nexis uni": (NEXIS_UNI, "{}"),
    "factiva": (FACTIVA, "b{}"),
    "factiva fields": (FACTIVA_FIELDS, "b{}"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_each_document_is_an_article_with_its_fields(form: str, line_end: str) -> None:
    export, mark = FORMS[form]
    documents = [
        export.format(mark=mark.format(number), text=text)
        for number, text in enumerate((PIER, TRAMS), start=1)
    ]
    one = read(documents[0].replace("\n", line_end).encode(), "x.txt").only
    assert (one.key, one.text.replace("\r", "")) == ("", f"{SAID['title']}\n\n{PIER}")
    assert values(one.given) == SAID
    both = read("\n\n".join(documents).replace("\n", line_end).encode(), "x.txt")
    assert [text.replace("\r", "") for text in both.texts.values()] == [
        f"{SAID['title']}\n\n{PIER}",
        f"{SAID['title']}\n\n{TRAMS}",
    ]
    assert list(both.texts) == ["1", "2"]
    assert [values(article.given) for article in both.articles] == [SAID, SAID]


def test_a_cover_page_is_no_article_and_a_part_without_fields_is_not_lost() -> None:
    cover = "Request of 9 October 2023\n\nDocuments: 2\n\n"
    first = NEXIS.format(mark="Document 1 of 3", text=PIER)
    odd = "Document 2 of 3\n\nThis document is not available."
    last = NEXIS.format(mark="Document 3 of 3", text=f"{TRAMS}\n\n1 of 2\n\nA photograph.")
    texts = read(f"{cover}{first}\n{odd}\n\n{last}".encode(), "x.txt").texts
    assert list(texts) == ["1", "2", "3"]
    assert "not available" in texts["2"]
    assert texts["3"].endswith("1 of 2\n\nA photograph.")


def test_what_says_no_day_or_author_stays_unknown() -> None:
    export = "Pier to go\n\nLENGTH: 9 words\n\nSECTION: News\n\nIt goes, the board said."
    assert values(read(export.encode(), "x.txt").only.given) == {"title": "Pier to go"}


def test_an_export_as_a_word_document_is_read_alike() -> None:
    lines = NEXIS_UNI.format(text=PIER).split("\n")
    article = read(docx("".join(map(word, lines))), "x.docx").only
    assert values(article.given) == SAID
    assert article.text == f"{SAID['title']}\n\n{PIER}"


@pytest.mark.parametrize(
    "text",
    [
        "Length: 142 words\n\nWhy do editors ask for length? Because.",
        "A letter\n\n142 words\n\nIt was a short one, he said in May 2023.",
        "1 of 2\n\nThe council met.\n\n2 of 2\n\nThe mayor left.",
        "HD  is how he spelt it.\n\nNobody else did.",
        f"{PIER}\n\nLANGUAGE: ENGLISH\n",
    ],
)
def test_other_texts_are_left_as_they_are(text: str) -> None:
    assert exported_articles(text, "utf-8") == []
    assert read(text.encode(), "x.txt").only.text == text
