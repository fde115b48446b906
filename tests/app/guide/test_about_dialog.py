import importlib.metadata
import platform
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot

from app.guide.about_dialog import PAPERS, WHAT, AboutDialog, versions

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def about(qtbot: QtBot) -> Iterator[AboutDialog]:
    made = AboutDialog()
    qtbot.addWidget(made)
    made.open()
    yield made
    made.close()


def words(about: AboutDialog) -> list[str]:
    return [label.text() for label in about.findChildren(QLabel)]


def test_it_says_what_the_program_is_in_two_sentences_and_which_version(
    about: AboutDialog,
) -> None:
    assert f"Retrograde {importlib.metadata.version('retrograde')}" in words(about)
    assert WHAT in words(about)
    assert len(re.findall(r"\.(?= |$)", WHAT)) == 2


def test_it_names_the_licence_that_the_project_has(about: AboutDialog) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    title, _, copyright_line, *_ = (ROOT / "LICENSE").read_text(encoding="utf-8").splitlines()
    [told] = [text for text in words(about) if "Copyright" in text]
    assert title == f"{project['license']} License"
    assert title in told
    assert copyright_line.replace("(c)", "©") in told


def test_it_names_six_papers_with_authors_year_title_venue_and_pages(about: AboutDialog) -> None:
    assert len(PAPERS) == 6
    for paper in PAPERS:
        assert paper in words(about)
        assert re.search(r"\((2000|2015|2016|2017|2018)\)", paper)
        assert re.search(r"\d+–\d+\.$", paper)
        assert "Proceedings" in paper or "Neural Computation" in paper


def test_it_gives_the_versions_of_what_runs_here(about: AboutDialog) -> None:
    found = versions()
    assert found["Python"] == platform.python_version()
    assert found["Qt"] == qVersion()
    assert found["NumPy"] == importlib.metadata.version("numpy")
    assert {"PySide6", "Numba", "autograd", "pyqtgraph", "Platform"} <= set(found)
    for name, version in found.items():
        assert version in words(about), name


def test_copy_puts_the_versions_on_the_clipboard(about: AboutDialog, qtbot: QtBot) -> None:
    qtbot.mouseClick(about.copy_button, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == [f"{name} {version}" for name, version in versions().items()]
    assert about.copy_button.text() == "Copied"


def test_no_line_is_cut_off(about: AboutDialog) -> None:
    for label in about.findChildren(QLabel):
        if label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_it_closes_with_its_button(about: AboutDialog, qtbot: QtBot) -> None:
    close = about.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Close)
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not about.isVisible()
