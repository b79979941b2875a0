"""Tables of a catalog.

`files` and `skipped` record what was read; `whole_files` (those without skipped articles) and
`made_from` tell the next build what it may reuse.
"""

from pathlib import Path

CATALOG_FILE = "catalog.sqlite"

SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL REFERENCES files (path),
    encoding TEXT NOT NULL,
    title TEXT,
    source TEXT,
    source_key TEXT NOT NULL,
    published TEXT,
    first_day TEXT,
    last_day TEXT,
    language TEXT,
    text TEXT NOT NULL, -- behind what is shown of a hit: to get past it takes reading it
    metadata TEXT NOT NULL,
    regions TEXT NOT NULL
);
CREATE INDEX documents_by_filters ON documents (source_key, language, first_day, last_day, doc_id);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    passage_id TEXT NOT NULL UNIQUE,
    doc_id TEXT NOT NULL REFERENCES documents (doc_id),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    sentences BLOB NOT NULL
);
CREATE TABLE authors (
    doc_id TEXT NOT NULL REFERENCES documents (doc_id),
    key TEXT NOT NULL
);
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE skipped (
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE copies (
    doc_id TEXT PRIMARY KEY REFERENCES documents (doc_id),
    report TEXT NOT NULL REFERENCES documents (doc_id)
) WITHOUT ROWID;
CREATE INDEX copies_of_report ON copies (report);
CREATE TABLE corrections (
    doc_id TEXT NOT NULL REFERENCES documents (doc_id),
    corrected TEXT NOT NULL REFERENCES documents (doc_id),
    PRIMARY KEY (doc_id, corrected)
) WITHOUT ROWID;
CREATE INDEX corrections_of_document ON corrections (corrected);
CREATE TABLE recurring_lines (
    outlet TEXT NOT NULL,
    line TEXT NOT NULL,
    documents INTEGER NOT NULL,
    at_edge INTEGER NOT NULL,
    PRIMARY KEY (outlet, line)
) WITHOUT ROWID;
CREATE TABLE whole_files (
    path TEXT PRIMARY KEY REFERENCES files (path)
) WITHOUT ROWID;
CREATE TABLE made_from (
    doc_id TEXT PRIMARY KEY REFERENCES documents (doc_id),
    outlet TEXT NOT NULL,
    given TEXT NOT NULL,
    read_key BLOB NOT NULL,
    line_keys BLOB,
    is_one_line INTEGER NOT NULL,
    entry_key BLOB NOT NULL,
    text_key BLOB NOT NULL,
    signature BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX documents_of_file ON documents (file);
CREATE INDEX passages_of_document ON passages (doc_id, start);
CREATE INDEX authors_of_document ON authors (doc_id);
"""


def read_only_uri(catalog: Path) -> str:
    """Return the URI that opens a committed catalog read-only."""
    return f"{catalog.absolute().as_uri()}?mode=ro&immutable=1"
