"""Are these the words that answer? Exact match and F1 as SQuAD has them, and what quotes hold.

After the official script of Rajpurkar et al., EMNLP 2016: lower case, no ASCII punctuation, no
articles, single spaces.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


def normalised(text: str) -> str:
    """Return a text as answers are compared.

    >>> normalised("The  U.S. Senate, again")
    'us senate again'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(given: str, answers: Sequence[str]) -> float:
    """Return 1.0 when the given words are one of the answers, else 0.0.

    >>> exact_match("the Senate.", ["Congress", "Senate"])
    1.0
    """
    return float(any(normalised(given) == normalised(answer) for answer in answers))


def token_f1(given: str, answers: Sequence[str]) -> float:
    """Return the best F1 of the given words with one of the answers; 0.0 without answers.

    >>> token_f1("in the Senate", ["Senate"])
    0.6666666666666666
    """
    return max(
        (_f1(normalised(given).split(), normalised(each).split()) for each in answers), default=0.0
    )


def holds_answer(text: str, answers: Sequence[str]) -> bool:
    """Tell whether a text has all words of one of the answers, next to each other.

    >>> holds_answer("It was sent to the Senate.", ["the senate"])
    True
    >>> holds_answer("Twelve senators", ["senator"])
    False
    """
    padded = f" {normalised(text)} "
    wanted = (normalised(answer) for answer in answers)
    return any(f" {answer} " in padded for answer in wanted if answer)


def _f1(given: Sequence[str], answer: Sequence[str]) -> float:
    if not given or not answer:
        return float(given == answer)
    common = sum((Counter(given) & Counter(answer)).values())
    if not common:
        return 0.0
    precision, recall = common / len(given), common / len(answer)
    return 2 * precision * recall / (precision + recall)
