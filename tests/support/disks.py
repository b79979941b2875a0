"""Small tmpfs file systems to fill up or to remount read-only."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[bool]:
    """Mount a new file system at a new folder; yield whether that is possible here."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    may_mount = os.geteuid() == 0 and shutil.which("mount") is not None
    is_mounted = (
        may_mount and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    )
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def make_read_only(place: Path) -> None:
    """Remount the file system at a place."""
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
