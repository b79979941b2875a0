"""What an import loads, and which modules of a package others may import."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import pytest

import dateline
from tests.support.commands import REPOSITORY

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
    [
        *("import retrieval", "import indexer", "import retrieval.cli.main"),
        *("import indexer.cli.main", "import dateline", "import dateline.cli.main"),
    ],
)
def test_importing_the_library_loads_nothing_heavy(statement: str) -> None:
    assert _loaded_by(statement).isdisjoint(_HEAVY)


def test_importing_the_public_api_takes_less_than_0_3_s() -> None:
    code = (
        "import time; begun = time.process_time(); import dateline; "
        "print(time.process_time() - begun)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert float(printed.stdout) < 0.3


def test_every_name_of_the_public_api_can_be_imported() -> None:
    for name in dateline.__all__:
        assert getattr(dateline, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Index'"):
        _ = dateline.Index


def test_the_check_itself_sees_a_heavy_import() -> None:
    assert "rank_bm25" in _loaded_by("import rank_bm25")


@cache
def _public(package: str) -> frozenset[str]:
    """The modules that a package declares in `__all__`."""
    source = (REPOSITORY / package.replace(".", "/") / "__init__.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List):
            return frozenset(ast.literal_eval(node.value))
    return frozenset()


def _private_imports() -> Iterator[str]:
    for root in ("indexer", "retrieval", "dateline"):
        for path in sorted((REPOSITORY / root).rglob("*.py")):
            importer = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module:
                    for name in _private_parts(importer, node.module):
                        yield f"{importer} imports {node.module}: {name} is private"


def _private_parts(importer: str, module: str) -> Iterator[str]:
    parts = module.split(".")
    for depth in range(2, len(parts)):
        package = ".".join(parts[:depth])
        inside = importer.startswith(f"{package}.") or parts[0] not in _LAYERED
        if not inside and parts[depth] not in _public(package):
            yield ".".join(parts[: depth + 1])


_LAYERED = {"indexer", "retrieval"}


def test_only_public_modules_of_a_package_are_imported_from_outside() -> None:
    assert list(_private_imports()) == []


def test_a_private_module_would_be_noticed() -> None:
    private = "indexer.cleaning.menus"
    assert list(_private_parts("indexer.build.articles", private)) == [private]
    assert list(_private_parts("indexer.cleaning.cleaner", private)) == []
    assert list(_private_parts("indexer.build.articles", "indexer.cleaning.cleaner")) == []


def test_every_public_module_exists() -> None:
    for init in REPOSITORY.glob("[ir]*/*/__init__.py"):
        package = ".".join(init.parent.relative_to(REPOSITORY).parts)
        for name in _public(package):
            place = init.parent / name
            assert place.with_suffix(".py").is_file() or place.is_dir(), f"{package}.{name}"
