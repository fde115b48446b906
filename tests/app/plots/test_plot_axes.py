import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plots_to_show import plot_of, shown, two_lines
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.dress import apply_to_application
from app.plots.plot_axes import CountAxis, ValueAxis, log_ticks
from app.plots.plot_view import PlotView
from app.schedules.schedule_axis import ValueAxis as ScheduleValueAxis
from app.theme import LIGHT
from engine.plots import Line


@pytest.fixture
def view(qtbot: QtBot) -> PlotView:
    apply_to_application(make_application(), LIGHT)
    made = PlotView(LIGHT)
    made.set_presentation(True)
    shown(qtbot, made)
    made.show_plot(two_lines())
    return made


def label_at(view: PlotView, height: int) -> tuple[str, float]:
    """What the label of the y axis reads, and how long it is."""
    view.resize(500, height)
    axis = view.getPlotItem().getAxis("left")
    assert axis.label.boundingRect().width() <= axis.size().height()
    return axis.label.toPlainText(), axis.label.boundingRect().width()


_LONG = "loss after training (squared error)"
_IN_ROWS = "loss after training\n(squared error)"


def test_a_label_is_set_in_smaller_type_before_its_unit_gets_a_row_and_it_is_shortened(
    view: PlotView,
) -> None:
    view.show_plot(replace(two_lines(), y_label=_LONG))
    whole, usual = label_at(view, 600)
    assert whole == _LONG
    labels = [label_at(view, height) for height in range(600, 140, -4)]
    assert any(text == whole and length < 0.95 * usual for text, length in labels)
    stages = [_LONG, _IN_ROWS, "shortened"]
    forms = [text if text in stages else "shortened" for text, _ in labels]
    assert list(dict.fromkeys(forms)) == stages
    assert forms == sorted(forms, key=stages.index)
    assert "…" in labels[-1][0]


def test_a_label_of_two_rows_has_room_for_both_beside_the_ticks(
    view: PlotView, qtbot: QtBot
) -> None:
    view.show_plot(replace(two_lines(), y_label=_LONG))
    axis = view.getPlotItem().getAxis("left")
    label_at(view, 600)
    narrow = axis.width()
    labels = (label_at(view, height)[0] for height in range(400, 140, -4))
    assert next(label for label in labels if label != _LONG) == _IN_ROWS
    qtbot.waitUntil(lambda: axis.width() > narrow + 10)
    assert axis.label.boundingRect().height() < axis.width()
    label_at(view, 600)
    qtbot.waitUntil(lambda: axis.width() == narrow)


def test_a_label_without_a_unit_is_broken_between_words(view: PlotView) -> None:
    view.show_plot(replace(two_lines(), y_label="momentum decay γ"))
    labels = [label_at(view, height)[0] for height in range(300, 140, -4)]
    assert list(dict.fromkeys(labels))[:2] == ["momentum decay γ", "momentum\ndecay γ"]


@pytest.mark.parametrize("size", [300, 60, 30, 8])
def test_ticks_of_a_low_axis_do_not_lie_on_each_other(view: PlotView, size: int) -> None:
    axis = view.getPlotItem().getAxis("left")
    ((_, places),) = axis.tickValues(0.1, 0.9, size)
    assert len(places) >= 1
    row = QFontMetricsF(axis.style["tickFont"]).height()
    assert all(size * (b - a) / 0.8 >= row for a, b in pairwise(places))


def test_the_thousands_of_ticks_are_apart(view: PlotView) -> None:
    axis = ValueAxis("left")
    assert texts_of(axis, 0, 4000)[:3] == ["0", "1,000", "2,000"]


def texts_of(axis: ValueAxis | CountAxis | ScheduleValueAxis, low: float, high: float) -> list[str]:
    """What the ticks of an axis over a range say."""
    (spacing, values), *_ = axis.tickValues(low, high, 300)
    return list(axis.tickStrings(values, 1.0, spacing or 1.0))


@pytest.mark.parametrize("made", [ValueAxis, ScheduleValueAxis])
@pytest.mark.parametrize("log", [False, True])
@given(low=st.floats(1e-5, 1e7), width=st.floats(-8, 2))
def test_no_two_ticks_say_the_same(
    qapp: object, made: type[ValueAxis], log: bool, low: float, width: float
) -> None:
    axis = made("left")
    ends = (low, low * (1 + 10**width))
    axis.setLogMode(log)
    texts = texts_of(axis, *(map(math.log10, ends) if log else ends))
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("made", [ValueAxis, ScheduleValueAxis])
@pytest.mark.parametrize("log", [False, True])
@given(low=st.floats(1e-3, 1e4), width=st.floats(-2, 0.6))
def test_ticks_say_where_they_are(
    qapp: object, made: type[ValueAxis], log: bool, low: float, width: float
) -> None:
    axis = made("left")
    ends = (low, low * (1 + 10**width))
    axis.setLogMode(log)
    low, high = map(math.log10, ends) if log else ends
    (spacing, places), *_ = axis.tickValues(low, high, 300)
    texts = axis.tickStrings(places, 1.0, spacing or 1.0)
    values = [10.0**place for place in places] if log else places
    told = [float(text.replace(",", "")) for text in texts]
    room = 0.02 * min((b - a for a, b in pairwise(values)), default=1.0)
    np.testing.assert_allclose(told, values, rtol=0, atol=room)


@given(low=st.integers(0, 10**8), width=st.integers(10, 1000))
def test_no_two_counts_say_the_same(qapp: object, low: int, width: int) -> None:
    texts = texts_of(CountAxis("bottom"), low, low + width)
    assert len(set(texts)) == len(texts)


@given(low=st.integers(0, 2**40), width=st.integers(10, 10**6))
def test_no_two_ticks_of_bytes_say_the_same(qapp: object, low: int, width: int) -> None:
    axis = ValueAxis("left")
    axis.counts_bytes = True
    texts = texts_of(axis, low, low + width)
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("log", [False, True])
def test_a_narrow_range_has_room_for_its_long_ticks_and_is_read_to_the_pixel(
    qtbot: QtBot, view: PlotView, log: bool
) -> None:
    axis = view.getPlotItem().getAxis("left")
    usual = axis.width()
    narrow = Line("loss", np.arange(3.0), np.array([0.30012, 0.300125, 0.30031]))
    view.show_plot(plot_of(narrow))
    view.set_log(log)
    view.grab()
    low, high = view.getPlotItem().getViewBox().viewRange()[1]
    texts = texts_of(axis, low, high)
    longest = max(QFontMetricsF(axis.style["tickFont"]).horizontalAdvance(text) for text in texts)
    least = longest + QFontMetricsF(axis.label.font()).height()
    qtbot.waitUntil(lambda: axis.width() > least)
    readings = []
    for y in narrow.y[:2]:
        x = float(narrow.x[narrow.y == y][0])
        view.read_at(QPointF(view.in_pixels(x, math.log10(y) if log else y)))
        assert view.crosshair.reading is not None
        readings.append(view.crosshair.reading.text)
    assert readings[0] != readings[1]
    view.show_plot(two_lines())
    view.set_log(False)
    view.grab()
    qtbot.waitUntil(lambda: axis.width() == usual)


@pytest.mark.parametrize("most", [2, 3, 5])
def test_a_logarithmic_axis_has_two_ticks_however_low_it_is(most: int) -> None:
    for low in np.arange(-3, 3, 0.1):
        for span in np.arange(0.7, 6, 0.1):
            ticks = log_ticks(low, low + span, most)
            assert 2 <= len(ticks) <= max(2, most)
            assert all(low <= tick <= low + span for tick in ticks)
