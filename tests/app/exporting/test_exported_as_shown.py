"""Figures are exported as they are shown in the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from export_driving import PATIENCE, PLOTS, click, export
from plots_for_tests import lines, pictures
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.exporting.export_dialog import ExportDialog
from engine.figures.figure import render
from engine.plots import Showing, to_csv

SHOWINGS = {
    "lines": Showing(True, frozenset({"group 1"}), (3.0, 30.0), (1.0, 2.5)),
    "level_map": Showing(None, frozenset(), (0.0, 1.0), (0.0, 1.0)),
}


@pytest.fixture
def zoomed(qtbot: QtBot, tmp_path: Path) -> Iterator[ExportDialog]:
    """On plots that the window shows in another way than they ask for."""
    make_application()
    made = ExportDialog(PLOTS, ["lines", "pictures"], tmp_path / "figures", None, SHOWINGS)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitExposed(made)
    yield made
    made.reject()


def test_figures_are_as_shown_in_the_window_and_numbers_are_all_there(
    zoomed: ExportDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    assert zoomed.as_shown.isChecked()
    assert zoomed.difference.text() == (
        "This figure: logarithmic axis, 1 legend entry hidden, zoomed."
    )
    export(qtbot, zoomed)
    content = (tmp_path / "figures" / "lines.svg").read_bytes()
    assert content == render(lines(), "svg", showing=SHOWINGS["lines"])
    assert content != render(lines(), "svg")
    assert (tmp_path / "figures" / "pictures.svg").read_bytes() == render(pictures(3), "svg")
    assert (tmp_path / "figures" / "lines.csv").read_text() == to_csv(lines())


def test_without_the_tick_they_are_as_the_plots_ask_for(
    zoomed: ExportDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: not zoomed.preview.image.isNull(), timeout=PATIENCE)
    before = zoomed.preview.image
    with qtbot.waitSignal(zoomed.preview.drawn, timeout=PATIENCE):
        click(qtbot, zoomed.as_shown)
    assert zoomed.preview.image != before
    assert zoomed.difference.text() == ""
    export(qtbot, zoomed)
    assert (tmp_path / "figures" / "lines.svg").read_bytes() == render(lines(), "svg")


def test_a_copied_figure_is_as_shown_in_the_window(zoomed: ExportDialog, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    click(qtbot, zoomed.copy)
    qtbot.waitUntil(lambda: "✓" in zoomed.copy.text(), timeout=PATIENCE)
    data = QGuiApplication.clipboard().mimeData()
    wanted = render(lines(), "svg", showing=SHOWINGS["lines"])
    assert bytes(data.data("image/svg+xml").data()) == wanted
