"""The numbers behind maps; those behind lines are tested with the plots of a run."""

import csv
import io
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from plots_for_tests import PLOTS as EXAMPLES
from plots_for_tests import class_map, level_map

from engine.output.files import names_of_files, write_figures
from engine.plots import PLOTS, AnyPlot, MapPlot, Points, paths_to_csv, table, to_csv
from engine.plots.base import Line, Picture, PicturePlot, Plot


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


def test_pictures_keep_their_names() -> None:
    pictures = tuple(Picture(name, np.zeros((2, 2))) for name in ("8 → 3", "4"))
    header, rows = table(PicturePlot("key", "Title", pictures, "pixel", "sequential", (0.0, 1.0)))
    assert header == ["picture", "row", "column", "pixel", "name"]
    assert rows[3:5] == [[0.0, 1.0, 1.0, 0.0, "8 → 3"], [1.0, 0.0, 0.0, 0.0, "4"]]


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


def test_what_lies_on_a_map_has_a_table_of_its_own_in_which_places_are_numbered() -> None:
    plot = replace(level_map(), points=(Points("start", np.array([0.5]), np.array([1.0]), 0),))
    header, *rows = csv.reader(io.StringIO(paths_to_csv(plot)))
    assert header == ["points or path", "place", plot.x_label, plot.y_label]
    for one in (*plot.points, *plot.paths):
        own = [row for row in rows if row[0] == one.name]
        assert [float(row[1]) for row in own] == list(range(len(one.x)))
        assert [float(row[2]) for row in own] == one.x.tolist()
        assert [float(row[3]) for row in own] == one.y.tolist()
    assert paths_to_csv(replace(plot, points=(), paths=())) == ""
    assert not any(paths_to_csv(one) for one in EXAMPLES.values() if not isinstance(one, MapPlot))


def test_numbers_of_a_map_are_written_into_two_files(tmp_path: Path) -> None:
    plot = level_map()
    written = write_figures([plot], tmp_path, ["csv"])
    assert [path.name for path in written] == names_of_files(plot, "csv")
    assert [path.name for path in written] == [f"{plot.key}.csv", f"{plot.key}_paths.csv"]
    assert written[1].read_text(encoding="utf-8") == paths_to_csv(plot)


def test_points_above_each_other_have_a_row_each() -> None:
    above = Line("predicted", np.array([4.0, 4.0, 2.0]), np.array([1.0, 2.0, 3.0]), 0, "rings")
    below = Line("measured", np.array([1.0, 2.0]), np.array([5.0, 6.0]))
    plot = Plot("p", "P", "x", "y", (above, below), (0, 4))
    header, rows = table(plot)
    assert header == ["x", "predicted", "measured"]
    told = [[None if np.isnan(cell) else cell for cell in row] for row in rows]  # type: ignore[arg-type]
    assert told == [[1, None, 5], [2, 3, 6], [4, 1, None], [4, 2, None]]


def test_a_bar_across_the_room_of_its_name_is_one_row() -> None:
    wide = np.array([-0.3, 0.3])
    lines = tuple(
        Line(name, place + wide, np.full(2, y), low=np.full(2, y - 1), high=np.full(2, y + 1))
        for place, (name, y) in enumerate([("pixels", 3.0), ("learned", 5.0)])
    )
    plot = Plot("key", "Title", "seen", "y", lines, (-0.5, 1.5), x_names=("pixels", "learned"))
    header, rows = table(plot)
    assert header[:3] == ["seen", "pixels", "pixels, low"]
    assert [row[0] for row in rows] == ["pixels", "learned"]
    assert rows[0][1:4] == [3.0, 2.0, 4.0]
    assert rows[1][4:] == [5.0, 4.0, 6.0]
    bent = replace(plot, lines=(replace(lines[0], y=np.array([3.0, 4.0])), lines[1]))
    assert len(table(bent)[1]) == 3


@pytest.mark.parametrize(
    "plot",
    [
        pytest.param(one, id=key)
        for key, one in EXAMPLES.items()
        if isinstance(one, Plot) and one.is_named and not one.is_around_names
    ],
)
def test_a_name_that_is_no_number_has_one_row(plot: Plot) -> None:
    names = [row[0] for row in table(plot)[1]]
    assert len(set(names)) == len(names)
