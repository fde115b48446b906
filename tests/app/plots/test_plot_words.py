import numpy as np
from plots_to_show import banded, classes, levels, named_points, pictures, plot_of, relations

from app.plots.plot_words import describe
from engine.plots import Line


def test_lines_are_described_by_their_first_and_last_values() -> None:
    x = np.arange(3.0)
    text = describe(
        plot_of(
            Line("validation", x, np.array([0.409, 0.3, 0.188])),
            Line("test", x, np.array([0.2, 0.9, 0.3]), 1),
            Line("validation, first", x, x, faint=True),
            Line("later", np.zeros(0), np.zeros(0)),
        )
    )
    assert text == (
        "loss (nats) over steps: validation falls from 0.409 to 0.188, steps 0 to 2; "
        "test rises from 0.2 to 0.3, between 0.2 and 0.9, steps 0 to 2; later has no value yet."
    )


def test_bytes_have_units_and_single_points_are_described_as_such() -> None:
    line = Line("buffer", np.array([4.0]), np.array([1500.0]))
    assert "buffer is 1.5 kB at 4" in describe(plot_of(line, bytes_y=True))
    assert "no data yet" in describe(plot_of())


def test_of_very_many_lines_only_some_are_described() -> None:
    x = np.arange(3.0)
    text = describe(plot_of(*(Line(f"line {number}", x, x) for number in range(30))))
    assert text.count("rises") == 8
    assert "and 22 more lines" in text


def test_pictures_and_maps_are_described() -> None:
    assert describe(pictures()) == "3 pictures of 4 by 5; weight from -1 to 1."
    assert "loss from 1 to 25" in describe(levels())
    assert "current has reached 3, 1" in describe(levels())
    assert "class regions: cats, dogs; 2 points: cats" in describe(classes())


def test_a_band_and_a_mark_are_described() -> None:
    words = describe(banded())
    assert "mean rises from 1 to 2, plus or minus 0.5 at the end" in words
    assert "marked: chaos from 4" in words


def test_points_are_described_by_their_names() -> None:
    told = "training is 1 for separate, 2 for tied lowest layer, 3 for learned"
    assert told in describe(named_points())


def test_related_things_are_named() -> None:
    words = describe(relations())
    assert words.startswith("2 pictures of 3 by 3, of Greek, Latin, Tifinagh; correlation")


def test_what_is_predicted_is_said_not_to_be_measured() -> None:
    x = np.arange(3.0, 6.0)
    told = "88 % likely to beat 0.177 by steps 5"
    mean = np.array([0.3, 0.25, 0.2])
    line = Line("predicted", x, mean, low=mean - 0.1, high=mean + 0.3, predicted=told)
    assert describe(plot_of(line)) == (
        "loss (nats) over steps: predicted, not measured: 0.2 at steps 5, "
        "90 % band 0.1 to 0.5; 88 % likely to beat 0.177 by steps 5."
    )
