"""Arrays that map rows to passages and documents to their representatives, without queries.

A search names some hundred rows and shows ten of them: only those are read from the catalog.
"""

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.reader import Catalog
from indexer.errors import IndexFormatError, damaged_index, write_failure
from indexer.store import DocIds, doc_id_array

PASSAGES_FILE = "places.bin"
DOCUMENTS_FILE = "documents.bin"

# The files have no header, which would have to be parsed: the catalog gives the lengths.
_PASSAGE = np.dtype([("document", "<u4"), ("start", "<u4")])
_DOCUMENT = np.dtype([("doc_id", "S16"), ("representative", "<i8")])

_PASSAGES = """
SELECT p.row, d.number, p.start FROM documents d JOIN passages p USING (doc_id)
WHERE d.number >= ? AND d.number < ?
"""
_REPRESENTATIVES = """
SELECT d.number, r.number FROM copies c
JOIN documents d ON d.doc_id = c.doc_id JOIN documents r ON r.doc_id = c.report
"""

_NO_COPIES = -1
_UNKNOWN = -1


class RowMap:
    """Document and offset of each row, and representative of each document."""

    def __init__(
        self, folder: Path, passages: NDArray[np.void], documents: NDArray[np.void]
    ) -> None:
        """Check the arrays.

        Args:
            folder: the generation's, to be named in errors.
            passages: the number of the document and the offset there, by row.
            documents: doc_id and the number of the representative, -1 without copies; by doc_id.

        Raises:
            IndexFormatError: when a representative does not exist.
        """
        self._folder = folder
        self._passages = passages
        # Contiguous, since a lookup would copy a column of records each time.
        self._doc_ids: DocIds = np.ascontiguousarray(documents["doc_id"])
        found: NDArray[np.int64] = np.ascontiguousarray(documents["representative"])
        if found.size and not _NO_COPIES <= found.min() <= found.max() < found.size:
            raise _damaged(folder, f"representatives {found.min()} to {found.max()}")
        self._representatives = found

    @classmethod
    def open(cls, folder: Path, catalog: Catalog) -> Self:
        """Map the files of a generation; older generations have none, so compute the arrays.

        Raises:
            IndexFormatError: when a file is damaged.
        """
        if not (folder / PASSAGES_FILE).exists():
            return cls(folder, *_arrays(catalog))
        try:
            passages = _mapped(folder / PASSAGES_FILE, _PASSAGE, catalog.count)
            documents = _mapped(folder / DOCUMENTS_FILE, _DOCUMENT, catalog.documents)
        except (OSError, ValueError) as error:
            raise _damaged(folder, error) from error
        return cls(folder, passages, documents)

    def locate(self, rows: NDArray[np.int64]) -> tuple[DocIds, NDArray[np.int64]]:
        """Return the documents of passages by row, and the offsets at which they start there.

        Raises:
            IndexFormatError: when there is no such row or document.
        """
        try:
            passages = self._passages[rows]
            return self._doc_ids[passages["document"]], passages["start"].astype(np.int64)
        except IndexError as error:
            raise _damaged(self._folder, error) from error

    def rows_of(self, documents: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Convert a mask of documents, by number, into one of passages, by row."""
        try:
            rows: NDArray[np.bool_] = documents[self._passages["document"]]
        except IndexError as error:
            raise _damaged(self._folder, error) from error
        return rows

    def numbers(self, doc_ids: DocIds) -> NDArray[np.int64]:
        """Return the numbers of documents, from 0; -1 for unknown ones."""
        if not len(self._doc_ids):
            return np.full(len(doc_ids), _UNKNOWN)
        numbers = np.searchsorted(self._doc_ids, doc_ids)
        np.minimum(numbers, len(self._doc_ids) - 1, out=numbers)
        return np.where(self._doc_ids[numbers] == doc_ids, numbers, _UNKNOWN)

    def representatives(self, doc_ids: DocIds) -> DocIds:
        """Return the representative of each document's story: itself for one without copies."""
        numbers = self.numbers(doc_ids)
        if not len(self._representatives):
            return doc_ids
        found = np.where(numbers == _UNKNOWN, _NO_COPIES, self._representatives[numbers])
        return np.where(found == _NO_COPIES, doc_ids, self._doc_ids[found])

    def has_copies(self, doc_id: str) -> bool:
        """Tell whether a document has copies."""
        (number,) = self.numbers(doc_id_array([doc_id]))
        return bool(number != _UNKNOWN and self._representatives[number] != _NO_COPIES)


def write_row_map(folder: Path, catalog: Catalog) -> None:
    """Write the arrays of a generation whose catalog is complete, its copies included.

    Raises:
        IndexWriteError: when a file cannot be written, for example on a full disk.
    """
    for name, array in zip((PASSAGES_FILE, DOCUMENTS_FILE), _arrays(catalog), strict=True):
        try:
            (folder / name).write_bytes(array.tobytes())
        except OSError as error:
            raise write_failure(folder / name, error) from error


def _arrays(catalog: Catalog) -> tuple[NDArray[np.void], NDArray[np.void]]:
    passages = np.zeros(catalog.count, dtype=_PASSAGE)
    for row, number, start in catalog.ranges(_PASSAGES, catalog.documents):
        passages[row] = number, start
    doc_ids = catalog.doc_ids()
    documents = np.zeros(len(doc_ids), dtype=_DOCUMENT)
    documents["doc_id"] = [doc_id.encode() for doc_id in doc_ids]
    documents["representative"] = _NO_COPIES
    for number, representative in catalog.rows(_REPRESENTATIVES):
        documents["representative"][number] = representative
    return passages, documents


def _mapped(path: Path, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
    """Map the array of a file.

    Raises:
        OSError: when the file cannot be opened.
        ValueError: when it has another size.
    """
    expected, found = count * dtype.itemsize, path.stat().st_size
    if found != expected:
        raise ValueError(f"{path.name} has {found:,} bytes, expected {expected:,}")
    if not expected:  # nothing to map
        return np.zeros(0, dtype=dtype)
    return np.asarray(np.memmap(path, dtype=dtype, mode="r"))  # memmap's own class is slower


def _damaged(folder: Path, what: object) -> IndexFormatError:
    return damaged_index(folder.parent, f"the row map in {folder} cannot be read ({what})")
