import numpy as np
import pytest
from experiments_for_tests import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.minibatches import Minibatches
from engine.data.splits import Part
from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.models import l2_penalty
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.tasks import misfit
from engine.hyperparameters.values import Hyperparameters
from engine.runs.events import MetaIterationDone
from engine.runs.run import optimize
from engine.tasks.catalogue import make_task

KEY = (0, 0, 0)


def regression(changes: dict[str, str]) -> Experiment:
    return override(load_experiment("regression"), changes)


@pytest.mark.parametrize(
    ("experiment", "message"),
    [
        (
            tiny({"data.source": "diabetes"}),
            "model.loss: expected squared, because the data have numeric targets.",
        ),
        (
            tiny({"data.source": "diabetes", "model.loss": "squared"}),
            "model.kind: expected kernel ridge or linear regression or dense network, "
            "because the data have numeric targets.",
        ),
        (
            regression({"data.source": "iris"}),
            "model.kind: expected logistic regression or softmax regression or dense network, "
            "because the data have class labels.",
        ),
        (
            tiny({"data.validation": "0"}),
            "data.validation: expected at least one example for the validation loss as objective.",
        ),
        (
            tiny({"data.train": "0"}),
            "data.train: expected at least 1 of the 150 examples, found 0.",
        ),
        (
            tiny({"data.train": "0.9", "data.validation": "0.2"}),
            "data.train + data.validation + data.test: expected at most 150 examples, found 195.",
        ),
    ],
)
def test_data_model_and_objective_that_do_not_go_together_are_refused(
    experiment: Experiment, message: str
) -> None:
    with pytest.raises(InputError) as error:
        make_task(experiment)
    assert str(error.value) == message


def penalised(*penalties: float) -> Hyperparameters:
    """Hyperparameters of which only the penalties matter."""
    return Hyperparameters({"l2_penalties": np.array(penalties)} if penalties else {})


@pytest.mark.parametrize("kind", ["softmax regression", "dense network"])
@pytest.mark.parametrize("loss", ["cross-entropy", "squared"])
def test_classes_go_with_both_losses(kind: str, loss: str) -> None:
    hidden = "[3]" if kind == "dense network" else "[]"
    experiment = tiny({"model.kind": kind, "model.loss": loss, "model.hidden": hidden})
    assert misfit(experiment, "classification") is None
    assert make_task(experiment).network.sizes[-1] == 3


def test_numbers_have_one_output() -> None:
    experiment = regression({"model.kind": "dense network", "model.hidden": "[4]"})
    assert make_task(experiment).network.sizes == (10, 4, 1)


def test_losses_judge_each_part() -> None:
    task = make_task(tiny())
    w = task.initial_noise(KEY)
    losses = task.measure(w, penalised())
    for part, loss in (
        (task.split.train, losses.training),
        (task.split.validation, losses.validation),
        (task.split.test, losses.test),
    ):
        assert loss == pytest.approx(task.network.mean_loss(w, part.inputs, part.targets))
    chosen = task.network.outputs(w, task.split.test.inputs).argmax(axis=1)
    assert losses.test_accuracy == np.mean(chosen == task.split.test.targets)


@pytest.mark.parametrize("part", ["validation", "test"])
def test_an_empty_part_has_no_loss(part: str) -> None:
    task = make_task(tiny({f"data.{part}": "0", "meta.objective": "training"}))
    losses = task.measure(np.zeros(task.network.size), penalised())
    assert getattr(losses, part) is None
    assert losses.training == pytest.approx(np.log(3))
    assert (losses.test_accuracy is None) == (part == "test")


def test_a_regression_has_no_accuracy() -> None:
    task = make_task(regression({}))
    losses = task.measure(np.zeros(task.network.size), penalised())
    assert losses.test_accuracy is None
    assert losses.training == pytest.approx(1.0)  # targets are standardised


@pytest.mark.parametrize("objective", ["validation", "training"])
def test_the_objective_is_the_loss_of_its_part_without_penalties(objective: str) -> None:
    task = make_task(tiny({"meta.objective": objective}))
    w = task.initial_noise(KEY)
    loss, _, by_penalties = task.oracle(KEY, penalised(0.5)).objective(w)
    assert loss == pytest.approx(getattr(task.measure(w, penalised()), objective))
    np.testing.assert_array_equal(by_penalties, [0.0])


@pytest.mark.parametrize(
    ("penalties", "granularity"), [(0, "one"), (1, "one"), (2, "group"), (15, "weight")]
)
def test_derivatives_are_those_of_the_minibatch_loss_with_penalties(
    penalties: int, granularity: str
) -> None:
    fine = {"hyperparameters.l2_penalties.granularity": granularity}
    task = make_task(tiny({"training.batch_size": "20", **fine}))
    network, rates = task.network, np.linspace(0.1, 0.5, penalties)
    train = task.split.train
    rows = Minibatches(len(train.targets), 20, KEY).rows
    seen = {t: Part(train.inputs[rows(t)], train.targets[rows(t)]) for t in (0, 3, 7)}

    def training_loss(w: np.ndarray, theta: np.ndarray | None, t: int) -> float:
        batch = seen[t]
        loss = network.mean_loss(w, batch.inputs, batch.targets)
        return loss if theta is None else loss + l2_penalty(w, theta, granularity, network.groups)

    reference = AutogradOracle(training_loss, lambda w, _: w.sum(), rates if penalties else None)
    oracle = task.oracle(KEY, penalised(*rates))
    w, direction = np.random.default_rng(0).standard_normal((2, network.size))
    for t in seen:
        for found, expected in zip(
            (*oracle.gradient(w, t), *oracle.gradient_and_products(w, t, direction)),
            (*reference.gradient(w, t), *reference.gradient_and_products(w, t, direction)),
            strict=True,
        ):
            np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


@settings(deadline=None, max_examples=30)
@given(st.tuples(*[st.integers(0, 2**40)] * 3), st.tuples(*[st.integers(0, 2**40)] * 3))
def test_initial_noise_depends_on_its_key_alone(
    one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    task, again = make_task(tiny()), make_task(tiny({"meta.seed": "5", "data.seed": "9"}))
    np.testing.assert_array_equal(task.initial_noise(one), again.initial_noise(one))
    same = np.array_equal(task.initial_noise(one), task.initial_noise(other))
    assert same == (one == other)


def test_single_precision_gradients_still_reverse_exactly() -> None:
    single = tiny({"training.precision": "single", "meta.iterations": "2"})
    done = [event for event in optimize(single) if isinstance(event, MetaIterationDone)]
    assert all(event.reversed_exactly for event in done)
    double = [event for event in optimize(tiny()) if isinstance(event, MetaIterationDone)]
    assert done[0].losses.training == pytest.approx(double[0].losses.training, rel=1e-4)
    assert done[0].losses.training != double[0].losses.training
