"""Classes that are drawn together, learned (Franceschi et al. 2017, section 5.2)."""

import numpy as np
import pytest
from experiments_for_tests import done, events_of, finished, record_of, tiny

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.hyperparameters.interactions import as_matrix
from engine.output.findings import findings
from engine.plots import PicturePlot, plots
from engine.runs.checks import check
from engine.runs.layouts import make_layout
from engine.tasks.catalogue import make_task

KIND = "hyperparameters.interactions"
FREE = {f"{KIND}.free": "true", f"{KIND}.initial": "0.01"}


def interacting(**changes: str) -> Experiment:
    return tiny({**FREE, **changes})


def test_every_method_finds_their_hypergradient() -> None:
    checks = [one for one in check(interacting()) if one.kind == "interactions"]
    assert len(checks) >= 4
    assert [one for one in checks if not one.passed] == []


def test_they_stay_symmetric_and_not_negative_and_training_is_reversed_exactly() -> None:
    events = events_of(interacting(**{"meta.step": "0.5"}))
    assert all(step.reversed_exactly for step in done(events))
    learned = finished(events).hyperparameters["interactions"]
    assert learned.shape == (3,)  # three kinds of irises, and so three pairs
    assert np.all(learned >= 0)
    assert np.array_equal(as_matrix(learned), as_matrix(learned).T)


def test_their_sum_is_kept_below_a_bound_if_that_is_asked_for() -> None:
    bound = {f"{KIND}.constraint": "L1 ball", f"{KIND}.bound": "0.05"}
    events = events_of(interacting(**bound, **{"meta.step": "0.5"}))
    assert finished(events).hyperparameters["interactions"].sum() <= 0.05 + 1e-12


def test_what_is_learned_is_judged_beside_no_interactions() -> None:
    record = record_of(events_of(interacting()))
    shown = {plot.key: plot for plot in plots(record)}
    matrix = shown["interactions"]
    assert isinstance(matrix, PicturePlot)
    assert matrix.pictures[0].values.tolist() == as_matrix(record.current["interactions"]).tolist()
    assert matrix.entries == record.data.class_names
    assert "comparison" in shown
    found = findings(record)["interactions"]
    assert found["losses"].keys() == {"no interactions", "learned"}


def test_where_they_are_fixed_at_nothing_training_does_without_them() -> None:
    experiment = tiny()
    layout = make_layout(experiment, make_task(experiment))
    assert "interactions" not in layout.values(layout.initial_vector())


def test_a_network_has_no_weight_vector_for_each_class() -> None:
    with pytest.raises(InputError, match="only softmax regression") as error:
        override(load_experiment("moons"), {f"{KIND}.free": "true"})
    assert error.value.field == f"{KIND}.free"
