"""Notes on an index that opens, but answers less well than it could."""

from pathlib import Path

from indexer.encoding.model_files import BUNDLED_SHA256
from indexer.errors import update_command
from indexer.storage.manifest import Manifest
from indexer.text.analyzer import ANALYZER_VERSION

_ENGLISH = "en"
_MOST_OTHERS = 0.05
_NAMED = 4


def version_note(index: Path, manifest: Manifest) -> str | None:
    """Return a note if an index has its words in other forms than questions are put in now."""
    made = manifest.versions.analyzer
    if made == ANALYZER_VERSION:
        return None
    age = "an older" if made < ANALYZER_VERSION else "a newer"
    return (
        f"Index {index} was made by {age} version of Dateline, so some words are not found. "
        f"Rebuild it: {update_command(index)}"
    )


def language_note(manifest: Manifest) -> str | None:
    """Return a note if many articles are not English and the encoder is the default one.

    Articles of unknown language count as English. Nothing is known of other encoders.
    """
    if manifest.encoder.sha256 != BUNDLED_SHA256:
        return None
    others = {code: count for code, count in manifest.languages.items() if code != _ENGLISH}
    share = sum(others.values()) / max(1, manifest.documents)
    if share <= _MOST_OTHERS:
        return None
    ranked = sorted(others.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{code} {_percent(count / manifest.documents)}" for code, count in ranked[:_NAMED]]
    more = ["and others"] if len(ranked) > _NAMED else []
    return (
        f"{_percent(share)} of the articles are not English ({', '.join([*named, *more])}). The "
        "default model and the reader read English only: these articles are found by their words "
        "alone and seldom answer; to find them by meaning too, build with --encoder NAME of a "
        "multilingual model"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "under 1 %"  # noqa: PLR2004 - one in 100
