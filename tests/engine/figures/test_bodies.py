"""Lines over an axis as a figure draws them."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from plots_for_tests import lines

from engine.data.readers.series import in_years
from engine.figures.figure import draw
from engine.plots import Line
from engine.plots.base import Factors


@pytest.mark.parametrize("layers", [2, 4, 6])
def test_layers_and_roles_are_told_apart_without_colours(layers: int) -> None:
    x = np.arange(40.0)
    named = {
        f"layer {layer} {role}": Line(
            f"layer {layer} {role}",
            x,
            x + layer,
            layer,
            "solid" if role == "weights" else "dashed",
            factors=Factors("layer", str(layer), role),
        )
        for layer in range(layers)
        for role in ("weights", "biases")
    }
    figure = draw(replace(lines(), lines=tuple(named.values())))
    drawn = [(line.get_linestyle(), line.get_marker()) for line in figure.axes[0].lines]
    assert all(one != other for one, other in combinations(drawn[: len(named)], 2))
    assert len({line.get_marker() for line in figure.axes[0].lines}) == layers


def test_an_axis_of_dates_has_dates_of_the_calendar() -> None:
    days = np.array(["2020-01-01", "2020-04-29"], "datetime64[D]").astype(np.float64)
    places = in_years(np.linspace(*days, 120))
    dated = replace(
        lines(),
        lines=(Line("sold", places, np.arange(120.0)),),
        x_range=(places[0], places[-1]),
        counts_x=False,
        years_x=True,
        dates_x=True,
    )
    axes = draw(dated).axes[0]
    texts = [text.get_text() for text in axes.get_xticklabels()]
    assert len(texts) > 1
    assert all(text.startswith("2020-0") for text in texts)
    assert dated.x_in_words(places[36]) == "2020-02-06"


@pytest.mark.parametrize("log", [False, True])
def test_the_number_of_a_run_stands_at_the_end_of_its_line(log: bool) -> None:
    x = np.arange(5.0)
    runs = [
        Line(f"{n} loss", x, np.array([4.0, 3, 2, 1, np.nan]) * n, n - 1, tag=str(n))
        for n in (1, 2)
    ]
    figure = draw(replace(lines(), lines=tuple(runs), log_y=log))
    numbers = [text for text in figure.axes[0].texts if text.get_text() in ("1", "2")]
    assert {text.get_text(): text.xy for text in numbers} == {"1": (3.0, 1.0), "2": (3.0, 2.0)}
