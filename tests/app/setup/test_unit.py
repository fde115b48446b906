import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app import dress
from app import theme as themes


@pytest.mark.parametrize("presentation", [False, True])
def test_no_unit_is_cut_off_however_large_the_type(
    qtbot: QtBot, hall: Hall, presentation: bool
) -> None:
    dress.apply_to_application(QApplication.instance(), themes.LIGHT, presentation)
    for section in hall.setup.form.sections.values():
        section.open()
    QApplication.processEvents()
    for key, field in hall.setup.fields.items():
        for unit in field.findChildren(QLabel):
            if unit.isVisible() and not unit.wordWrap():
                assert unit.width() >= unit.fontMetrics().horizontalAdvance(unit.text()), key
    dress.apply_to_application(QApplication.instance(), themes.LIGHT)
