from plots_to_show import shown, two_lines
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.plot_view import PlotView
from app.theme import LIGHT


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, view: PlotView) -> None:
        super().__init__(view)
        self.count = 0
        view.viewport().installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt calls it so)
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_a_view_that_has_settled_in_its_size_is_painted_once(qtbot: QtBot) -> None:
    make_application()
    view = PlotView(LIGHT)
    shown(qtbot, view)
    view.show_plot(two_lines())
    QApplication.processEvents()
    for size in ((700, 500), (400, 300)):
        view.setUpdatesEnabled(False)
        view.resize(*size)
        view.settle()
        view.setUpdatesEnabled(True)
        paints = Paints(view)
        for _ in range(5):
            QApplication.processEvents()
        assert paints.count == 1
