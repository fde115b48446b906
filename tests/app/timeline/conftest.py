"""A timeline of a run of five meta-iterations."""

from collections.abc import Iterator

import pytest
from on_timeline import T
from pytestqt.qtbot import QtBot

from app import dress
from app.application import make_application
from app.theme import LIGHT
from app.timeline.timeline import Timeline
from engine.runs.moments import Moment


@pytest.fixture
def timeline(qtbot: QtBot) -> Iterator[Timeline]:
    dress.apply_to_application(make_application(), LIGHT)
    made = Timeline(LIGHT)
    qtbot.addWidget(made)
    made.resize(900, 72)
    made.show()
    qtbot.waitExposed(made)
    made.set_run(5, T)
    yield made
    made.close()


@pytest.fixture
def told(timeline: Timeline) -> list[Moment | None]:
    moments: list[Moment | None] = []
    timeline.moved.connect(moments.append)
    return moments
