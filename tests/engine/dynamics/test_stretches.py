"""Stretches of training compute what steps one by one compute, bit for bit."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.minibatches import Minibatches
from engine.derivatives.models import Network
from engine.derivatives.network_oracle import NetworkOracle
from engine.dynamics.pace import Pace
from engine.dynamics.stretches import take_steps
from engine.errors import DivergedError
from engine.hypergradients.counting import find
from engine.hypergradients.exact_reversal import ExactReversal
from engine.hypergradients.problem import Problem, make_problem
from engine.hypergradients.result import Progress, Result
from engine.hypergradients.training import Look, train
from engine.hyperparameters.extents import Sizes
from engine.hyperparameters.l2_penalties import L2_PENALTIES
from engine.kernels.examples import make_examples


class OneByOne:
    """An oracle that hands over no calls."""

    def __init__(self, oracle: NetworkOracle) -> None:
        self._oracle = oracle

    def __getattr__(self, name: str) -> object:
        if name in ("forward_calls", "reverse_calls"):
            raise AttributeError(name)
        return getattr(self._oracle, name)


@dataclass(frozen=True)
class Case:
    """A training run."""

    network: Network
    count: int
    batch: int
    order: str
    precision: type
    granularity: str | None
    has_weights: bool
    has_inputs: bool
    sparse: bool
    iterations: int
    rates: float
    decays: tuple[float, ...]
    seed: int

    @property
    def problem(self) -> Problem:
        random, network = np.random.default_rng(self.seed), self.network
        inputs = random.normal(size=(self.count, network.sizes[0]))
        if self.sparse:
            inputs *= random.random(inputs.shape) < 0.2
        targets = random.integers(0, network.sizes[-1], self.count)
        if network.loss == "squared" and network.sizes[-1] == 1:
            targets = random.normal(size=self.count)
        examples = make_examples(inputs, targets, self.precision, self.sparse)
        penalties = np.zeros(0)
        if self.granularity is not None:
            shape = L2_PENALTIES.extent.shape(self.granularity, Sizes(1, network.groups))
            penalties = random.uniform(0, 1e-2, shape)
        oracle = NetworkOracle(
            network,
            examples,
            Minibatches(self.count, self.batch, (self.seed,), self.order).rows,
            examples,
            penalties,
            penalty_granularity=self.granularity or "one",
            example_weights=random.random(self.count + 3) if self.has_weights else None,
            weights_from=2 if self.has_weights else 0,
            inputs_in_theta=self.has_inputs,
        )
        shape = self.iterations, len(network.groups)
        return make_problem(
            oracle,
            random.normal(size=network.size),
            schedules={
                "learning_rates": random.uniform(0, self.rates, shape),
                "decays": random.choice(self.decays, shape),
            },
            groups=network.groups,
        )


networks = st.builds(
    Network,
    sizes=st.lists(st.integers(1, 9), min_size=2, max_size=4).map(tuple),
    activation=st.sampled_from(["tanh", "ReLU", "softplus"]),
    loss=st.sampled_from(["cross-entropy", "squared"]),
)
cases = st.builds(
    Case,
    network=networks,
    count=st.integers(1, 30),
    batch=st.integers(1, 35),
    order=st.sampled_from(["shuffled", "in order"]),
    precision=st.sampled_from([np.float64, np.float32]),
    granularity=st.sampled_from([None, "one", "group", "input", "weight"]),
    has_weights=st.booleans(),
    has_inputs=st.booleans(),
    sparse=st.booleans(),
    iterations=st.integers(1, 80),
    rates=st.sampled_from([0.01, 0.3, 30.0]),
    decays=st.sampled_from([(1.0,), (0.9, 0.999), (0.5, 1.0), (2.0**-16,), (0.3, 2.0**-15)]),
    seed=st.integers(0, 2**32 - 1),
)


def told(problem: Problem) -> tuple[Result | str, list[Progress]]:
    """What a hypergradient is, or why there is none; and what is told on the way."""
    steps, progress = find(ExactReversal(), problem), []
    while True:
        try:
            progress.append(next(steps))
        except StopIteration as stop:
            return stop.value, progress
        except DivergedError as error:
            return str(error), progress


def bits(result: Result) -> list[bytes | object]:
    """All of a result that does not tell the time."""
    memory, cost = result.memory, replace(result.cost, seconds=0.0)
    arrays = result.gradient.flat, result.learning_curve, result.w_final, result.v_final
    rest = result.validation_loss, result.lyapunov_exponent, result.reversed_exactly
    return [*(np.asarray(each).tobytes() for each in (*arrays, *rest[:2])), memory, cost, rest[2]]


@given(cases)
@settings(max_examples=60)
def test_stretches_have_the_bits_of_steps_one_by_one(case: Case) -> None:
    problem = case.problem
    found, on_the_way = told(problem)
    expected, step_by_step = told(replace(problem, oracle=OneByOne(problem.oracle)))
    if isinstance(expected, Result):
        assert isinstance(found, Result)
        assert expected.reversed_exactly
        assert bits(found) == bits(expected)
    else:
        assert found == expected  # the same iteration, group and reason
    for phase in ("training", "reversing"):
        given, wanted = (
            [one for one in each if one.phase == phase] for each in (on_the_way, step_by_step)
        )
        assert sum(one.iterations for one in given) == len(wanted)
        if wanted:
            losses, kept = (
                np.concatenate([getattr(one, name) for one in given])
                for name in ("losses", "kept_bytes")
            )
            assert losses.tobytes() == np.array([one.loss for one in wanted]).tobytes()
            assert kept.tolist() == [one.buffer_bytes for one in wanted]
            assert given[-1].iteration == wanted[-1].iteration


def small(iterations: int = 500, **changed: object) -> Problem:
    """A training run whose iterations take microseconds."""
    case = Case(
        Network((3, 4, 2)),
        *(20, 8, "shuffled", np.float64, "one", False, False, False),
        iterations,
        *(0.1, (0.9,), 1),
    )
    return replace(case, **changed).problem


def test_quick_iterations_are_told_of_together() -> None:
    _, progress = told(small(2000))
    assert len(progress) < 400, "events take longer than such iterations"
    assert sum(one.iterations for one in progress) == 4000


def test_training_goes_on_after_minibatches_of_another_size() -> None:
    problem = small(12)
    rows = [slice(0, 4), slice(0, 4), slice(4, 9), np.arange(7), np.arange(7), slice(2, 9)] * 2
    problem.oracle._rows = rows.__getitem__
    found, _ = told(problem)
    expected, _ = told(replace(problem, oracle=OneByOne(problem.oracle)))
    assert isinstance(found, Result)
    assert isinstance(expected, Result)
    assert bits(found) == bits(expected)


def test_an_example_may_be_in_a_minibatch_twice() -> None:
    problem = small(9, has_weights=True, has_inputs=True)
    problem.oracle._rows = lambda t: np.array([0, t, 3, 3, 3, 1])
    found, _ = told(problem)
    expected, _ = told(replace(problem, oracle=OneByOne(problem.oracle)))
    assert isinstance(found, Result)
    assert isinstance(expected, Result)
    assert bits(found) == bits(expected)


def test_several_threads_share_steps_one_by_one() -> None:
    problem = small(3)
    problem.oracle._team = 2
    problem.oracle._desk = lambda rows, number=0, own=problem.oracle._desk: own(
        rows, number
    )._replace(parts=2)
    assert problem.oracle.forward_calls(problem.start[0], range(3)) is None


@pytest.mark.parametrize("due", [(3, 7, 100), (), (1, 2, 3)])
def test_parameters_are_looked_at_when_that_is_due(due: tuple[int, ...]) -> None:
    def seen(problem: Problem) -> dict[int, bytes]:
        found: dict[int, bytes] = {}

        def look(done: int, w: object) -> None:
            if done in due:
                found[done] = w().tobytes()

        for _ in train(problem, exactly=True, look=Look(look, due)):
            pass
        return found

    problem = small(50)
    looked = seen(problem)
    assert list(looked) == [place for place in due if place <= 50]
    assert looked == seen(replace(problem, oracle=OneByOne(problem.oracle)))


def test_a_stretch_ends_where_it_is_told_to() -> None:
    problem = small(50)
    training = problem.dynamics.exact(problem.start, problem.groups, problem.schedules)
    done = 0
    while done < 20:
        taken = take_steps(training, problem.oracle, done, 20)
        done += len(taken.losses)
    assert done == 20


def test_a_pace_follows_what_iterations_take() -> None:
    pace = Pace()
    assert pace.most == 1, "nobody knows yet"
    for _ in range(9):
        pace.took(pace.most, 1e-5 * pace.most)
    assert 400 < pace.most < 2000
    pace.took(pace.most, 1e-3 * pace.most)
    assert pace.most <= 20
    pace.took(5, 10.0)
    assert pace.most == 1
