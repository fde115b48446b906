"""Headers of tables are whole, in both themes and in type for a presentation."""

from collections.abc import Iterator

import numpy as np
import pytest
from plots_for_tests import PLOTS
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QHeaderView, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app import dress
from app.application import make_application
from app.data.data_dialog import DataDialog
from app.guide.about_dialog import AboutDialog
from app.guide.cheat_sheet import CheatSheet
from app.main_window import MainWindow
from app.plots.plot_table import PlotTable
from app.schedules.schedule_editor import ScheduleEditor
from app.theme import DARK, LIGHT, Theme
from engine.derivatives.models import Network

_AROUND = 17  # the padding and the rule of a header's section, by the style sheet
looks = pytest.mark.parametrize(
    ("theme", "presentation"), [(LIGHT, False), (DARK, False), (LIGHT, True), (DARK, True)]
)


@pytest.fixture(autouse=True)
def _usual_dress() -> Iterator[None]:
    yield
    dress.apply_to_application(make_application(), LIGHT)


def tables() -> Iterator[QWidget]:
    """Every table of the program, without the numbers that do not matter here."""
    for plot in PLOTS.values():
        yield PlotTable(plot)
    groups = Network((2, 30, 20, 1)).groups
    values = np.full((9, len(groups)), 0.123456)
    yield ScheduleEditor("learning_rates", groups, values, lambda _: None, LIGHT)


def cut_headers(widget: QWidget) -> list[str]:
    """The names of columns that have less room than their text needs."""
    cut = []
    for view in widget.findChildren(QTableView):
        header = view.horizontalHeader()
        font = QFont(header.font())
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        for column in range(header.count()):
            text = str(view.model().headerData(column, Qt.Orientation.Horizontal))
            if header.sectionSize(column) < metrics.horizontalAdvance(text) + _AROUND:
                cut.append(text)
    return cut


@looks
def test_every_column_has_room_for_its_name(qtbot: QtBot, theme: Theme, presentation: bool) -> None:
    dress.apply_to_application(make_application(), theme, presentation)
    for widget in tables():
        qtbot.addWidget(widget)
        widget.show()
        qtbot.waitExposed(widget)
        assert widget.findChildren(QHeaderView)
        assert cut_headers(widget) == []
        widget.close()


@looks
def test_a_table_with_few_columns_shows_all_of_them_at_once(
    qtbot: QtBot, theme: Theme, presentation: bool
) -> None:
    dress.apply_to_application(make_application(), theme, presentation)
    table = PlotTable(PLOTS["classes"])
    qtbot.addWidget(table)
    table.show()
    qtbot.waitExposed(table)
    assert table.view.horizontalScrollBar().maximum() == 0


def test_a_table_that_is_open_makes_room_for_larger_type(qtbot: QtBot) -> None:
    application = make_application()
    dress.apply_to_application(application, LIGHT)
    for widget in tables():
        qtbot.addWidget(widget)
        widget.show()
        qtbot.waitExposed(widget)
        dress.apply_to_application(application, LIGHT, True)
        QApplication.processEvents()
        assert cut_headers(widget) == []
        dress.apply_to_application(application, LIGHT)
        widget.close()


@looks
def test_dialogs_that_list_things_cut_no_label(
    window: MainWindow, theme: Theme, presentation: bool
) -> None:
    dress.apply_to_application(make_application(), theme, presentation)
    for dialog in (
        CheatSheet(window.actions_.by_menu, window),
        DataDialog(window),
        AboutDialog(window),
    ):
        dialog.open()
        labels = [label for label in dialog.findChildren(QLabel) if label.isVisible()]
        assert labels
        cut = [label.text() for label in labels if label.width() < label.minimumSizeHint().width()]
        assert cut == []
        dialog.close()
