"""What every test may rely on: no display, no data at hand, kernels that are compiled."""

import os
from importlib import import_module

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.pop("RETROGRADE_DATA", None)
os.environ["RETROGRADE_LIBRARY"] = os.path.join(os.devnull, "nowhere")

import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest
from sparing import keep_it_so, spare

from app.system_libraries import FOR_QT, missing_packages, what_to_type
from engine.data import published as library

_NO_WINDOWS = missing_packages(FOR_QT)
collect_ignore = ["app", "fuzz", "test_pages.py"] if _NO_WINDOWS else []
pytest_plugins = [] if _NO_WINDOWS else ["qt_manners"]
hypothesis.settings.register_profile("unhurried", deadline=None)  # kernels compile on first use
hypothesis.settings.load_profile("unhurried")


def _nowhere(_: str) -> Path:
    """A folder that is not there, while tests are collected."""
    return Path(os.devnull) / "nowhere"


library.user_cache_path = library.user_config_path = _nowhere


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know the options of pytest-qt even if it cannot be loaded."""
    if _NO_WINDOWS:
        for name in ("qt_api", "qt_log_level_fail"):
            parser.addini(name, "of pytest-qt")
        parser.addini("qt_log_ignore", "of pytest-qt", "linelist")


def pytest_report_header() -> str:
    """Say why there are fewer tests than usual."""
    return f"No tests of the window: {what_to_type(_NO_WINDOWS)}." if _NO_WINDOWS else ""


def pytest_configure(config: pytest.Config) -> None:
    """Compile the kernels once, before the tests are dealt out to several processes."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        command = [sys.executable, "-m", "tests.compile_kernels"]
        compiling = [
            subprocess.Popen([*command, precision], cwd=config.rootpath)
            for precision in ("double", "single")
        ]
        assert [process.wait() for process in compiling] == [0, 0], "kernels cannot be compiled"


@pytest.fixture(autouse=True)
def _no_data_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data sets and runs of the person who runs the tests are out of sight."""
    monkeypatch.setattr(library, "user_cache_path", lambda _: tmp_path / "user cache")
    monkeypatch.setattr(library, "user_config_path", lambda _: tmp_path / "user settings")
    monkeypatch.setenv("RETROGRADE_LIBRARY", str(tmp_path / "user data" / "runs.retrograde"))


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No figures are written, which would take time."""
    import_those_who_write_figures()
    monkeypatch.setattr("engine.output.files.write_figures", lambda *_, **__: [])


def import_those_who_write_figures() -> None:
    """Before that function is replaced: who imports it later would keep the other one for good."""
    for module in (
        "engine.output.compared",
        "engine.output.forecasts",
        "app.exporting.figure_writer",
    ):
        import_module(module)


@pytest.fixture
def drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures that are written are drawn once each, whatever the formats: all hold the SVG.

    Drawing a figure in four formats takes four times as long, and says no more where the formats
    are not what a test is about. The numbers are the numbers.
    """
    from engine.figures.figure import Format, Size, render
    from engine.output import files
    from engine.plots import AnyPlot, Showing

    known: dict[int, tuple[AnyPlot, bytes]] = {}

    def drawn(plot: AnyPlot, kind: Format, size: Size, showing: Showing) -> bytes:
        if kind == "csv":
            return render(plot, kind, size, showing)
        if id(plot) not in known:
            known[id(plot)] = plot, render(plot, "svg", size, showing)
        return known[id(plot)][1]

    monkeypatch.setattr(files, "render", drawn)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lasts as long as the tests.

    Runs do so, too, for as long as they last. The first that ended would undo it for all the tests
    after it, of which each looks through what is not spared (see `qt_manners`).
    """
    spare()
    keep_it_so()
