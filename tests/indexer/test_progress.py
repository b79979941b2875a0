"""Bars on a terminal, silence in a pipe."""

import io
import sys

import pytest

from indexer.progress import NoProgress, Progress, TerminalProgress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def work(progress: Progress) -> None:
    progress.stage("read", 4)
    for _ in range(4):
        progress.advance()
    progress.stage("encode", 10)
    progress.advance(10)
    progress.stage("store", None)
    progress.close()
    progress.close()


def test_a_terminal_gets_a_bar_for_each_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    work(TerminalProgress())
    shown = terminal.getvalue()
    assert "read  : 100%" in shown
    assert "4/4" in shown
    assert "encode: 100%" in shown
    assert "10/10" in shown
    assert "passages/s" in shown
    assert "store : " in shown


def test_a_pipe_gets_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    work(TerminalProgress())
    work(NoProgress())
    assert capsys.readouterr() == ("", "")


def test_a_step_before_the_first_stage_is_ignored(capsys: pytest.CaptureFixture[str]) -> None:
    TerminalProgress().advance()
    assert capsys.readouterr() == ("", "")
