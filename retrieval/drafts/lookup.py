"""Lookup of one quotation in the archive: where it stands, or what comes closest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.documents import Span
from indexer.store import StoredPassage
from retrieval.drafts.alignment import Alignment, align, exact_alignments, find_parts
from retrieval.drafts.archive import Archive
from retrieval.drafts.differences import Difference, find_differences
from retrieval.drafts.quotations import Piece
from retrieval.drafts.report import STANDS, Verdict
from retrieval.drafts.words import WordText, same_typography

# Words of a phrase that is looked up: more find the same, and cost more.
_PROBE = 10
_WINDOW = 5
_MOST_PROBED_PIECES = 3
_RANKED_PASSAGES = 30
_NEAREST_PASSAGES = 12
_ALIGNED_PASSAGES = 4
_JUDGED_ALIGNMENTS = 2

# In characters.
_REACH = 200
_LONGEST_OMISSION = 4000

# Another number, name or negation is reported where at most this share of the other words differs.
_MOST_OTHER_WORDS = 0.2
# A longer run of other words is another sentence.
_LONGEST_CHANGE = 4
_LEAST_MATCHED = 3
_LEAST_CLOSE = 0.5
_ASKS_OR_SHOUTS = "?!"
_PLAIN_ORDER: tuple[Verdict, ...] = ("exact", "punctuation", "shortened", "differs")


@dataclass(frozen=True, slots=True)
class Match:
    """Place of a quotation, or of a part of it: half-open ranges of code points of an article.

    `spans` are the ranges of its pieces, `gaps` those that the quotation leaves out or replaces.
    """

    doc_id: str
    spans: tuple[Span, ...]
    gaps: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """Result of a lookup.

    Attributes:
        verdict: the result.
        matches: every place, in any order; the parts in their order for `joined`; the closest, if
            any, for `differs` and `missing`.
        differences: between the quotation and the first match.
        unmarked: whether words are left out without an ellipsis.
    """

    verdict: Verdict
    matches: tuple[Match, ...] = ()
    differences: tuple[Difference, ...] = ()
    unmarked: bool = False


def look_up(archive: Archive, pieces: Sequence[Piece]) -> Lookup:
    """Look up a quotation, given as its pieces, in all articles."""
    probed = _probe(archive, pieces)
    found = _whole(archive, pieces, probed)
    if found and found.verdict in STANDS:
        return found
    if not probed:
        probed = _probe_windows(archive, pieces)
    ranked = archive.with_terms(" ".join(piece.text for piece in pieces), _RANKED_PASSAGES)
    near = _nearest(pieces, [*probed, *ranked])
    closest = _closest(archive, pieces, near)
    # Where much differs, it may rather be words of several places.
    doubtful = closest and closest.verdict == "differs" and len(closest.differences) > 1
    if closest and closest.verdict != "missing" and not doubtful:
        return closest
    if parts := find_parts(archive, pieces, near):
        matches = tuple(Match(doc_id, (span,)) for doc_id, span in parts)
        return Lookup("joined", matches)
    return found or closest or Lookup("missing")


def _probe(archive: Archive, pieces: Sequence[Piece]) -> list[StoredPassage]:
    """Return passages that have the first or last words of a long piece, or all of a short one."""
    longest = sorted(pieces, key=lambda piece: -len(piece.words))[:_MOST_PROBED_PIECES]
    phrases = []
    for piece in longest:
        count = len(piece.words)
        phrases.append(_slice(piece, 0, min(count, _PROBE)))
        if count > _PROBE:
            phrases.append(_slice(piece, count - _PROBE, count))
    return _unique(found for phrase in phrases for found in archive.with_phrase(phrase))


def _probe_windows(archive: Archive, pieces: Sequence[Piece]) -> list[StoredPassage]:
    """Return passages that have a few of the words next to each other."""
    phrases = [
        _slice(piece, first, first + _WINDOW)
        for piece in sorted(pieces, key=lambda piece: -len(piece.words))[:1]
        for first in range(0, min(len(piece.words), 6 * _WINDOW) - _WINDOW + 1, _WINDOW)
    ]
    return _unique(found for phrase in phrases for found in archive.with_phrase(phrase)[:50])


def _slice(piece: Piece, first: int, last: int) -> str:
    return piece.text[piece.words[first].start : piece.words[last - 1].end]


def _unique(passages: Iterable[StoredPassage]) -> list[StoredPassage]:
    return list({each.passage.passage_id: each for each in passages}.values())


def _whole(
    archive: Archive, pieces: Sequence[Piece], passages: Sequence[StoredPassage]
) -> Lookup | None:
    """Return where the quotation stands word for word, by the best verdict."""
    found: dict[Match, Lookup] = {}
    if len(pieces) == 1:
        for stored in passages:
            text, passage = WordText(stored.text), stored.passage
            for alignment in exact_alignments(pieces, text):
                match = _match(passage.doc_id, text, alignment, passage.start)
                found[match] = Lookup(_plain_verdict(pieces, text, alignment))
    if len(pieces) > 1 or len(pieces[0].words) > _PROBE:
        # It may go on in the next passage.
        searched = {match.doc_id for match in found}
        for stored in passages:
            if stored.passage.doc_id not in searched:
                found |= _whole_near(archive, pieces, stored)
    if not found:
        return None
    verdict = min((each.verdict for each in found.values()), key=_PLAIN_ORDER.index)
    best = [match for match, each in found.items() if each.verdict == verdict]
    return replace(found[best[0]], matches=tuple(best))


def _whole_near(
    archive: Archive, pieces: Sequence[Piece], stored: StoredPassage
) -> dict[Match, Lookup]:
    doc_id = stored.passage.doc_id
    text = _around(archive, stored, pieces)
    found: dict[Match, Lookup] = {}
    for alignment in exact_alignments(pieces, text):
        hidden: list[Difference] = []
        if any(piece.join == "brackets" for piece in pieces):
            hidden = find_differences(pieces, text, alignment, archive.lowercase(doc_id))
        verdict: Verdict = "differs" if hidden else _plain_verdict(pieces, text, alignment)
        found[_match(doc_id, text, alignment)] = Lookup(verdict, differences=tuple(hidden))
    return found


def _match(doc_id: str, text: WordText, alignment: Alignment, offset: int = 0) -> Match:
    def span(first: int, last: int) -> Span:
        return Span(text.words[first].start + offset, text.words[last - 1].end + offset)

    spans = tuple(span(first, last) for first, last in alignment.spans if first < last)
    between = [(one[1], other[0]) for one, other in pairwise(alignment.spans)]
    between += [(gap.there_first, gap.there_last) for gap in alignment.gaps]
    gaps = tuple(span(first, last) for first, last in sorted(between) if first < last)
    return Match(doc_id, spans, gaps)


def _plain_verdict(pieces: Sequence[Piece], text: WordText, alignment: Alignment) -> Verdict:
    """Return the verdict on words that are all there."""
    marked = [
        piece.join == "ellipsis" and one[1] < other[0]
        for piece, (one, other) in zip(pieces[1:], pairwise(alignment.spans), strict=True)
    ]
    if any(marked):
        return "shortened"
    spans = zip(pieces, alignment.spans, strict=True)
    if all(_same(piece, text, *span) for piece, span in spans):
        end_here = pieces[-1].text[pieces[-1].words[-1].end :][:1]
        end_there = text.text[text.words[alignment.last - 1].end :][:1]
        if end_here == end_there or not {end_here, end_there} & set(_ASKS_OR_SHOUTS):
            return "exact"
    return "punctuation"


def _same(piece: Piece, text: WordText, first: int, last: int) -> bool:
    here, there = _slice(piece, 0, len(piece.words)), text.slice(first, last)
    if piece.adapted:
        here, there = here.casefold(), there.casefold()
    return same_typography(here, there)


def _nearest(pieces: Sequence[Piece], passages: Iterable[StoredPassage]) -> list[StoredPassage]:
    """Return the passages that have most of the pairs of words, and of the words."""
    wanted = {key for piece in pieces for key in piece.keys}
    pairs = {pair for piece in pieces for pair in pairwise(piece.keys)}
    ranked = []
    for number, stored in enumerate(_unique(passages)):
        keys = WordText(stored.text).keys
        agree = len(pairs & set(pairwise(keys))) + len(wanted & set(keys))
        ranked.append((-agree, stored.published or "9", number, stored))
    ranked.sort(key=lambda each: each[:3])
    return [stored for *_, stored in ranked[:_NEAREST_PASSAGES]]


def _closest(
    archive: Archive, pieces: Sequence[Piece], passages: Sequence[StoredPassage]
) -> Lookup | None:
    """Return the best alignment with one article."""
    aligned = []
    for stored in passages[:_ALIGNED_PASSAGES]:
        text = _around(archive, stored, pieces)
        alignment = align(pieces, text)
        if alignment and alignment.matched >= _LEAST_CLOSE * alignment.total:
            aligned.append((stored.passage.doc_id, text, alignment))
    aligned.sort(key=lambda each: -each[2].matched)
    del aligned[_JUDGED_ALIGNMENTS:]
    lowercase = frozenset[str]().union(*(archive.lowercase(doc_id) for doc_id, *_ in aligned))
    judged = []
    for doc_id, text, alignment in aligned:
        differences = find_differences(pieces, text, alignment, lowercase)
        found = _judged(pieces, text, alignment, differences)
        key = (found.verdict == "missing", -alignment.matched, len(differences))
        judged.append((key, replace(found, matches=(_match(doc_id, text, alignment),))))
    return min(judged, key=lambda each: each[0])[1] if judged else None


def _around(archive: Archive, stored: StoredPassage, pieces: Sequence[Piece]) -> WordText:
    """Return the words of an article around a passage, as long as the quotation wider."""
    text = archive.document(stored.passage.doc_id).text
    reach = _REACH + sum(len(piece.text) for piece in pieces)
    if len(pieces) > 1:
        reach += _LONGEST_OMISSION
    first = text.rfind(" ", 0, max(0, stored.passage.start - reach)) + 1
    last = text.find(" ", stored.passage.end + reach)
    return WordText(text, first, len(text) if last < 0 else last)


def _judged(
    pieces: Sequence[Piece], text: WordText, alignment: Alignment, found: list[Difference]
) -> Lookup:
    """Return the verdict on an alignment, by its differences."""
    if not found:
        return Lookup(_plain_verdict(pieces, text, alignment))
    facts = [each for each in found if each.kind != "words"]
    changed = [
        gap for gap, each in zip(alignment.gaps, found, strict=False) if each.kind == "words"
    ]
    other = sum(max(gap.last - gap.first, gap.there_last - gap.there_first) for gap in changed)
    if facts:
        few = other <= _MOST_OTHER_WORDS * alignment.total and all(
            max(gap.last - gap.first, gap.there_last - gap.there_first) <= _LONGEST_CHANGE
            for gap in changed
        )
        if few and alignment.matched >= min(_LEAST_MATCHED, alignment.total - 1):
            return Lookup("differs", (), tuple(found))
    elif all(
        gap.first == gap.last and not _crosses_sentence(text, gap.there_first, gap.there_last)
        for gap in alignment.gaps
    ):
        return Lookup("shortened", (), tuple(found), unmarked=True)
    return Lookup("missing", (), tuple(found))


def _crosses_sentence(text: WordText, first: int, last: int) -> bool:
    return any(word.first for word in text.words[first : last + 1])
