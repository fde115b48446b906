"""The plots of a run in real time."""

import numpy as np
from experiments_for_tests import events_of, record_of

from engine.experiments.experiment import Experiment
from engine.experiments.files import override
from engine.experiments.problems import validate
from engine.plots.assembly import plots
from engine.plots.base import Plot
from engine.plots.scenes import every_plot
from engine.runs.moments import Moment

TINY = validate(
    {
        "name": "tiny",
        "data": {"source": "moons", "train": 40, "validation": 30, "test": 20},
        "model": {"hidden": [4]},
        "training": {"iterations": 23, "batch_size": 8},
        "hyperparameters": {
            "learning_rates": {"initial": 0.2, "free": True, "domain": "log"},
            "decays": {"initial": 0.5, "free": True, "domain": "logit"},
        },
        "meta": {"optimizer": "real-time", "update_every": 4, "random_runs": 5},
    }
)
BY_GROUP = override(TINY, {"hyperparameters.decays.granularity": "group"})


def drawn(experiment: Experiment, moment: Moment | None = None) -> dict[str, Plot]:
    record = record_of(events_of(experiment))
    then = record if moment is None else record.at(moment)
    return {plot.key: plot for plot in plots(then) if isinstance(plot, Plot)}


def test_what_is_free_is_drawn_as_each_iteration_used_it() -> None:
    made = drawn(TINY)
    rate, decay = made["real_time"].lines
    assert (rate.name, decay.name) == ("learning rate α", "momentum decay γ")
    assert len(rate.x) == 23
    end = record_of(events_of(TINY)).current
    np.testing.assert_array_equal(rate.y, end["learning_rates"][:, 0])
    np.testing.assert_array_equal(decay.y, end["decays"][:, 0])


def test_plots_of_training_again_and_again_are_not_there() -> None:
    assert set(drawn(TINY)) == {
        *("real_time", "real_time_losses", "same_budget", "memory", "hypergradient")
    }


def test_of_several_groups_the_range_is_in_front_and_each_in_a_plot_of_its_own() -> None:
    made = drawn(BY_GROUP)
    _, decays = made["real_time"].lines
    assert decays.band is not None
    assert decays.factors is None
    assert len(made["decays"].lines) == 4
    assert "learning_rates" not in made


def test_a_moment_shows_the_lines_as_far_as_they_were() -> None:
    made = drawn(TINY, Moment(2, 2))
    assert all(len(line.x) == 10 for line in made["real_time"].lines)
    assert len(made["real_time_losses"].lines[0].x) == 10
    budget = made["same_budget"]
    assert [line.name for line in budget.lines] == [
        *("real time", "best of random runs", "never updated")
    ]
    assert len(budget.lines[0].x) <= 3
    assert budget.caption.startswith("at the end: real time ")


def test_without_anything_free_there_is_nothing_to_compare_with_and_nothing_kept() -> None:
    fixed = {f"hyperparameters.{kind}.free": "false" for kind in TINY.free}
    made = drawn(override(TINY, fixed))
    assert [line.name for line in made["same_budget"].lines] == ["real time"]
    assert made["same_budget"].caption == "nothing to compare with"
    assert [line.name for line in made["memory"].lines] == ["full trajectory (float64)"]


def test_losses_and_hyperparameters_are_read_together() -> None:
    made = drawn(TINY)
    assert made["real_time"].along == made["real_time_losses"].along == "iterations"


def test_in_the_end_each_way_to_spend_the_budget_is_there() -> None:
    plot = drawn(TINY)["same_budget"]
    assert [line.name for line in plot.lines] == [
        *("real time", "best of random runs", "never updated")
    ]
    assert plot.caption.startswith("real time 0.")
    assert np.all(np.diff(plot.lines[1].y) <= 0)


def test_the_scene_at_the_end_is_that_of_the_trained_parameters() -> None:
    record = record_of(events_of(TINY))
    [regions] = [plot for plot in every_plot(record) if plot.key == "decision_regions"]
    assert "after 23 iterations" in regions.caption
