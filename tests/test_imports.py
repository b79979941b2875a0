"""What may be loaded by an import: questions must not wait for torch."""

import subprocess
import sys

import pytest

_HEAVY = (
    *("torch", "sentence_transformers", "transformers", "streamlit", "rank_bm25", "rich"),
    *("trafilatura", "lxml", "dateparser", "pyarrow", "pypdf", "feedparser", "warcio"),
)


def _loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    ["import retrieval", "import indexer", "import retrieval.cli", "import indexer.cli.main"],
)
def test_importing_the_library_loads_nothing_heavy(statement: str) -> None:
    assert _loaded_by(statement).isdisjoint(_HEAVY)


def test_the_check_itself_sees_a_heavy_import() -> None:
    assert "rank_bm25" in _loaded_by("import rank_bm25")
