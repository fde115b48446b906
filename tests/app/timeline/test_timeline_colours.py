"""What is written on the lanes can be read in both themes."""

from itertools import product

import pytest
from eyes import contrast
from on_timeline import T
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from app import dress
from app.application import make_application
from app.theme import DARK, LIGHT, Theme
from app.timeline.timeline import Timeline


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read_through_the_handle(timeline: Timeline, theme: Theme) -> None:
    timeline.set_theme(theme)
    slider = timeline.meta_iteration.slider
    timeline.set_run(10, T)
    timeline.set_done(10)
    slider.setValue(5)
    pictures = []
    for message in ("", "MMMMMMMMMM"):
        slider.set_message(message)
        picture = slider.grab().toImage()
        x = slider.x_of(5)
        pictures.append([picture.pixelColor(x + dx, picture.height() // 2) for dx in (-2, 0, 2)])
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_ring_of_the_live_button_is_in_the_accent(timeline: Timeline, theme: Theme) -> None:
    timeline.set_theme(theme)
    timeline.set_run(3, 5)
    timeline.set_done(2)
    timeline.meta_iteration.go_to(0)
    assert timeline.live.text() == "Go live"
    timeline.live.setFocus(Qt.FocusReason.TabFocusReason)
    picture = timeline.live.grab().toImage()
    ring = picture.pixelColor(0, picture.height() // 2)
    assert ring == QColor(theme.accent)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_what_the_first_training_fills_can_be_read(timeline: Timeline, theme: Theme) -> None:
    dress.apply_to_application(make_application(), theme)
    timeline.set_theme(theme)
    timeline.follow(2 * T - 2)
    assert not timeline.step.slider.isEnabled(), "there is no moment to go to yet"
    for part, behind in ((timeline.step.slider, theme.progress), (timeline.live, theme.window)):
        image = part.grab().toImage()
        places = product(range(image.width()), range(image.height()))
        seen = {image.pixelColor(x, y).name() for x, y in places}
        assert max(contrast(colour, behind) for colour in seen) >= 4.5
    image = timeline.live.grab().toImage()
    assert image.pixelColor(6, 6).name() != QColor(theme.progress).name()
