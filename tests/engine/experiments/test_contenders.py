"""Methods to be compared: their names, their options, what they give."""

import pytest
from experiments_for_tests import FIXED, tiny

from engine.errors import InputError
from engine.experiments.contenders import (
    Contender,
    contender_of,
    given_by,
    run_by,
    usual_contenders,
)
from engine.experiments.method_options import MethodOptions
from engine.hypergradients.catalogue import METHODS
from engine.methods import Forward, Truncated

PENALTIES = {**FIXED, "hyperparameters.l2_penalties.free": "true"}
RATES = {**FIXED, "hyperparameters.learning_rates.free": "true"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("forward", Contender("forward")),
        ("truncated:last=5", Contender("truncated", MethodOptions(last=5))),
        (
            "implicit-cg:iterations=3:tolerance=0.1",
            Contender("implicit-cg", MethodOptions(iterations=3, tolerance=0.1)),
        ),
        (" checkpointed:snapshots = 4", Contender("checkpointed", MethodOptions(snapshots=4))),
    ],
)
def test_a_text_names_a_method_and_its_options(text: str, expected: Contender) -> None:
    assert contender_of(text) == expected


def test_a_method_is_a_contender_with_its_options() -> None:
    assert contender_of(Truncated(last=7)) == contender_of("truncated:last=7")
    assert contender_of(Forward()).method == "forward"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "expected some of exact-reversal"),
        ("truncated:snapshots=3", "expected options of truncated (last), found 'snapshots'"),
        ("truncated:last=many", "expected numbers as options"),
        ("truncated:last=0", "expected a whole number from 1"),
        ("truncated:last=1e300", "found 1e+300"),
        (f"truncated:last={10**300}", "found 1e+300"),
        ("truncated:last=3:last=5", "expected last once"),
        ("checkpointed:snapshots=2:megabytes=1", "methods, megabytes of checkpointed: expected"),
        ("implicit-cg:tolerance=2", "expected"),
    ],
)
def test_what_is_no_method_or_option_is_named_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        contender_of(text)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_names_tell_options() -> None:
    assert Contender("forward").name == "Forward"
    assert contender_of("truncated:last=5").name == "Truncated, last 5"
    assert contender_of("checkpointed:snapshots=1").name == "Checkpoints, 1 snapshot"


def test_numbers_in_names_are_written_as_people_do() -> None:
    assert contender_of("forward:megabytes=1e9").name == "Forward, 1,000,000,000 MB"
    assert contender_of("forward:megabytes=0.25").name == "Forward, 0.25 MB"
    assert contender_of("implicit-neumann:step=1e-9").name.endswith("step 1e-09")


def test_an_experiment_by_another_method_has_free_what_that_gives() -> None:
    both = tiny({**RATES, "hyperparameters.l2_penalties.free": "true"})
    by_it = run_by(both, contender_of("implicit-cg:iterations=3"))
    assert by_it.free == {"l2_penalties"}
    assert by_it.method == "implicit-cg"
    assert by_it.hypergradient.iterations == 3
    assert given_by(both, "truncated") == ("learning_rates", "l2_penalties")


def test_a_method_that_gives_nothing_of_what_is_free_says_so() -> None:
    with pytest.raises(InputError, match="It gives no derivatives by the learning rates"):
        run_by(tiny(RATES), Contender("implicit-cg"))


def test_a_method_that_does_not_fit_the_dynamics_says_so() -> None:
    plain = tiny({**PENALTIES, "training.dynamics": "gradient-descent", "method": "forward"})
    with pytest.raises(InputError, match="cannot be undone bit for bit"):
        run_by(plain, Contender("exact-reversal"))


def test_the_usual_ones_fit_and_end_in_time() -> None:
    few = {one.method for one in usual_contenders(tiny(PENALTIES))}
    assert {"exact-reversal", "forward", "implicit-cg", "finite-differences"} <= few
    many = tiny({**PENALTIES, "hyperparameters.l2_penalties.granularity": "weight"})
    assert not {"forward", "finite-differences"} & {one.method for one in usual_contenders(many)}
    assert {one.method for one in usual_contenders(many)} <= METHODS.keys()
