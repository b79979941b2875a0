"""Which passage is a row, and which report is a document? Looked up in arrays instead of queries.

Two small files that are made from the catalog and mapped into memory. A question asks for the names
of some hundred rows, of which ten are shown: only those are fetched from the catalog.
"""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.reader import Catalog
from indexer.errors import IndexFormatError, damaged_index, write_failure
from indexer.store import DocIds, doc_id_array

PLACES_FILE = "places.bin"
DOCUMENTS_FILE = "documents.bin"

# Without a header, which would be parsed: what the arrays look like is known from the catalog.
_PLACE = np.dtype("<u4")
_DOCUMENT = np.dtype([("doc_id", "S16"), ("report", "<i8")])

# Of an article without copies: it stands for itself, and there is nothing to fetch.
_NO_REPORT = -1
_UNKNOWN = -1

_DOCUMENTS_AT_ONCE = 2000

_PLACES = """
SELECT p.row, d.number, p.start FROM documents d JOIN passages p USING (doc_id)
WHERE d.number >= ? AND d.number < ?
"""
_REPORTS = """
SELECT d.number, r.number FROM copies c
JOIN documents d ON d.doc_id = c.doc_id JOIN documents r ON r.doc_id = c.report
"""


class RowPlaces:
    """The document and offset of each row, and the report of each document."""

    def __init__(
        self, folder: Path, places: NDArray[np.uint32], documents: NDArray[np.void]
    ) -> None:
        """Take the arrays.

        Args:
            folder: the generation's, to be named in errors.
            places: shape (passages, 2): the number of its document, and where it starts there.
            documents: shape (documents,), by doc_id: `doc_id`, and `report`, the number of the
                document that stands for it and its copies, -1 without copies.
        """
        self._folder = folder
        self._places = places
        # Beside each other in memory: looking one up would copy a column of records each time.
        self._doc_ids: DocIds = np.ascontiguousarray(documents["doc_id"])
        self._reports: NDArray[np.int64] = np.ascontiguousarray(documents["report"])

    @classmethod
    def open(cls, folder: Path, catalog: Catalog) -> Self:
        """Open the arrays of a generation folder; one without them, made before, has them made.

        Raises:
            IndexFormatError: when a file is damaged.
        """
        path = folder / PLACES_FILE
        if not path.exists():
            return cls(folder, *_arrays(catalog))
        try:
            places = _mapped(path, _PLACE, (catalog.count, 2))
            documents = _mapped(folder / DOCUMENTS_FILE, _DOCUMENT, (catalog.documents,))
        except (OSError, ValueError) as error:
            raise _damaged(folder, error) from error
        found = cls(folder, places, documents)
        reports = found._reports
        if reports.size and not _NO_REPORT <= reports.min() <= reports.max() < reports.size:
            raise _damaged(folder, f"they name reports {reports.min()} to {reports.max()}")
        return found

    def of(self, rows: NDArray[np.int64]) -> tuple[DocIds, NDArray[np.int64]]:
        """Return the documents of passages by row, and where they start there.

        Raises:
            IndexFormatError: when there is no such row, or its document is none.
        """
        try:
            places = self._places[rows]
            return self._doc_ids[places[:, 0]], places[:, 1].astype(np.int64)
        except IndexError as error:
            raise _damaged(self._folder, error) from error

    def rows_of(self, documents: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which rows stand in some documents, given by number; shape (passages,)."""
        try:
            rows: NDArray[np.bool_] = documents[self._places[:, 0]]
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

    def reports_of(self, doc_ids: DocIds) -> DocIds:
        """Return which document stands for each of these and its copies: itself, without any."""
        numbers = self.numbers(doc_ids)
        if not len(self._reports):
            return doc_ids
        reports = np.where(numbers == _UNKNOWN, _NO_REPORT, self._reports[numbers])
        return np.where(reports == _NO_REPORT, doc_ids, self._doc_ids[reports])

    def has_copies(self, doc_id: str) -> bool:
        """Tell whether a document has copies."""
        (number,) = self.numbers(doc_id_array([doc_id]))
        return bool(number != _UNKNOWN and self._reports[number] != _NO_REPORT)


def write_row_places(folder: Path, catalog: Catalog) -> None:
    """Write the arrays of a generation whose catalog is whole, its copies included.

    Raises:
        IndexWriteError: when a file cannot be written, for example on a full disk.
    """
    for name, array in zip((PLACES_FILE, DOCUMENTS_FILE), _arrays(catalog), strict=True):
        try:
            (folder / name).write_bytes(array.tobytes())
        except OSError as error:
            raise write_failure(folder / name, error) from error


def _arrays(catalog: Catalog) -> tuple[NDArray[np.uint32], NDArray[np.void]]:
    places = np.zeros((catalog.count, 2), dtype=_PLACE)
    for first in range(0, catalog.documents, _DOCUMENTS_AT_ONCE):
        found = catalog.rows(_PLACES, (first, first + _DOCUMENTS_AT_ONCE))
        if found:
            rows, numbers, starts = np.array(found, dtype=np.int64).T
            places[rows, 0], places[rows, 1] = numbers, starts
    return places, _documents(catalog.doc_ids(), catalog.rows(_REPORTS))


def _documents(doc_ids: Sequence[str], reports: Iterable[tuple[int, int]]) -> NDArray[np.void]:
    documents = np.zeros(len(doc_ids), dtype=_DOCUMENT)
    documents["doc_id"] = [doc_id.encode() for doc_id in doc_ids]
    documents["report"] = _NO_REPORT
    for number, report in reports:
        documents["report"][number] = report
    return documents


def _mapped(path: Path, kind: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return the array of a file, without what numpy's class for it costs at each access.

    Raises:
        OSError: when the file cannot be opened.
        ValueError: when it has another size.
    """
    expected, found = math.prod(shape) * kind.itemsize, path.stat().st_size
    if found != expected:
        raise ValueError(f"{path.name} has {found:,} bytes, expected {expected:,}")
    if not expected:  # nothing to map
        return np.zeros(shape, dtype=kind)
    return np.asarray(np.memmap(path, dtype=kind, mode="r", shape=shape))


def _damaged(folder: Path, what: object) -> IndexFormatError:
    said = f"the places of passages in {folder} cannot be read ({what})"
    return damaged_index(folder.parent, said)
