"""Each experiment of the paper, by its name, at a reduced size."""

import json

import pytest
from experiments_for_tests import done, events_of, finished, record_of

from engine.experiments.files import load_experiment, override
from engine.figures.figure import render
from engine.output.files import to_json
from engine.output.findings import findings
from engine.plots.scenes import every_plot
from engine.runs.records import RunRecord

SHORT = {"meta.iterations": "2", "training.iterations": "10"}
FIGURES: dict[str, tuple[str, ...]] = {
    "toy": ("loss_surface", "naive_reversal", "learning_curves"),
    "schedules": ("learning_rates", "decays", "initial_scales", "losses", "learning_curves"),
    "initial-hypergradient": ("mean_hypergradient",),
    "pixel-penalties": ("penalty_pictures", "weight_pictures"),
    "learned-data": ("learned_pictures", "losses"),
    "weight-sharing": ("sharing", "comparison"),
    "chaos": ("sweep_loss", "sweep_hypergradient", "lyapunov_exponent"),
}
FOUND = {
    "toy": "objective",
    "schedules": "initial scales",
    "initial-hypergradient": "initial hypergradient",
    "pixel-penalties": "penalties",
    "learned-data": "learned data",
    "weight-sharing": "weight sharing",
    "chaos": "chaos",
}


def ran(name: str, **changes: str) -> RunRecord:
    """An experiment, changed and run to its end; of equal ones, the same run."""
    return record_of(events_of(override(load_experiment(name), changes or SHORT)))


@pytest.mark.parametrize("name", FIGURES)
def test_an_experiment_has_its_figures(name: str) -> None:
    record = ran(name)
    shown = {plot.key: plot for plot in every_plot(record)}
    assert set(FIGURES[name]) <= set(shown)
    for plot in shown.values():
        assert render(plot, "svg").startswith(b"<?xml")


@pytest.mark.parametrize("name", FOUND)
def test_an_experiment_leaves_the_numbers_of_the_paper(name: str) -> None:
    result = json.loads(to_json(ran(name)))
    assert result["outcome"] == "completed"
    assert all(step["reversed_exactly"] for step in result["meta_iterations"])
    assert FOUND[name] in result["findings"]


def test_the_losses_of_the_toy_fall() -> None:
    events = events_of(override(load_experiment("toy"), {"meta.iterations": "3"}))
    assert finished(events).outcome == "completed"
    first, second, third = (step.losses.training for step in done(events))
    assert first > second > third > finished(events).measures["training_loss"]


def test_learned_sharing_beats_both_fixed_ways_to_share() -> None:
    losses = findings(ran("weight-sharing", **{"meta.iterations": "8"}))["weight sharing"]["losses"]
    assert losses["learned"]["test"] < losses["separate"]["test"]
    assert losses["learned"]["test"] < losses["tied lowest layer"]["test"]
