"""Detection of damage: files are cut and bits flipped, one at a time."""

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import DatelineError
from indexer.storage.manifest import MANIFEST_FILE, generation_folder, read_manifest
from indexer.storage.verify import verify
from tests.support.commands import is_refusal, run_module

_KINDS = ("bit flipped", "cut")
_REFUSED = 2


@dataclass(frozen=True, slots=True)
class Damage:
    """Damaged file: whether `verify` noticed, and how `ask` ended.

    `ended` is "refused" (one line and exit code 2), "same answer", "other answer" or "crashed".
    """

    file: str
    kind: str
    noticed: bool
    ended: str


def damage_files(
    index: Path, folder: Path, count: int, seed: int, question: str
) -> Iterator[Damage]:
    """Damage a copy of an index in one place at a time.

    Args:
        index: undamaged; copied.
        folder: of the copy.
        count: of damages.
        seed: of files and places.
        question: asked after each damage.
    """
    chosen = random.Random(seed)
    copy = Path(shutil.copytree(index, folder / "damaged"))
    live = generation_folder(copy, read_manifest(copy).generation)
    files = [copy / MANIFEST_FILE, *sorted(path for path in live.rglob("*") if path.is_file())]
    files = [path for path in files if path.stat().st_size and not path.name.endswith(".lock")]
    whole = _asked(copy, question)[1]
    for number in range(count):
        path, kind = files[number % len(files)], chosen.choice(_KINDS)
        content = path.read_bytes()
        place = chosen.randrange(len(content))
        if kind == "cut":
            changed = content[:place]
        else:
            flipped = content[place] ^ (1 << chosen.randrange(8))
            changed = content[:place] + bytes([flipped]) + content[place + 1 :]
        path.write_bytes(changed)
        try:
            code, answer = _asked(copy, question)
            yield Damage(path.name, kind, _noticed(copy), _ended(code, answer, whole))
        finally:
            path.write_bytes(content)


def _noticed(index: Path) -> bool:
    try:
        return bool(verify(index))
    except DatelineError:
        return True


def _asked(index: Path, question: str) -> tuple[int, Any]:
    """Ask in a process of its own, so that a crash is seen."""
    ran = run_module("retrieval", "ask", question, "--json", "--index", index)
    if ran.returncode == _REFUSED:
        # Rust prints a panic of tantivy before the line that says what is damaged.
        said = ran.stderr[ran.stderr.rfind("\nerror: ") + 1 :]
        return (_REFUSED if is_refusal(_REFUSED, said) else -1), None
    try:
        answer = json.loads(ran.stdout)
    except ValueError:
        return -1, None
    return ran.returncode, [answer["state"], answer["quotes"], answer["hits"]]


def _ended(code: int, answer: Any, whole: Any) -> str:  # noqa: ANN401 - parsed JSON
    if code == _REFUSED:
        return "refused"
    if code not in (0, 1):
        return "crashed"
    return "same answer" if answer == whole else "other answer"
