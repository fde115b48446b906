"""Driving the dialog that exports."""

from plots_for_tests import class_map, level_map, lines, pictures
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.exporting.export_dialog import ExportDialog

PATIENCE = 30_000

PLOTS = [lines(), pictures(3), level_map(), class_map()]

KEYS = [plot.key for plot in PLOTS]


def opened(qtbot: QtBot, chosen: list[str]) -> ExportDialog:
    make_application()
    made = ExportDialog(PLOTS, chosen)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitExposed(made)
    return made


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    place = QPoint(8, button.height() // 2) if isinstance(button, QCheckBox) else QPoint()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=place)


def choose_size(qtbot: QtBot, dialog: ExportDialog, size: str) -> None:
    wanted = dialog.size_box.findData(size)
    while dialog.size_box.currentIndex() != wanted:
        down = dialog.size_box.currentIndex() < wanted
        qtbot.keyClick(dialog.size_box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def ticked(dialog: ExportDialog) -> list[str]:
    states = [dialog.choice.item(row).checkState() for row in range(dialog.choice.count())]
    pairs = zip(KEYS, states, strict=True)
    return [key for key, state in pairs if state == Qt.CheckState.Checked]


def export(qtbot: QtBot, dialog: ExportDialog) -> list[str]:
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE) as exported:
        click(qtbot, dialog.write)
    return list(exported.args[0])
