import signal
import sys
from pathlib import Path

import pytest

from tests.any_moment import RUN, kept, stop_at_moments, wrong

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_whatever_the_moment_files_are_whole_and_the_status_says_what_happened(
    number: signal.Signals, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stop_at_moments(RUN, number, [1.0], tmp_path) == 0
    assert "wrong: 0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (1, "retrograde: Interrupted."),
        (130, ""),
        (130, "Traceback (most recent call last):\nKeyboardInterrupt"),
        (130, "retrograde: Interrupted.\nException ignored in: <object>"),
        (0, "retrograde: Interrupted."),
    ],
)
def test_anything_but_one_line_and_its_status_is_wrong(status: int, said: str) -> None:
    assert wrong(status, said, signal.SIGINT)


def test_files_that_are_not_whole_are_found(tmp_path: Path) -> None:
    (tmp_path / "losses.pdf").write_bytes(b"%PDF-1.4")
    assert kept(tmp_path)[0] == "losses.pdf is not whole"
