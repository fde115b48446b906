import pytest
from plots_to_show import hover, shown, two_lines
from PySide6.QtWidgets import QApplication, QGraphicsView
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.plot_view import PlotView
from app.theme import DARK, LIGHT


@pytest.fixture
def view(qtbot: QtBot) -> PlotView:
    make_application()
    made = PlotView(LIGHT)
    shown(qtbot, made)
    made.show_plot(two_lines())
    return made


def renderings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with each picture that is taken of a scene."""
    taken, usual = [], QGraphicsView.render

    def render(*args: object) -> None:
        taken.append(1)
        usual(*args)

    monkeypatch.setattr(QGraphicsView, "render", render)
    return taken


def test_a_crosshair_that_moves_along_a_line_draws_nothing_else_again(
    view: PlotView, monkeypatch: pytest.MonkeyPatch
) -> None:
    hover(view, 1.0, 14.0)
    for _ in range(3):  # the line that is read becomes thicker, and is drawn
        QApplication.processEvents()
    taken = renderings(monkeypatch)
    for x in range(1, 9):
        hover(view, float(x), 14.0)
        QApplication.processEvents()
    assert len(taken) <= 1


def test_what_is_read_looks_as_it_does_without_being_read(view: PlotView) -> None:
    view.clearFocus()
    before = view.grab().toImage()
    hover(view, 5.0, 14.0)
    view.crosshair.hide()  # what is below it
    view.emphasise("")
    QApplication.processEvents()
    assert view.grab().toImage() == before


def test_numbers_and_colours_that_change_are_drawn_while_they_are_read(view: PlotView) -> None:
    hover(view, 5.0, 14.0)
    QApplication.processEvents()
    before = view.grab().toImage()
    view.show_plot(two_lines(3.0))
    QApplication.processEvents()
    after = view.grab().toImage()
    assert after != before
    view.set_theme(DARK)
    QApplication.processEvents()
    assert view.grab().toImage().pixelColor(8, 8).name() == DARK.card.lower()
