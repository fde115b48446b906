from collections.abc import Callable
from dataclasses import replace

import pytest
from experiments_for_tests import FIXED, tiny, tiny_with_everything_free

from engine.errors import DivergedError, InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Gradient, Steps
from engine.hyperparameters.kinds import KINDS
from engine.runs.checks import Check, check

EVERYTHING = ("exact-reversal", "stored-trajectory", "checkpointed")
"""The exact methods that give all hypergradients."""

TITLES = {name: kind.plural for name, kind in KINDS.items() if not kind.is_set_by_entry}


def spoil(
    monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[Gradient], Gradient]
) -> None:
    """Let a method give another gradient than it should."""

    class Spoiled(METHODS[name]):  # type: ignore[misc,name-defined]
        def run(self, problem: Problem) -> Steps:
            result = yield from super().run(problem)
            return replace(result, gradient=change(result.gradient))

    monkeypatch.setitem(METHODS, name, Spoiled)


def scaled(gradient: Gradient, kind: str, factor: float) -> Gradient:
    """A gradient that is wrong in one kind."""
    if kind == "initial_scales":
        w0, *others = gradient.state
        return replace(gradient, state=(factor * w0, *others))
    if kind == "l2_penalties":
        return replace(gradient, theta=factor * gradient.theta)
    schedules = {**gradient.schedules, kind: factor * gradient.schedules[kind]}
    return replace(gradient, schedules=schedules)


def failed(checks: list[Check]) -> set[tuple[str, str]]:
    return {(found.what, found.kind) for found in checks if not found.passed}


@pytest.mark.parametrize("method", EVERYTHING)
@pytest.mark.parametrize(
    "experiment", [tiny(), tiny_with_everything_free()], ids=["tiny", "everything free"]
)
def test_a_right_hypergradient_passes(experiment: Experiment, method: str) -> None:
    checks = list(check(override(experiment, {"method": method})))
    assert not failed(checks)
    others = [*(set(EVERYTHING) - {method}), "finite differences"]
    for what in (f"{method} against {other}" for other in others):
        assert [found.kind for found in checks if found.what == what] == list(TITLES.values())
    with_forward = [found for found in checks if found.what == f"{method} against forward"]
    assert len(with_forward) == len(TITLES) - 1, "it gives no initial scales"
    assert all(found.difference < 1e-5 for found in checks)
    assert all(found.found != 0 for found in checks)


def test_forward_mode_is_held_to_the_others_as_finely_as_schedules_are_set() -> None:
    free = {"method": "forward", "hyperparameters.initial_scales.free": "false"}
    checks = list(check(override(tiny_with_everything_free(), free)))
    assert not failed(checks)
    assert {found.what for found in checks if "against" in found.what} == {
        f"forward against {other}" for other in (*EVERYTHING, "finite differences")
    }


def test_penalties_that_there_are_none_of_are_not_checked() -> None:
    none = {
        "hyperparameters.l2_penalties.initial": "0",
        "hyperparameters.l2_penalties.free": "false",
    }
    checks = list(check(tiny(none)))
    assert {found.kind for found in checks} == set(TITLES.values()) - {TITLES["l2_penalties"]}


@pytest.mark.parametrize("factor", [1.01, 0.0, -1.0])
def test_a_wrong_gradient_fails_where_it_is_wrong(
    factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch, "exact-reversal", lambda g: scaled(g, "decays", factor))
    others = ("finite differences", "stored-trajectory", "checkpointed", "forward")
    assert failed(list(check(tiny_with_everything_free()))) == {
        (f"exact-reversal against {other}", TITLES["decays"]) for other in others
    }


@pytest.mark.parametrize("kind", TITLES)
def test_methods_that_differ_are_found(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, "stored-trajectory", lambda g: scaled(g, kind, 1 + 1e-6))
    expected = ("exact-reversal against stored-trajectory", TITLES[kind])
    assert failed(list(check(tiny_with_everything_free()))) == {expected}


def test_data_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match=r"^model\.kind: "):
        list(check(override(load_experiment("regression"), {"data.source": "iris"})))


def test_training_that_diverges_cannot_be_checked() -> None:
    fast = {"hyperparameters.learning_rates.initial": "2000"}
    with pytest.raises(DivergedError, match="iteration"):
        list(check(override(load_experiment("regression"), fast)))


def test_a_decay_of_one_can_be_checked() -> None:
    decays = {"hyperparameters.decays.initial": "1.0", "hyperparameters.decays.free": "false"}
    assert not failed(list(check(tiny(decays))))


# Approximate methods

PENALTIES = {
    **FIXED,
    "hyperparameters.l2_penalties.free": "true",
    "hyperparameters.l2_penalties.initial": "0.05",
    "hyperparameters.l2_penalties.granularity": "group",
}
PROMISES = {
    "truncated": "truncated is the reverse pass of the last 3 iterations",
    "implicit-cg": "implicit-cg solves H q = ∇E to 1e-10",
    "implicit-neumann": "implicit-neumann with 100 terms is as many rounds of the fixed point",
    "implicit-fixed-point": "implicit-fixed-point with 100 rounds is as many terms of the series",
    "finite-differences": "finite-differences are off by no more than they say",
}


def approximate(method: str, **changes: str) -> Experiment:
    told = {"hypergradient.last": "3"} if method == "truncated" else {}
    return tiny({**PENALTIES, "method": method, **told, **changes})


@pytest.mark.parametrize("method", PROMISES)
def test_an_approximate_method_is_held_to_its_promise_and_its_distance_is_told(method: str) -> None:
    checks = list(check(approximate(method)))
    assert not failed(checks)
    assert PROMISES[method] in {found.what for found in checks if not found.is_told}
    told = [found for found in checks if found.is_told]
    assert {found.what for found in told} == {f"{method} against stored-trajectory"}
    far = max(found.difference for found in told)
    assert (far < 1e-6) == (method == "finite-differences")


@pytest.mark.parametrize("method", [*[*PROMISES][2:], "truncated"])
def test_a_promise_that_is_broken_is_found(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, method, lambda g: scaled(g, "l2_penalties", 1 + 1e-3))
    found = failed(list(check(approximate(method))))
    assert {what for what, _ in found} == {PROMISES[method]}


def test_a_system_that_is_not_solved_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lazy(METHODS["implicit-cg"]):  # type: ignore[misc,name-defined]
        def run(self, problem: Problem) -> Steps:
            result = yield from METHODS["implicit-neumann"](terms=3).run(problem)
            return result

    monkeypatch.setitem(METHODS, "implicit-cg", Lazy)
    found = failed(list(check(approximate("implicit-cg"))))
    assert ("implicit-cg solves H q = ∇E to 1e-10", "residual") in found


def test_cholesky_is_held_to_the_solution_of_a_quadratic_loss() -> None:
    ridge = override(
        load_experiment("regression"),
        {
            **FIXED,
            "hyperparameters.l2_penalties.free": "true",
            "method": "implicit-cholesky",
        },
    )
    checks = list(check(ridge))
    assert not failed(checks)
    assert "implicit-cholesky solves H q = ∇E" in {found.what for found in checks}


def test_truncation_with_minibatches_is_the_reverse_pass_of_its_last_iterations() -> None:
    checks = list(check(approximate("truncated", **{"training.batch_size": "20"})))
    assert not failed(checks)


def test_methods_that_take_time_for_each_value_are_not_asked_unasked() -> None:
    many = tiny({**PENALTIES, "hyperparameters.l2_penalties.granularity": "weight"})
    fine = override(many, {"model.kind": "dense network", "model.hidden": "[5]"})
    assert not any("finite-differences" in found.what for found in check(fine))
    assert any("finite-differences" in found.what for found in check(tiny(PENALTIES)))


# What nobody can promise

RELU = {
    "episodes.ways": "3",
    "episodes.queries": "2",
    "episodes.batch": "2",
    "episodes.test_number": "10",
    "model.hidden": "[4, 6]",
    "training.precision": "double",
    "training.iterations": "3",
}


def at_its_kink(changes: dict[str, str] | None = None) -> Experiment:
    """Few-shot episodes whose blank ground meets biases of 0, so that ReLU stands at 0."""
    shipped = load_experiment("hyper-representation", stand_in=True)
    return override(shipped, {**RELU, **(changes or {})})


def against_differences(experiment: Experiment) -> dict[str, Check]:
    checks = [found for found in check(experiment) if "finite differences" in found.what]
    return {found.kind: found for found in checks}


def test_units_at_their_kink_are_compared_beside_it() -> None:
    found = against_differences(at_its_kink())["representation"]
    assert found.passed
    assert not found.is_told
    assert found.difference < 1e-6
    assert "a kink" in found.remark
    smooth = against_differences(at_its_kink({"model.activation": "softplus"}))["representation"]
    assert smooth.passed
    assert smooth.remark == ""


def test_a_wrong_gradient_is_found_beside_a_kink_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(gradient: Gradient) -> Gradient:
        return replace(gradient, theta=gradient.theta * 1.001)

    spoil(monkeypatch, "stored-trajectory", wrong)
    assert not against_differences(at_its_kink())["representation"].passed


def singular() -> Experiment:
    """Fewer examples than pixels, and no penalty: a Hessian that says nothing of most weights."""
    amounts = {f"data.{part}": "20" for part in ("train", "validation", "test")}
    shipped = load_experiment("hyper-cleaning", stand_in=True)
    return override(shipped, {**amounts, "training.iterations": "5"})


def test_what_says_that_it_did_not_converge_is_told_and_not_held_to_it() -> None:
    checks = list(check(singular()))
    assert not failed(checks)
    [found] = [found for found in checks if found.what.startswith("implicit-cg")]
    assert found.is_told
    assert found.found > found.expected
    assert found.remark.startswith("Conjugate gradients did not converge: after")


def test_methods_that_take_too_long_unasked_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.runs.checks._PATIENCE", 0.0)
    checks = list(check(tiny(PENALTIES)))
    assert not failed(checks)
    left_out = {found.what for found in checks if "left out" in found.what}
    assert left_out == {f"{method} is left out" for method in PROMISES}
    asked = list(check(approximate("implicit-cg")))
    assert PROMISES["implicit-cg"] in {found.what for found in asked}, "it is the experiment's"
