import pytest

from engine.experiments.strategies import STRATEGIES


@pytest.mark.parametrize(
    ("name", "first", "last", "named", "amount"),
    [
        (
            "adam",
            "meta-iteration 0 of 1,200",
            "meta-iteration 1,200 of 1,200",
            "meta-iteration 1",
            "meta-iterations",
        ),
        (
            "real-time",
            "update 0 of 1,200",
            "update 1,200 of 1,200",
            "update 1",
            "updates",
        ),
        ("sweep", "point 1 of 1,200", "point 1,200 of 1,200", "point 2", "points"),
        ("random", "trial 1 of 1,200", "trial 1,200 of 1,200", "trial 2", "trials"),
        ("none", "seed 1 of 1,200", "seed 1,200 of 1,200", "seed 2", "seeds"),
    ],
)
def test_each_strategy_counts_in_its_own_words(
    name: str, first: str, last: str, named: str, amount: str
) -> None:
    strategy = STRATEGIES[name]
    assert (strategy.place(0, 1200), strategy.place(1200, 1200)) == (first, last)
    assert strategy.name_of(1) == named
    assert strategy.amount(3) == f"3 {amount}"
    assert strategy.amount(3, 1200) == f"3 of 1,200 {amount}"
