"""Replayed decisions as plots and in words."""

import numpy as np
import pytest
from curves_for_tests import LOOKS, all_at, curves_to

from engine.forecasting.stopping import Rule
from engine.plots import table
from engine.plots.base import Plot
from engine.plots.decision_plots import decision_plots, stroke_of
from engine.plots.decision_words import HEADERS, cells_of, headline
from engine.plots.help_texts import comparison_texts
from engine.runs.decisions import (
    CurveForecast,
    DecisionsFinished,
    DecisionsRecord,
    DecisionsStarted,
    Replayed,
)


@pytest.fixture
def record() -> DecisionsRecord:
    """Of five curves the second and the last are stopped rightly, and the third wrongly."""
    curves = curves_to(0.5, 0.4, 0.9, 0.8, 0.45)
    known = all_at(curves, [0.5, 0.4, 0.3, 0.8, 0.45])
    made = DecisionsRecord(DecisionsStarted(Replayed(curves, Rule(0.05, 1, 3), 1)))
    for place in range(curves.count):
        made.add(CurveForecast(place, {n: known[place, n] for n in LOOKS}))
    made.add(DecisionsFinished())
    return made


def by_key(record: DecisionsRecord) -> dict[str, Plot]:
    return {plot.key: plot for plot in decision_plots(record)}


def test_curves_turn_grey_where_they_were_stopped_and_wrong_stops_are_crossed_out(
    record: DecisionsRecord,
) -> None:
    plot = by_key(record)["curves"]
    lines = {line.name: line for line in plot.lines}
    assert len(lines) == len(plot.lines)  # each has its own entry
    assert lines["to 0.4, trained"].x.tolist() == [1, 2, 3]
    assert lines["to 0.4, not trained"].x.tolist() == [3, 4, 5, 6]
    assert lines["to 0.4, not trained"].colour == "reference"
    assert lines["to 0.9, not trained"].colour == "wrong"
    assert lines["best"].y[-1] == 0.8
    crosses = lines["stopped wrongly"]
    assert (crosses.dash, crosses.colour, crosses.x.tolist()) == ("crosses", "wrong", [3])
    assert lines["stopped"].x.tolist() == [3, 3]
    rings = next(line for line in plot.lines if line.dash == "rings")
    assert rings.name.startswith("predicted")
    assert set(rings.x) == {6}
    np.testing.assert_allclose(rings.y, [0.4, 0.3, 0.45])
    assert lines["truth"].y.tolist() == [0.4, 0.9, 0.45]
    _, rows = table(plot)
    assert sum(np.isfinite(row[-1]) for row in rows) == 3  # all end at the same epoch


def test_a_threshold_is_marked_and_what_others_would_save_is_drawn(record: DecisionsRecord) -> None:
    plot = by_key(record)["threshold"]
    saved, wrong = plot.lines
    assert (plot.marks[0].x, plot.marks[0].name) == (0.05, "5 %")
    at = saved.x.tolist().index(0.05)
    assert saved.y[at] == pytest.approx(record.balance.saved) == pytest.approx(9 / 30)
    assert wrong.y[at] == pytest.approx(1 / 2)
    assert plot.caption == "30 % saved, 1 of 2 winners stopped"


def test_bands_are_held_against_what_they_promise(record: DecisionsRecord) -> None:
    plot = by_key(record)["calibration"]
    assert plot.caption == "15 forecasts; dotted: promised"
    shares = {line.name: line for line in plot.lines}
    assert shares["90 % band"].y.tolist() == [0.8, 0.8, 0.8]  # one was far off
    assert shares["90 %"].y.tolist() == [0.9, 0.9]


def test_every_plot_has_help_and_waits_for_something(record: DecisionsRecord) -> None:
    nothing = DecisionsRecord(DecisionsStarted(record.asked))
    for plot in decision_plots(nothing):
        assert plot.is_empty
        assert plot.caption
    assert by_key(record).keys() <= comparison_texts().keys()
    assert not any(plot.is_empty for plot in decision_plots(record))


def test_one_sentence_says_what_was_saved_and_what_it_cost(record: DecisionsRecord) -> None:
    said = "30 % of 30 epochs saved; 1 of 2 winners stopped, so that the best is 0.1 worse."
    assert headline(record) == said
    record.is_over = False
    assert headline(record).startswith("After 5 of 5 curves: 30 % of")
    assert headline(DecisionsRecord(DecisionsStarted(record.asked))) == ""


def test_a_row_says_where_a_curve_was_stopped_and_whether_rightly(record: DecisionsRecord) -> None:
    rows = [cells_of(record, place) for place in range(5)]
    assert all(len(row) == len(HEADERS) for row in rows)
    assert rows[0] == ["to 0.5", "", "", "0.5", "", "", "nothing to beat yet"]
    assert rows[1][:6] == ["to 0.4", "3", "0.4 ± 0.033", "0.4", "right", "50 %"]
    assert rows[2][4] == "wrong"
    assert rows[2][-1].endswith("but it would have been the best")
    assert rows[3][-1] == "the best so far"
    strokes = [stroke_of(record, place)[0] for place in range(5)]
    assert strokes == [0, "reference", "wrong", 0, "reference"]
