"""Output of the commands as text and values; nothing is printed here."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from indexer.build.commit import LISTED_FILES, BuildReport
from indexer.catalog.reader import Catalog
from indexer.catalog.statistics import guessed_files
from indexer.cli.clean import CleanedArticle
from indexer.cli.doctor import FAULT, SHOWN, Diagnosis
from indexer.metadata.told import Rule
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.storage.notes import language_note
from indexer.storage.staleness import compare_hashes
from indexer.text.encodings import encoding_label
from indexer.text.languages import language_name
from indexer.text.printable import printable, printable_line

_LISTED_SKIPS = 20
_MEGABYTE = 1_000_000


def build_summary(report: BuildReport, index: Path) -> str:
    """Return what a build did, for people."""
    manifest = report.manifest
    if report.unchanged:
        return (
            f"{index} is up to date: no changes in {manifest.corpus_root} "
            f"({manifest.documents:,} articles, {manifest.passages:,} passages)"
        )
    lines = [
        f"Built {index}: {manifest.documents:,} articles, {manifest.passages:,} passages in "
        f"{report.seconds:.1f} s, {format_size(report.size)}"
    ]
    if report.encoded < manifest.passages:
        lines.append(f"Encoded {report.encoded:,} passages; the others are unchanged")
    return "\n".join([*lines, *build_details(report)])


def build_details(report: BuildReport) -> Iterator[str]:
    """Yield the lines of detail below the summary of a build."""
    manifest = report.manifest
    if manifest.copies:
        yield _format_copies(asdict(manifest))
    if report.recleaned:
        yield (
            f"Cleaned {report.recleaned:,} unchanged articles anew: the lines that their outlets "
            "repeat have changed"
        )
    if note := language_note(manifest):
        yield f"Note: {note}"
    if report.removed:
        yield "Removed from articles (characters):"
    for reason, count in report.removed.items():
        yield f"  {count:>9,}  {reason}"
    yield from _guessed(report)
    for each in manifest.notes:
        yield f"Note: {printable_line(each)}"
    yield from _skipped(report)


def _guessed(report: BuildReport) -> Iterator[str]:
    for encoding, count in report.manifest.guessed_encodings.items():
        first = report.guessed.get(encoding, ())
        files = "1 file" if count == 1 else f"{count:,} files"
        more = f" and {count - len(first):,} more" if count > len(first) else ""
        whose = "its" if count == 1 else "their"
        yield (
            f"{files} read as {encoding}, guessed by {whose} words; --encoding NAME if that is "
            f"wrong: {printable_line(', '.join(first))}{more}"
        )


def _skipped(report: BuildReport) -> Iterator[str]:
    if report.skips:
        yield "Skipped:"
    for reason, count in report.skipped.items():
        yield f"  {count:>9,}  {reason}"
    for skip in report.skips[:_LISTED_SKIPS]:
        detail = f" ({skip.detail})" if skip.detail else ""
        yield f"    {printable_line(skip.path)}: {skip.reason}{detail}"
    if len(report.skips) > _LISTED_SKIPS:
        yield f"    and {len(report.skips) - _LISTED_SKIPS:,} more"


def index_info(index: Path, corpus: Sequence[Path] = ()) -> dict[str, Any]:
    """Return all facts about an index, with its staleness by hashes.

    Args:
        index: the index folder.
        corpus: new locations of the articles, if they have moved.

    Raises:
        CorpusError: when the number of locations is not that of the index.
        IndexNotFoundError: when there is no index.
        IndexFormatError: when it is damaged.
    """
    manifest = read_manifest(index)
    roots = manifest.roots.moved(corpus) if corpus else manifest.roots
    with Catalog(generation_folder(index, manifest.generation)) as catalog:
        known = catalog.files()
        skipped = catalog.skipped()
        guessed = guessed_files(catalog, LISTED_FILES) if manifest.guessed_encodings else {}
    info = asdict(manifest)
    info["size"] = sum(file.size for file in manifest.files)
    info["corpus_root"] = str(roots)
    info["roots"] = [asdict(root) for root in roots.roots]
    info["corpus_files"] = len(known)
    info["stale"] = asdict(compare_hashes(roots, index, known))
    info["guessed_files"] = guessed
    info["skipped_files"] = [asdict(file) for file in skipped]
    return info


def format_info(info: dict[str, Any]) -> str:
    """Return the result of `index_info` as text, whoever wrote the index."""
    stale = info["stale"]
    changes = [f"{stale[kind]:,} {kind}" for kind in ("changed", "added", "deleted") if stale[kind]]
    encoder = info["encoder"]
    lines = [
        f"generation   {info['generation']}, format {info['format']}, built {info['built_at']} "
        f"by {info['built_by']}",
        f"articles of  {info['corpus_root']}: "
        + (f"{', '.join(changes)} since the last build" if changes else "up to date"),
        f"articles     {info['documents']:,} in {info['corpus_files']:,} files"
        + (f", limited to {limit:,}" if (limit := info["settings"]["limit"]) else ""),
        f"passages     {info['passages']:,}",
        f"copies       {_format_copies(info)}",
        f"encoder      {encoder['name']}, {encoder['dimension']} dimensions, "
        f"{encoder['max_tokens']} tokens, SHA-256 {encoder['sha256'][:12]}…",
        f"BM25 engine  {info['bm25']}",
        f"size         {format_size(info['size'])}",
    ]
    lines += [f"  {format_size(file['size']):>9}  {file['path']}" for file in info["files"]]
    known = info["languages"]
    unknown = info["documents"] - sum(known.values())
    spoken = [(count, language_name(code)) for code, count in known.items()]
    spoken = sorted(spoken, key=lambda pair: (-pair[0], pair[1]))
    spoken += [(unknown, "unknown")] if unknown else []
    lines += [f"{'language':<12} {count:,} {name}" for count, name in spoken]
    for title, counts in (("removed", info["removed"]), ("skipped", info["skipped"])):
        lines += [f"{title:<12} {count:,} {reason}" for reason, count in counts.items()]
    told_lines = _told_lines(info["settings"])
    lines += [f"{name:<12} {value}" for name, value in told_lines]
    lines += [
        f"{'guessed':<12} {count:,} {'file' if count == 1 else 'files'} read as {encoding}"
        for encoding, count in info["guessed_encodings"].items()
    ]
    lines += [f"{'note':<12} {each}" for each in info["notes"]]
    return "\n".join(map(printable_line, lines))


def _told_lines(settings: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the user told a build, as pairs of a name and a value."""
    told = settings["told"]
    if settings["encoding"]:
        yield "told", f"encoding {encoding_label(settings['encoding'])} (--encoding)"
    if told["outlet_from"]:
        yield "told", f"outlet from {told['outlet_from']} (--outlet-from)"
    for rule in (*told["listed"], *told["rules"]):
        yield "told", str(Rule(**rule))


def format_diagnoses(diagnoses: Sequence[Diagnosis]) -> str:
    """Return diagnoses as text: a line each, and below it what to do."""
    lines = []
    for each in diagnoses:
        lines.append(f"{SHOWN[each.state]:<8} {each.part:<17} {printable_line(each.found)}")
        if each.remedy:
            lines.append(f"{'':<26} -> {printable_line(each.remedy)}")
    problems = sum(each.state == FAULT for each in diagnoses)
    found = "1 problem found" if problems == 1 else f"{problems:,} problems found"
    lines.append(found if problems else "No problems found")
    return "\n".join(lines)


def cleaned_text(article: CleanedArticle) -> str:
    """Return an article as text, each region headed by whether and why it was removed."""
    parts = [f"=== {printable_line(article.name)}\n"] if article.of_many else []
    for region in article.regions:
        mark = "+++ kept" if region.kept else f"--- removed: {printable_line(region.why)}"
        body = printable(article.text[region.start : region.end])
        parts.append(f"{mark} [{region.start}-{region.end}]\n{body}\n")
    return "\n".join(parts)


def _format_copies(manifest: dict[str, Any]) -> str:
    """Return the number of copies and of the stories that they repeat."""
    documents, copies, stories = (
        manifest[name] for name in ("documents", "copies", "copied_reports")
    )
    if not copies:
        return f"none among {documents:,} articles"
    of_stories = "1 story" if stories == 1 else f"{stories:,} stories"
    return f"{documents:,} articles, {copies:,} of them copies of {of_stories}"


def cleaned_json(article: CleanedArticle) -> str:
    """Return an article as one line of ASCII JSON: a terminal must not obey an article."""
    regions = [asdict(region) for region in article.regions]
    metadata = asdict(article.metadata)
    return json.dumps(
        {"article": article.name, "text": article.text, "metadata": metadata, "regions": regions}
    )


def format_size(size: int) -> str:
    """Return a number of bytes with its unit.

    >>> format_size(1_234_567), format_size(999)
    ('1.2 MB', '1.0 kB')
    """
    return f"{size / 1e6:,.1f} MB" if size >= _MEGABYTE else f"{size / 1e3:,.1f} kB"
