from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.guide.help_popover import HelpPopover
from app.plots.plot_area import PlotArea
from app.theme import DARK, LIGHT, Theme
from engine.plots.help_texts import plot_texts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # popups, offscreen


@pytest.fixture
def hall(qtbot: QtBot) -> Iterator[QWidget]:
    """A window with something to ask about."""
    made = QWidget()
    QPushButton("?", made).setGeometry(100, 80, 24, 24)
    made.resize(400, 300)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def anchor(hall: QWidget) -> QPushButton:
    return hall.findChild(QPushButton)


@pytest.fixture
def popover(qtbot: QtBot, hall: QWidget) -> Iterator[HelpPopover]:
    made = HelpPopover(hall)
    yield made
    made.close()


def on_screen(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())


def test_every_plot_that_the_window_can_show_has_a_text(qtbot: QtBot) -> None:
    area = PlotArea(LIGHT)
    qtbot.addWidget(area)
    assert set(area.docks) <= set(plot_texts())


def test_a_plot_is_explained_beside_what_was_asked_about(
    popover: HelpPopover, anchor: QPushButton
) -> None:
    popover.show_help("memory", anchor)
    assert popover.isVisible()
    assert popover.title.text() == "Memory"
    assert "information buffer" in popover.text.text()
    assert popover.formula.isVisible()
    assert popover.paper.text() == "Maclaurin et al. 2015, section 2.3, algorithm 3"
    assert not on_screen(popover).intersects(on_screen(anchor))
    assert on_screen(popover).left() - on_screen(anchor).right() < 16


def test_what_has_neither_formula_nor_place_in_the_paper_shows_none(
    popover: HelpPopover, anchor: QPushButton
) -> None:
    popover.show_help("memory", anchor)
    popover.close()
    popover.show_help("data.seed", anchor)
    assert not popover.formula.isVisible()
    assert not popover.paper.isVisible()


@pytest.mark.parametrize("corner", [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_it_stays_within_the_screen(
    popover: HelpPopover, hall: QWidget, anchor: QPushButton, corner: tuple[float, float]
) -> None:
    screen = hall.screen().availableGeometry()
    hall.move(
        screen.left() + round(corner[0] * (screen.width() - hall.width())),
        screen.top() + round(corner[1] * (screen.height() - hall.height())),
    )
    anchor.move(round(corner[0] * 376), round(corner[1] * 276))
    for key in ("memory", "loss_surface", "hyperparameters.l2_penalties.free"):
        popover.show_help(key, anchor)
        assert screen.contains(on_screen(popover)), key
        popover.close()


def test_escape_closes_it(popover: HelpPopover, anchor: QPushButton, qtbot: QtBot) -> None:
    popover.show_help("losses", anchor)
    qtbot.keyClick(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()


def test_a_click_elsewhere_closes_it(
    popover: HelpPopover, hall: QWidget, anchor: QPushButton
) -> None:
    popover.show_help("losses", anchor)
    QTest.mouseClick(popover.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(-50, -30))
    assert not popover.isVisible()


def test_it_takes_the_keyboard_and_can_be_read_aloud(
    popover: HelpPopover, anchor: QPushButton
) -> None:
    popover.show_help("decays", anchor)
    assert QApplication.focusWidget() is popover
    assert popover.accessibleName() == "What is this? Momentum decays"
    assert popover.text.text().rstrip(".") in popover.accessibleDescription()
    assert "algorithm 1" in popover.accessibleDescription()


def test_no_text_is_cut_off(popover: HelpPopover, anchor: QPushButton) -> None:
    for key in ("memory", "data.seed", "loss_surface", "meta.new_seed"):
        popover.show_help(key, anchor)
        QApplication.processEvents()
        for label in (popover.title, popover.text):
            assert label.height() >= label.heightForWidth(label.width()), key
        assert popover.formula.width() >= popover.formula.sizeHint().width() or (
            not popover.formula.isVisible()
        )
        popover.close()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_formula_is_written_in_the_theme_s_ink(
    popover: HelpPopover, anchor: QPushButton, theme: Theme
) -> None:
    popover.set_theme(theme)
    popover.show_help("learning_rates", anchor)
    picture = popover.formula.grab().toImage()
    ink = QColor(theme.ink)
    nearest = min(
        abs(picture.pixelColor(x, y).lightness() - ink.lightness())
        for x in range(picture.width())
        for y in range(picture.height())
    )
    assert nearest < 60
