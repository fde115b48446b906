"""How long experiments are, in words, and what becomes of training where there is none."""

import pytest

from engine.experiments.amounts import amount
from engine.experiments.files import load_experiment, override


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("toy", {}, "3 × 50 iterations"),
        ("hoag", {}, "30 meta-iterations, minimised to a tolerance"),
        ("kernel-ridge", {}, "60 meta-iterations, solved exactly"),
        ("hoag", {"meta.optimizer": "random"}, "30 trials, minimised to a tolerance"),
        (
            "moons",
            {"meta.optimizer": "random", "meta.iterations": "7"},
            "7 trials of 80 iterations",
        ),
        (
            "one-number",
            {"meta.optimizer": "grid", "meta.iterations": "7", "training.iterations": "9"},
            "at most 7 trials of 9 iterations",
        ),
        ("with-or-without", {}, "4 strategies, 64 iterations"),
    ],
)
def test_an_amount_counts_what_there_is(name: str, changes: dict[str, str], expected: str) -> None:
    assert amount(override(load_experiment(name), changes)) == expected
