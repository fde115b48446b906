import pytest
from PySide6.QtGui import QFont, QImage
from pytestqt.qtbot import QtBot

from app.theme import LIGHT
from app.timeline.time_slider import ENDED, PREDICTED, TimeSlider


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


def test_ticks_are_drawn_where_they_are_unless_they_would_touch(qtbot: QtBot) -> None:
    slider = TimeSlider("Training iteration", "What it is", LIGHT)
    qtbot.addWidget(slider)
    slider.resize(400, slider.sizeHint().height())
    slider.setRange(0, 100)
    slider.set_reach(100)

    def picture() -> QImage:
        return slider.grab().toImage()

    def changed(before: QImage) -> list[int]:
        after, row = picture(), slider.height() // 2 - 8
        return [x for x in range(slider.width()) if before.pixel(x, row) != after.pixel(x, row)]

    plain = picture()
    slider.set_ticks((30, 60))
    assert changed(plain) == [slider.x_of(30), slider.x_of(60)]
    slider.set_ticks((30, 60, 60))
    assert not changed(plain)


def test_a_sign_says_what_it_means_where_it_stands(qtbot: QtBot) -> None:
    slider = TimeSlider("Training iteration", "What it is", LIGHT)
    qtbot.addWidget(slider)
    slider.resize(400, slider.sizeHint().height())
    slider.setRange(0, 100)
    slider.set_mark(ENDED, 20)
    slider.set_mark(PREDICTED, 80)
    assert slider.meaning_at(slider.x_of(20)) == "stopped here"
    assert slider.meaning_at(slider.x_of(80) + 2).startswith("the end that was predicted")
    assert slider.meaning_at(slider.x_of(50)) == "What it is"


def test_crosses_are_drawn_unless_they_would_touch(qtbot: QtBot) -> None:
    slider = TimeSlider("Trial", "Which", LIGHT)
    qtbot.addWidget(slider)
    slider.resize(400, slider.sizeHint().height())
    slider.setRange(0, 100)
    plain = slider.grab().toImage()
    slider.set_crosses((20, 60))
    assert slider.grab().toImage() != plain
    slider.set_crosses((20, 21, 22))
    assert slider.grab().toImage() == plain
