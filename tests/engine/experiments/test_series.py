"""How many lags, and how long a season, the training part of a series allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiments.experiment import Series
from engine.experiments.series import too_many_coefficients

LAGS = st.integers(0, 100)
SEASONS = st.none() | st.integers(2, 400)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            Series(lags=90),
            "series.lags: expected at most 14, because 90 lags need a training part of at least "
            "181 values, and it has 30.",
        ),
        (
            Series(season=40, trend=True),
            "series.season: expected at most 29, because a trend and a season of 40 steps need a "
            "training part of at least 41 values, and it has 30.",
        ),
        (
            Series(lags=2, season=40),
            "series.season: expected at most 26, because 2 lags and a season of 40 steps need a "
            "training part of at least 44 values, and it has 30.",
        ),
        (
            Series(lags=20, season=12),
            "series.lags: expected at most 9, because 20 lags and a season of 12 steps need a "
            "training part of at least 52 values, and it has 30.",
        ),
    ],
)
def test_what_takes_most_of_the_values_is_named_with_the_largest_that_fits(
    settings: Series, expected: str
) -> None:
    assert str(too_many_coefficients(settings, 30)) == expected


def test_the_training_part_is_named_where_it_alone_is_too_short() -> None:
    assert str(too_many_coefficients(Series(trend=True, lags=2), 1)) == (
        "data.train: expected at least 2 values before the first forecast, found 1."
    )


def test_lags_and_a_season_that_are_both_too_long_are_named_one_after_the_other() -> None:
    settings = Series(lags=90, season=200)
    refusal = too_many_coefficients(settings, 30)
    assert refusal is not None
    assert refusal.field == "series.season"
    assert refusal.sentence.startswith("expected at most 30 by itself, because 90 lags and")


@given(lags=LAGS, season=SEASONS, trend=st.booleans(), train=st.integers(1, 500))
def test_what_is_said_to_fit_fits_and_one_more_does_not(
    lags: int, season: int | None, trend: bool, train: int
) -> None:
    settings = Series(lags=lags, season=season, trend=trend)
    refusal = too_many_coefficients(settings, train)
    if refusal is None:
        assert train >= 2 * lags + trend + (season or 1)
        return
    name = refusal.field.removeprefix("series.")
    if refusal.field == "data.train":
        assert train < 1 + trend
        return
    if " by itself" in refusal.sentence:
        other = {"lags": {"season": None}, "season": {"lags": 0}}[name]
        settings = settings.model_copy(update=other)
    if refusal.sentence.startswith("expected no season"):
        still = too_many_coefficients(settings.model_copy(update={"season": None}), train)
        assert still is None or still.field == "series.lags"
        assert too_many_coefficients(settings.model_copy(update={"season": 2}), train)
        return
    most = int(
        refusal.sentence.removeprefix("expected at most ")
        .partition(",")[0]
        .removesuffix(" by itself")
    )
    assert too_many_coefficients(settings.model_copy(update={name: most}), train) is None
    assert too_many_coefficients(settings.model_copy(update={name: most + 1}), train)
