"""Small pictures of runs, drawn without a window."""

from dataclasses import replace

import numpy as np
import pytest
from experiments_for_tests import FIXED, events_of, record_of, tiny
from plots_for_tests import banded, lines, named_points, pictures
from PySide6.QtGui import QImage

from app.library.thumbnail import SIZE, plot_of, thumbnail
from app.theme import DARK, LIGHT, Theme
from engine.plots import AnyPlot, Plot


def colours_in(picture: QImage) -> set[int]:
    return {
        picture.pixel(x, y) for x in range(0, SIZE.width(), 4) for y in range(0, SIZE.height(), 4)
    }


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("plot", [lines(), banded(), named_points(), pictures()])
def test_every_kind_of_plot_can_be_seen_in_both_themes(plot: AnyPlot, theme: Theme) -> None:
    picture = thumbnail(plot, theme)
    assert picture.size() == SIZE
    assert len(colours_in(picture)) > 3


def test_of_no_plot_there_is_an_empty_card() -> None:
    assert len(colours_in(thumbnail(None, LIGHT))) == 1


def test_what_cannot_be_drawn_is_left_out() -> None:
    plot = lines(1)
    (line,) = plot.lines
    for y in (np.full(len(line.y), np.nan), np.full(len(line.y), -1.0), np.full(len(line.y), 2.0)):
        for log in (False, True):
            drawn = replace(plot, lines=(replace(line, y=y),), log_y=log)
            assert thumbnail(drawn, LIGHT).size() == SIZE


def test_the_plot_of_what_is_free_stands_for_a_run() -> None:
    run = record_of(events_of(tiny({**FIXED, "hyperparameters.learning_rates.free": "true"})))
    plot = plot_of(run)
    assert isinstance(plot, Plot)
    assert plot.key == "learning_rates"
