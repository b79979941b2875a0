"""Questions that miss an answer by their time or by the type of thing they ask for.

In: an example with an answer. Out: a pair of questions with a date, of which only one fits, or the
question asked for another type ("which company" in place of "which city").
"""

import re
from dataclasses import replace
from random import Random

from indexer.build.passages import sentences
from indexer.documents import Span
from training.material import Example

_YEAR_SHIFTS = (-20, -10, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 10, 20)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_YEAR = re.compile(r"\b[Ii]n ((?:1[5-9]|20)\d\d)\b")
_MONTH = re.compile(rf"\b[Ii]n ({'|'.join(_MONTHS)})\b")
_DAY = re.compile(rf"\b[Oo]n ({'|'.join(_DAYS)})\b")
_ANY_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_ANY_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")
_ANY_DAY = re.compile(rf"\b(?:{'|'.join(_DAYS)})\b")
_KINDS = ((_YEAR, _ANY_YEAR, "in"), (_MONTH, _ANY_MONTH, "in"), (_DAY, _ANY_DAY, "on"))
_TIMED = re.compile(
    rf"\d|\b(?:when|year|date|day|month|time|long|often|since|until|{'|'.join(_DAYS + _MONTHS)})\b",
    re.IGNORECASE,
)

# Types of different groups never name the same thing.
_TYPES = (
    "city|town|village|country|state|river|island|mountain|region|continent",
    "company|newspaper|university|team|party|agency|organization|band",
    "year|month|day|century",
    "president|author|scientist|actor|king|general|architect",
    "language|animal|disease|color|religion|instrument|sport",
)
_GROUP = {name: group for group, names in enumerate(_TYPES) for name in names.split("|")}
_ASKED = re.compile(rf"\b(what|which) ({'|'.join(_GROUP)})\b", re.IGNORECASE)
_CITY = re.compile(r"city|town|village")
# How the names of countries and of their people begin; a passage without any names no country.
_COUNTRIES = re.compile(
    r"\b(?:U\.?S|U\.?K\b|America|Unit|Brit|Engl|Scot|Wales|Welsh|Irish|Irel|Fran|French|German|"
    r"Ital|Spai|Spanis|Portug|Dutch|Netherl|Holland|Belg|Swi|Swed|Norw|Denmark|Dan|Fin|Icel|Pol|"
    r"Czech|Slov|Hungar|Austr|Roman|Bulgar|Gree|Turk|Serb|Croat|Bosn|Alban|Maced|Monten|Ukrain|"
    r"Russ|Soviet|Belarus|Latv|Lithu|Eston|Georgia|Armen|Azer|Kaz|Uzb|Iran|Pers|Iraq|Syri|Leban|"
    r"Isra|Palest|Jord|Saudi|Yem|Oman|Qatar|Kuwait|Bahr|Emir|Egypt|Liby|Tunis|Alger|Moroc|Sudan|"
    r"Ethiop|Somal|Keny|Ugand|Tanz|Rwand|Burund|Cong|Zair|Zamb|Zimb|Angol|Mozamb|Namib|Botsw|"
    r"South|North|Niger|Ghan|Ivor|Mali|Seneg|Liber|Sierra|Chad|Camer|Gabon|India|Pakist|Bangl|"
    r"Nepal|Lanka|Afghan|China|Chin|Taiwan|Hong|Japan|Kore|Mongol|Viet|Lao|Cambod|Thai|Burm|Myan|"
    r"Malay|Singap|Indon|Philip|Filip|Zeal|Canad|Mexic|Guat|Hond|Salv|Nicar|Costa|Panam|Cuba|"
    r"Hait|Domin|Jamai|Colomb|Venez|Ecuad|Peru|Boliv|Chile|Argent|Urug|Parag|Brazil|countr|nation)"
)


def dated_pair(example: Example, random: Random) -> tuple[Example, Example] | None:
    """Return the question with the date of its answer's sentence, and with another date.

    None where the question has a time already, or the passage tells of several times of that kind.

    >>> asked = Example("Who left?", "", "Ada left in 1920.", Span(0, 3), True)
    >>> [example.question for example in dated_pair(asked, Random(1)) or ()]
    ['Who left in 1920?', 'Who left in 1910?']
    """
    if example.answer is None or _TIMED.search(example.question):
        return None
    sentence = next(
        (
            span
            for span in sentences(example.passage, Span(0, len(example.passage)))
            if span.start <= example.answer.start and example.answer.end <= span.end
        ),
        None,
    )
    if sentence is None:
        return None
    kinds = list(_KINDS)
    random.shuffle(kinds)
    for told, any_of_kind, preposition in kinds:
        found = told.search(example.passage, sentence.start, sentence.end)
        if found is None or _overlap(found, example.answer):
            continue
        if len(set(any_of_kind.findall(example.passage))) > 1:
            continue
        right, wrong = found[1], _other_time(found[1], random)
        return (
            replace(example, question=_with_time(example.question, f"{preposition} {right}")),
            replace(
                example,
                question=_with_time(example.question, f"{preposition} {wrong}"),
                answer=None,
                relevant=None,
            ),
        )
    return None


def of_other_type(example: Example, random: Random) -> Example | None:
    """Return the question asked for another type of thing; None where it names no known type.

    >>> asked = Example("Which city did she leave?", "", "She left Oslo.", Span(9, 13), True)
    >>> found = of_other_type(asked, Random(2))
    >>> found is not None and found.question
    'Which country did she leave?'
    """
    found = _ASKED.search(example.question)
    if example.answer is None or found is None:
        return None
    asked = found[2].lower()
    passage = example.passage.lower()
    if _CITY.fullmatch(asked) and not _COUNTRIES.search(example.passage):
        other = "country"
    else:
        others = [
            name
            for name, group in _GROUP.items()
            if group != _GROUP[asked] and name not in passage and name not in example.question
        ]
        other = random.choice(others)
    text = f"{example.question[: found.start(2)]}{other}{example.question[found.end(2) :]}"
    return replace(example, question=text, answer=None, relevant=None)


def _other_time(time: str, random: Random) -> str:
    if time.isdigit():
        return str(int(time) + random.choice(_YEAR_SHIFTS))
    names = _DAYS if time in _DAYS else _MONTHS
    return random.choice([name for name in names if name != time])


def _with_time(question: str, time: str) -> str:
    bare = question.rstrip("? ")
    return f"{bare} {time}{question[len(bare) :].strip()}"


def _overlap(found: re.Match[str], answer: Span) -> bool:
    return found.start() < answer.end and answer.start < found.end()
