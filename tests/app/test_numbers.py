import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.numbers import read_count, read_number
from app.schedules.schedule_editor import ScheduleEditor
from app.theme import LIGHT
from engine.derivatives.models import Network

LOCALES = ("de_DE", "fr_FR", "ja_JP", "ar_EG", "hi_IN")
STRANGE = ("0,25", "1,500", "1_000", "١٫٥", "१.५", "1'000", "1 000", "0x10", "", "e5")


@pytest.fixture(params=LOCALES)
def locale(request: pytest.FixtureRequest) -> Iterator[str]:
    """The program starts where people write numbers in another way."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    make_application()
    yield request.param
    QLocale.setDefault(before)


@pytest.fixture
def editor(qtbot: QtBot, locale: str) -> Iterator[ScheduleEditor]:
    groups = Network((2, 1)).groups[:1]
    made = ScheduleEditor("learning_rates", groups, np.full((3, 1), 0.4), lambda _: None, LIGHT)
    qtbot.addWidget(made)
    yield made
    made.close()


def retype(line: QLineEdit, text: str) -> None:
    line.selectAll()
    line.insert(text)  # as when it is pasted


@pytest.mark.parametrize("factor", ["1.5", "0.25", " 1e-1 "])
def test_a_factor_means_what_was_typed_in_any_language(
    qtbot: QtBot, editor: ScheduleEditor, factor: str
) -> None:
    retype(editor.factor, factor)
    qtbot.mouseClick(editor.scale, Qt.MouseButton.LeftButton)
    assert editor.values.ravel() == pytest.approx([0.4 * float(factor)] * 3)


@pytest.mark.parametrize("factor", ["0,25", "1,500", "١٫٥"])
def test_a_factor_in_another_notation_is_refused_and_changes_nothing(
    qtbot: QtBot, editor: ScheduleEditor, factor: str
) -> None:
    retype(editor.factor, factor)
    qtbot.mouseClick(editor.scale, Qt.MouseButton.LeftButton)
    assert (editor.values == 0.4).all()
    assert f"“{factor}”" in editor.problem.text()
    assert "0.5" in editor.problem.text()


def test_boxes_of_numbers_write_a_point_and_no_groups(qtbot: QtBot, locale: str) -> None:
    box = QDoubleSpinBox(maximum=1e6, value=1234.5)
    qtbot.addWidget(box)
    assert box.text() == "1234.50"


def test_the_locale_of_the_system_does_not_come_back_with_the_environment() -> None:
    program = (
        "from app.application import make_application\n"
        "make_application()\n"
        "from PySide6.QtWidgets import QDoubleSpinBox\n"
        "print(QDoubleSpinBox(value=1.5).text())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "1.50"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_read_as_it_is_written(value: float) -> None:
    assert read_number(repr(value)) == value


@pytest.mark.parametrize("text", STRANGE)
def test_other_ways_to_write_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_number(text)
    with pytest.raises(ValueError, match="not a number"):
        read_count(text)
