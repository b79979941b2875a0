"""Is a page a list of stories, each a headline with its summary?"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from indexer.documents import Span
from indexer.text.blocks import Block

MIN_ITEMS = 5
_MIN_SHARE = 0.8
_HEADLINE_MIN_WORDS = 3
_SUMMARY_MIN_WORDS = 8
_SUMMARY_MAX_WORDS = 120


@dataclass(frozen=True, slots=True)
class ListItem:
    """One story of a list page: its headline and its summary."""

    headline: Span
    summary: Span

    @property
    def span(self) -> Span:
        """Headline and summary together."""
        return Span(self.headline.start, self.summary.end)


def find_items(kept: Sequence[Block]) -> tuple[ListItem, ...]:
    """Return the stories of a list page, or nothing when the blocks are an article.

    Headlines and summaries must alternate nearly throughout; a few subheadings do not make an
    article a list.
    """
    pairs: list[tuple[Block, Block]] = []
    i = 0
    while i + 1 < len(kept):
        if _is_pair(kept[i], kept[i + 1]):
            pairs.append((kept[i], kept[i + 1]))
            i += 1
        i += 1
    if len(pairs) < MIN_ITEMS or 2 * len(pairs) < _MIN_SHARE * len(kept):
        return ()
    if median(head.words for head, _ in pairs) >= median(body.words for _, body in pairs):
        return ()
    return tuple(
        ListItem(Span(head.start, head.end), Span(body.start, body.end)) for head, body in pairs
    )


def _is_pair(head: Block, body: Block) -> bool:
    return (
        head.is_headline_like
        and head.words >= _HEADLINE_MIN_WORDS
        and body.ends_sentence
        and not body.is_teaser
        and _SUMMARY_MIN_WORDS <= body.words <= _SUMMARY_MAX_WORDS
    )
