"""What do the commands tell the user of what they found? Plain text and values, no printing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from indexer.build.commit import BuildReport
from indexer.catalog.reader import Catalog
from indexer.cli.clean import CleanedArticle
from indexer.cli.doctor import Diagnosis
from indexer.storage.language_note import language_note
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.storage.staleness import compare_hashes
from indexer.text.languages import language_name
from indexer.text.printable import printable, printable_line

_LISTED_SKIPS = 20
_MEGABYTE = 1_000_000


def build_summary(report: BuildReport, index: Path) -> str:
    """Return what a build did, for people."""
    manifest = report.manifest
    if report.unchanged:
        return (
            f"{index} is current: nothing has changed in {manifest.corpus_root} "
            f"({manifest.documents:,} documents, {manifest.passages:,} passages)"
        )
    lines = [
        f"built {index}, generation {manifest.generation}: {manifest.documents:,} documents, "
        f"{manifest.passages:,} passages in {report.seconds:.1f} s, {in_words(report.size)}"
    ]
    if report.encoded < manifest.passages:
        lines.append(f"encoded {report.encoded:,} passages; the others had their vectors already")
    return "\n".join([*lines, *build_details(report)])


def build_details(report: BuildReport) -> Iterator[str]:
    """Yield what else there is to say of a generation that was built, line by line."""
    manifest = report.manifest
    if manifest.copies:
        yield _copies_in_words(asdict(manifest))
    if report.recleaned:
        yield (
            f"{report.recleaned:,} unchanged articles cleaned differently because of lines that "
            "recur across their outlet's documents now, or no longer do"
        )
    if note := language_note(manifest):
        yield f"note: {note}"
    if report.removed:
        yield "left out of the articles, in characters:"
    for reason, count in report.removed.items():
        yield f"  {count:>9,}  {reason}"
    yield from _skipped(report)


def _skipped(report: BuildReport) -> Iterator[str]:
    if report.skips:
        yield "skipped:"
    for reason, count in report.skipped.items():
        yield f"  {count:>9,}  {reason}"
    for skip in report.skips[:_LISTED_SKIPS]:
        detail = f" ({skip.detail})" if skip.detail else ""
        yield f"    {printable_line(skip.path)}: {skip.reason}{detail}"
    if len(report.skips) > _LISTED_SKIPS:
        yield f"    and {len(report.skips) - _LISTED_SKIPS:,} more"


def index_info(index: Path, corpus: Sequence[Path] = ()) -> dict[str, Any]:
    """Return everything that is known of an index, staleness by hashing included.

    Args:
        index: the index folder.
        corpus: where the articles are now, when they have moved.

    Raises:
        CorpusError: when not as many places are named as the index was built from.
        IndexNotFoundError: when there is no index.
        IndexFormatError: when it is damaged.
    """
    manifest = read_manifest(index)
    roots = manifest.roots.moved(corpus) if corpus else manifest.roots
    with Catalog(generation_folder(index, manifest.generation)) as catalog:
        known = catalog.files()
        skipped = catalog.skipped()
    info = asdict(manifest)
    info["size"] = sum(file.size for file in manifest.files)
    info["corpus_root"] = str(roots)
    info["roots"] = [asdict(root) for root in roots.roots]
    info["corpus_files"] = len(known)
    info["stale"] = asdict(compare_hashes(roots, index, known))
    info["skipped_files"] = [asdict(file) for file in skipped]
    return info


def info_text(info: dict[str, Any]) -> str:
    """Return what `index_info` found, for people."""
    stale = info["stale"]
    changes = [f"{stale[kind]:,} {kind}" for kind in ("changed", "added", "deleted") if stale[kind]]
    encoder = info["encoder"]
    lines = [
        f"generation   {info['generation']}, format {info['format']}, built {info['built_at']} "
        f"by {info['built_by']}",
        f"corpus       {printable_line(info['corpus_root'])}: "
        + (f"stale ({', '.join(changes)}): update it" if changes else "unchanged since the build"),
        f"documents    {info['documents']:,} in {info['corpus_files']:,} files"
        + (f", limited to {limit:,}" if (limit := info["settings"]["limit"]) else ""),
        f"passages     {info['passages']:,}",
        f"copies       {_copies_in_words(info)}",
        f"encoder      {encoder['name']}, {encoder['dimension']} dimensions, "
        f"{encoder['max_tokens']} tokens, SHA-256 {encoder['sha256'][:12]}…",
        f"BM25 engine  {info['bm25']}",
        f"size         {in_words(info['size'])}",
    ]
    lines += [f"  {in_words(file['size']):>9}  {file['path']}" for file in info["files"]]
    known = info["languages"]
    unknown = info["documents"] - sum(known.values())
    spoken = [(count, language_name(code)) for code, count in known.items()]
    spoken = sorted(spoken, key=lambda pair: (-pair[0], pair[1]))
    spoken += [(unknown, "unknown")] if unknown else []
    lines += [f"{'language':<12} {count:,} {name}" for count, name in spoken]
    for title, counts in (("left out", info["removed"]), ("skipped", info["skipped"])):
        lines += [f"{title:<12} {count:,} {reason}" for reason, count in counts.items()]
    return "\n".join(lines)


def doctor_text(diagnoses: Sequence[Diagnosis]) -> str:
    """Return what `examine` found, for people: one line a part, below it what to do."""
    lines = []
    for each in diagnoses:
        lines.append(f"{each.state:<6} {each.part:<17} {printable_line(each.found)}")
        if each.remedy:
            lines.append(f"{'':<24} -> {printable_line(each.remedy)}")
    faults = sum(each.state == "fault" for each in diagnoses)
    lines.append(f"{faults:,} to mend" if faults else "nothing to mend")
    return "\n".join(lines)


def cleaned_text(article: CleanedArticle) -> str:
    """Return an article with a mark before each region: what is kept, what is removed and why."""
    parts = [f"=== {printable_line(article.name)}\n"] if article.of_many else []
    for region in article.regions:
        mark = "+++ kept" if region.kept else f"--- removed: {printable_line(region.why)}"
        body = printable(article.text[region.start : region.end])
        parts.append(f"{mark} [{region.start}-{region.end}]\n{body}\n")
    return "\n".join(parts)


def _copies_in_words(manifest: dict[str, Any]) -> str:
    """Say how many articles another one stands for: copies, reprints with edits."""
    documents, copies, reports = (
        manifest[name] for name in ("documents", "copies", "copied_reports")
    )
    if not copies:
        return f"none among {documents:,} articles"
    of_reports = "1 report" if reports == 1 else f"{reports:,} reports"
    return f"{documents:,} articles, {copies:,} of them copies of {of_reports}"


def cleaned_json(article: CleanedArticle) -> str:
    """Return the same as one line of JSON, in ASCII: a terminal must not obey an article."""
    regions = [asdict(region) for region in article.regions]
    metadata = asdict(article.metadata)
    return json.dumps(
        {"article": article.name, "text": article.text, "metadata": metadata, "regions": regions}
    )


def in_words(size: int) -> str:
    """Return a number of bytes as people read it.

    >>> in_words(1_234_567), in_words(999)
    ('1.2 MB', '1.0 kB')
    """
    return f"{size / 1e6:,.1f} MB" if size >= _MEGABYTE else f"{size / 1e3:,.1f} kB"
