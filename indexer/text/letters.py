"""One form for letters and digits that Unicode, a keyboard or a language writes in several.

Accents of Latin letters are left to the analyzer, which is faster at them.
"""

import re
import unicodedata

WITHIN = "\u200c"
"""Zero-width non-joiner, which stands in the result where a word may also be written apart."""

# By the forms of ICU's and Lucene's normalisers for Arabic and Persian. Hyphens are one, so that
# the end of a line needs one pattern; OCR writes "¬" there.
_FORMS = {
    "ا": "آأإٱٲٳ",
    "ي": "ىیےۓئ",
    "و": "ؤ",
    "ك": "کڪ",
    "گ": "ګ",
    "ه": "ةۀەہۂۃھ",
    "е": "ёѐ",
    "Е": "ЁЀ",
    "и": "ѝ",
    "И": "Ѝ",
    "σ": "ς",
    ",": "٬",
    ".": "٫",
    "-": "\u2010¬",
    # Tatweel, which only stretches a word, and letters for the sounds that apostrophes stand for.
    "": "ـʹʺʻʽʾʿ",
    WITHIN: "\u200b\u200c",
}
# Vowel points and accents. Those of Indian scripts are letters of the word.
_MARKS = ("COMBINING", "HEBREW", "ARABIC", "SYRIAC", "VARIATION SELECTOR")

# Beyond Latin, Russian, Chinese, Korean, usual punctuation and emoji, which stay as they are.
_UNUSUAL = re.compile(
    "[^\0-\xab\xae-\u02b8\u0402-\u040c\u040e-\u044f\u1e00-\u1eff\u2011-\u2027\u2030-\u205f"
    "\u20a0-\u20cf\u2100-\u2bff\u3000-\u3098\u309b-\ua4cf\uac00-\ud7a3\ufffd\U0001f000-\U0001faff]"
)
_SOFT_AT_END = re.compile("\u00ad(?=[^\\S\r\n]*(?:[\r\n]|$))")
# Thai, Lao, Burmese and Khmer have no spaces; where software puts this one, words end.
_BETWEEN_WORDS = re.compile(
    "\u200b(?=[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])"
    "|(?<=[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b"
)


class _Folded(dict[int, str]):
    """Form of each code point, worked out when it is met first."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _form(chr(code))
        return found


def fold_letters(text: str) -> str:
    """Return text in NFKC with one form for each letter and digit, without what is invisible.

    >>> fold_letters("۲۳۰۰ كتاب‌ها"), fold_letters("Ἀθήνα, co\u00adast")
    ('2300 كتاب\u200cها', 'Αθηνα, coast')
    """
    folded = unicodedata.normalize("NFKC", text)
    if _UNUSUAL.search(folded):
        if "\u200b" in folded:
            folded = _BETWEEN_WORDS.sub(" ", folded)
        if "\u00ad" in folded:
            folded = _SOFT_AT_END.sub("-", folded)
        folded = folded.translate(_FOLDED)
    return folded


def _form(character: str) -> str:
    category, name = unicodedata.category(character), unicodedata.name(character, "")
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf" or (category == "Mn" and name.startswith(_MARKS)):
        return ""
    if category == "Cs":
        return "\ufffd"
    return unicodedata.normalize("NFD", character)[0] if name.startswith("GREEK") else character


_FOLDED = _Folded({ord(variant): form for form, variants in _FORMS.items() for variant in variants})
