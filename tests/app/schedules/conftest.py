"""An editor of schedules, and what it asked to have tried."""

from collections.abc import Iterator

import numpy as np
import pytest
from editor_driving import GROUPS, T
from pytestqt.qtbot import QtBot

from app import dress
from app.application import make_application
from app.schedules.schedule_editor import ScheduleEditor
from app.theme import LIGHT
from engine.arrays import Floats


@pytest.fixture
def asked() -> list[Floats]:
    return []


@pytest.fixture
def editor(qtbot: QtBot, asked: list[Floats]) -> Iterator[ScheduleEditor]:
    dress.apply_to_application(make_application(), LIGHT)
    made = ScheduleEditor("learning_rates", GROUPS, np.full((T, 2), 0.3), asked.append, LIGHT)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
