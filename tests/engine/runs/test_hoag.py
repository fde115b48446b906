"""Runs whose hypergradients are only as exact as they have to be (Pedregosa 2016)."""

import numpy as np
import pytest
from experiments_for_tests import done, events_of, finished, record_of
from scipy.optimize import minimize_scalar

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.problems import problems
from engine.runs.events import MetaIterationDone
from engine.tasks.catalogue import make_task
from engine.tasks.logistic import LogisticTask

OPTIMUM = 0.680577
"""log 2Nλ, where independent programs find it on this division of breast cancer."""
LEAST = 22.0815973 / 200
"""The validation loss there."""


def hoag(**changes: str) -> Experiment:
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return override(load_experiment("hoag"), named)


def theta(done: MetaIterationDone) -> float:
    return log_penalty(done.hyperparameters["l2_penalties"])


def log_penalty(penalties: np.ndarray) -> float:
    """θ of losses that are sums, with ½ e^θ ‖w‖²."""
    return float(np.log(2 * 200 * penalties[0]))


def validation_at(task: LogisticTask, log_penalty: float) -> float:
    """The validation loss at the minimum, which Newton's method finds."""
    train, judged = task._train, task._validation
    penalty, w = np.exp(log_penalty) / 200, np.zeros(task.size)
    for _ in range(40):
        shares = 1 / (1 + np.exp(train.targets * (train.inputs @ w)))
        gradient = -(train.targets * shares) @ train.inputs / 200 + penalty * w
        bent = (train.inputs * (shares * (1 - shares))[:, None]).T @ train.inputs / 200
        w -= np.linalg.solve(bent + penalty * np.eye(task.size), gradient)
    return float(np.logaddexp(0, -judged.targets * (judged.inputs @ w)).mean())


@pytest.mark.parametrize("tolerances", ["cubic", "exact"])
def test_the_penalty_of_breast_cancer_is_where_others_find_it(tolerances: str) -> None:
    end = finished(events_of(hoag(meta__tolerances=tolerances)))
    assert log_penalty(end.hyperparameters["l2_penalties"]) == pytest.approx(OPTIMUM, abs=1e-3)


@pytest.mark.parametrize("tolerances", ["quadratic", "cubic", "exponential", "exact"])
def test_every_sequence_gets_to_a_hundredth_of_a_per_cent(tolerances: str) -> None:
    end = finished(events_of(hoag(meta__tolerances=tolerances)))
    assert end.measures["validation_loss"] == pytest.approx(LEAST, rel=1e-4)


def test_that_is_the_least_validation_loss_of_exact_minima() -> None:
    task = make_task(hoag())
    assert isinstance(task, LogisticTask)
    best = minimize_scalar(
        lambda t: validation_at(task, t), bounds=(0, 2), method="bounded", options={"xatol": 1e-8}
    )
    assert best.x == pytest.approx(OPTIMUM, abs=1e-5)
    end = finished(events_of(hoag()))
    assert end.measures["validation_loss"] == pytest.approx(best.fun, rel=1e-6)


def test_the_tolerance_shrinks_and_every_hypergradient_is_within_it() -> None:
    every = done(events_of(hoag()))
    tolerances = [one.tolerance for one in every]
    assert tolerances == sorted(tolerances, reverse=True)
    for one in every:
        assert one.solution.stationarity <= one.tolerance
        assert one.solution.residual <= 1.01 * one.tolerance
        assert not one.remarks


def test_the_estimate_at_the_minimum_is_nearer_to_it_than_the_objective_is() -> None:
    task = make_task(hoag())
    for one in done(events_of(hoag(meta__iterations="5", meta__tolerances="quadratic"))):
        exact = validation_at(task, theta(one))
        off = abs(one.measures["validation_loss"] - exact)
        assert abs(one.solution.at_minimum - exact) < off / 2


def test_what_is_asked_for_exactly_takes_more_of_everything() -> None:
    taken = {}
    for tolerances in ("cubic", "exact"):
        every = done(events_of(hoag(meta__tolerances=tolerances)))
        taken[tolerances] = [
            sum(one.solution.iterations for one in every),
            sum(one.solution.rounds for one in every),
            sum(one.cost.gradients for one in every),
        ]
    assert all(np.array(taken["cubic"]) < np.array(taken["exact"]))


@pytest.mark.parametrize("log_penalty", [-3.0, 0.0, 3.0])
@pytest.mark.parametrize("tolerances", ["quadratic", "cubic"])
def test_few_hypergradients_get_there_from_afar(tolerances: str, log_penalty: float) -> None:
    start, task = np.exp(log_penalty) / (2 * 200), make_task(hoag())
    assert isinstance(task, LogisticTask)
    changes = {"hyperparameters__l2_penalties__initial": str(start), "meta__iterations": "10"}
    every = done(events_of(hoag(meta__tolerances=tolerances, **changes)))
    least = min(validation_at(task, theta(one)) for one in every)
    assert least == pytest.approx(LEAST, rel=1e-4)


def test_warm_starts_leave_little_to_do() -> None:
    last = done(events_of(hoag()))[-1]
    penalty, tolerance = last.hyperparameters["l2_penalties"][0], last.tolerance
    [cold] = done(
        events_of(
            hoag(
                meta__iterations="1",
                meta__first_tolerance=str(tolerance),
                hyperparameters__l2_penalties__initial=str(penalty),
            )
        )
    )
    assert last.solution.iterations < cold.solution.iterations / 2
    assert last.solution.rounds < cold.solution.rounds


def test_l_bfgs_b_converges_to_the_same_place_and_says_so() -> None:
    record = record_of(events_of(hoag(meta__optimizer="l-bfgs-b")))
    end = record.finished
    assert end.message == f"Converged after {len(record.meta_iterations)} meta-iterations."
    assert record.planned == len(record.meta_iterations) < 30
    found = log_penalty(end.hyperparameters["l2_penalties"])
    assert found == pytest.approx(OPTIMUM, abs=1e-5)


def test_a_penalty_on_the_penalties_is_part_of_what_is_compared() -> None:
    start = {"hyperparameters__l2_penalties__initial": "0.006"}
    free = finished(events_of(hoag(**start)))
    held = finished(events_of(hoag(**start, meta__penalty="100.0")))
    one, other = (end.hyperparameters["l2_penalties"][0] for end in (free, held))
    assert other < 0.95 * one


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"method": "exact-reversal"}, "method", "expected implicit-cg, because HOAG"),
        ({"meta.updates": "2"}, "meta.updates", "expected 1, because HOAG looks at"),
        ({"meta.new_seed": "true"}, "meta.new_seed", "expected false, because HOAG compares"),
    ],
)
def test_what_does_not_go_with_it_is_refused_in_a_sentence(
    changes: dict[str, str], field: str, expected: str
) -> None:
    with pytest.raises(InputError) as refusal:
        override(load_experiment("hoag"), changes)
    assert refusal.value.field == field
    assert refusal.value.sentence.startswith(expected)


def test_l_bfgs_b_knows_no_constraints() -> None:
    tables = hoag(meta__optimizer="l-bfgs-b").model_dump(exclude_none=True)
    tables["hyperparameters"]["l2_penalties"] |= {
        "domain": "identity",
        "constraint": "simplex",
        "bound": 0.1,
    }
    found = problems(tables)["hyperparameters.l2_penalties.constraint"]
    assert found == "expected none, because L-BFGS-B keeps to ranges alone."


def test_the_method_follows_from_the_strategy() -> None:
    assert hoag().method == "implicit-cg"


def test_where_the_hessian_is_indefinite_it_is_said() -> None:
    network = override(
        load_experiment("moons"),
        {
            "hyperparameters.learning_rates.free": "false",
            "hyperparameters.decays.free": "false",
            "hyperparameters.l2_penalties.free": "true",
            "hyperparameters.l2_penalties.initial": "0.001",
            "method": "implicit-cg",
            "meta.optimizer": "hoag",
            "meta.iterations": "2",
            "meta.first_tolerance": "0.3",
        },
    )
    record = record_of(events_of(network))
    warnings = [remark for one in record.meta_iterations for remark in one.remarks]
    assert any(one.startswith("The Hessian is not positive definite") for one in warnings)
    assert record.meta_iterations[0].solution.lowest_curvature < 0
