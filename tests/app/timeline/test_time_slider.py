import pytest
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from app.theme import LIGHT
from app.timeline.time_slider import TimeSlider


@pytest.mark.parametrize("points", [8.0, 10.0, 16.0, 22.0])
def test_the_track_is_as_high_as_its_words_however_large_the_type(
    qtbot: QtBot, points: float
) -> None:
    slider = TimeSlider("Training iteration", "What it is", LIGHT)
    qtbot.addWidget(slider)
    font = QFont(slider.font())
    font.setPointSizeF(points)
    slider.setFont(font)
    handle = 6  # it stands out above and below
    assert slider.sizeHint().height() >= slider.fontMetrics().height() + handle
    assert slider.sizeHint().height() >= 26
