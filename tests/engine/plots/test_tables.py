"""The numbers behind maps; those behind lines are tested with the plots of a run."""

import csv
import io
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest
from plots_for_tests import PLOTS as EXAMPLES
from plots_for_tests import class_map, level_map

from engine.plots import PLOTS, AnyPlot, table, to_csv


def test_a_place_of_a_map_has_its_likeliest_class_and_how_sure_that_is() -> None:
    names = ("San Jose, CA", "Reno", "Elko")
    plot = class_map(names)
    header, *rows = csv.reader(io.StringIO(to_csv(plot)))
    assert header == ["x", "y", "class", "certainty (0 to 1)"]
    assert len(rows) == plot.values.size
    assert {row[2] for row in rows} == set(names)
    value = plot.values[0, 12]
    assert rows[12][2] == names[int(value)]
    assert float(rows[12][3]) == value - int(value)


def test_a_place_without_a_class_has_empty_cells() -> None:
    plot = replace(class_map(), values=np.full_like(class_map().values, np.nan))
    _, rows = table(plot)
    assert rows[0][2] == ""
    assert to_csv(plot).splitlines()[1].endswith(",,")


def test_a_place_of_levels_has_its_level() -> None:
    plot = level_map()
    header, rows = table(plot)
    assert header == ["weight 1", "weight 2", "loss"]
    assert rows[0] == [plot.x[0], plot.y[0], plot.values[0, 0]]


@pytest.mark.parametrize("key", PLOTS)
def test_the_guide_says_what_the_columns_of_every_plot_are(key: str) -> None:
    guide = (resources.files("resources") / "guide.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in guide.splitlines() if line.startswith("| `")]
    assert any(f"`{key}`" in row for row in rows)


@pytest.mark.parametrize("plot", EXAMPLES.values(), ids=EXAMPLES)
def test_every_column_has_a_name_of_its_own(plot: AnyPlot) -> None:
    header, rows = table(plot)
    assert all(name.strip() for name in header)
    assert len(set(header)) == len(header)
    assert {len(row) for row in rows} == {len(header)}
