"""Note on languages that the encoder of an index cannot read."""

from indexer.encoding.model_files import BUNDLED_SHA256
from indexer.storage.manifest import Manifest

_ENGLISH = "en"
_MOST_OTHERS = 0.05
_NAMED = 4


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
