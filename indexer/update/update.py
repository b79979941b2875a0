"""How is an index brought up to date with its corpus? By the pipeline of a build, with guards.

In: an index, whose manifest says where its articles lie and how they are read. Out: its next
generation, or the reason why the live one was left alone.
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.build.commit import BuildReport, commit_generation, report
from indexer.build.current import is_current
from indexer.build.generation import IndexConfig
from indexer.build.pipeline import bytes_to_read
from indexer.build.retouch import retouched
from indexer.catalog.previous import count_changed
from indexer.corpus.scan import Corpus, scan
from indexer.errors import CorpusError, IndexFormatError, build_command
from indexer.lexical.schema import Bm25Engine
from indexer.loaders.formats.registry import SUFFIXES
from indexer.progress import NoProgress, Progress
from indexer.storage.folder import prepare_folder
from indexer.storage.lock import writer_lock
from indexer.storage.manifest import Manifest, damaged_files, generation_folder, read_manifest
from indexer.update.changes import Changes
from indexer.update.update_guard import Confirm, Guard, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateConfig:
    """How to update.

    `corpus` says where the articles are now, when they have moved: as many places as the index was
    built from. `allow_empty` lets the last article go, `allow_deletions` more than half of them.
    `threads` None means every core.
    """

    corpus: tuple[Path, ...] = ()
    allow_empty: bool = False
    allow_deletions: bool = False
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did: how the articles had changed, and what was built of them."""

    changes: Changes
    build: BuildReport


DEFAULT_UPDATE = UpdateConfig()


def update(
    index: Path,
    config: UpdateConfig = DEFAULT_UPDATE,
    *,
    progress: Progress | None = None,
    confirm: Confirm = refuse,
) -> UpdateReport:
    """Bring an index up to date with its corpus; what has not changed is not encoded again.

    Corpus, settings, encoder and BM25 engine are those of the live generation, which stays live
    and untouched when this fails or is refused.

    Args:
        index: the index folder.
        config: where the corpus is now, and what may be deleted.
        progress: is told about stages; None shows nothing.
        confirm: is asked whether more than half of the articles may go; by default they may not.

    Raises:
        CorpusError: when the corpus is missing, empty, or has lost too much.
        IndexNotFoundError: when there is no index.
        IndexFormatError: when it is damaged or of another format version.
        IndexLockedError: when another process is writing this index.
        IndexWriteError: when the index cannot be written.
        EncoderError: when the encoder is missing or altered.
    """
    begun = time.perf_counter()
    read_manifest(index)  # a lock is only made where there is an index
    with writer_lock(index):
        live = read_manifest(index)
        _check_whole(index, live)
        corpus = scan_corpus(index, live, config)
        how = _as_built(live, config.threads)
        if is_current(index, live, corpus, how):
            current = retouched(index, live, corpus)
            return UpdateReport(Changes(live.documents), report(index, current, corpus, begun))
        prepare_folder(index, bytes_to_read(corpus, live.settings))
        guard = Guard(
            generation_folder(index, live.generation),
            corpus,
            allow_empty=config.allow_empty,
            confirm=(lambda _: True) if config.allow_deletions else confirm,
        )
        shown = progress or NoProgress()
        built = commit_generation(
            index, live, corpus, how, shown, begun=begun, is_whole=True, inspect=guard
        )
        folders = (generation_folder(index, each.generation) for each in (built.manifest, live))
        return UpdateReport(replace(guard.changes, changed=count_changed(*folders)), built)


def _as_built(live: Manifest, threads: int | None) -> IndexConfig:
    """Return how an index was built, for its next generation."""
    engine: Bm25Engine = "rank-bm25" if live.bm25 == "rank-bm25" else "tantivy"
    encoder, settings = live.encoder.name, live.settings
    return IndexConfig(encoder=encoder, bm25=engine, threads=threads, settings=settings)


def _check_whole(index: Path, live: Manifest) -> None:
    """Refuse a damaged index: what has changed since cannot be told from it."""
    if problems := damaged_files(index, live):
        more = f" and {len(problems) - 1:,} more" if len(problems) > 1 else ""
        raise IndexFormatError(
            f"the index at {index} is damaged: {problems[0]}{more}. Build it again: "
            f"{build_command(live.roots.paths, index)}"
        )


def scan_corpus(index: Path, live: Manifest, config: UpdateConfig) -> Corpus:
    """List the corpus where it was, or where it is said to be now.

    Raises:
        CorpusError: when a place is gone or cannot be listed, or too few or many are named.
    """
    roots = live.roots.moved(config.corpus) if config.corpus else live.roots
    for path in roots.paths:
        if _is_gone(Path(path)):
            raise CorpusError(
                f"the corpus is gone: there is nothing at {Path(path).absolute()}, where the index "
                f"at {index} expects articles. The live index is untouched. Mount the disk, or "
                "name the place where they are now with --corpus, once for each place that was "
                "built"
            )
    return scan(roots, SUFFIXES, ignored=index)


def _is_gone(place: Path) -> bool:
    """Tell whether nothing is there; what cannot be asked is told when it is listed."""
    try:
        place.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
