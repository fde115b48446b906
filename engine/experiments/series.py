"""Walk-forward regressions with more coefficients than the training part of a series can give."""

from engine.data.splits import counts_of
from engine.errors import InputError
from engine.experiments.experiment import Experiment, Series


def too_many_coefficients(settings: Series, train: int) -> InputError | None:
    """Why the first forecast cannot be fitted; None if it can.

    It takes as many examples as there are coefficients, and values before them for the lags.

    Args:
        settings: say what each value is forecast from.
        train: values of the series before the first forecast.

    Returns:
        Names what takes the most of them, with the largest value that fits; or the training part
        if none does.
    """
    needed = _needed(settings)
    if train >= needed:
        return None
    level = 1 + settings.trend
    if train < level:
        sentence = f"expected at least {level} value{'s' * settings.trend} before the first "
        return InputError("data.train", f"{sentence}forecast, found {train}.")
    waves = settings.season or 1
    lags = (train - settings.trend - waves) // 2
    season = train - settings.trend - 2 * settings.lags
    alone = ""
    if settings.season and lags < 0 and season < 1:  # each is too much for the other
        lags, season, alone = (train - level) // 2, train - settings.trend, " by itself"
    because = f"because {_in_words(settings)} training part of at least {needed:,} values, "
    because += f"and it has {train:,}."
    found: list[tuple[int, InputError]] = []
    if settings.lags and lags >= 0:
        sentence = f"expected at most {lags:,}{alone}, {because}"
        found.append((2 * settings.lags, InputError("series.lags", sentence)))
    if settings.season and season >= 1:
        most = f"at most {season:,}{alone}" if season > 1 else "no season"
        found.append((settings.season, InputError("series.season", f"expected {most}, {because}")))
    return max(found, key=lambda one: one[0])[1]


def training_values(experiment: Experiment, size: int | None) -> int | None:
    """How many values the training part of a series has, as far as that is known.

    Args:
        experiment: says how the series is divided.
        size: of the series; None: not known yet.
    """
    data = experiment.data
    if isinstance(data.train, int):
        return data.train
    return None if size is None else counts_of(size, data.train, data.validation, data.test)[0]


def _needed(settings: Series) -> int:
    return settings.lags + len(settings.coefficients)


def _in_words(settings: Series) -> str:
    """What needs a training part, as in "2 lags and a season of 12 steps need a"."""
    parts = [f"{settings.lags:,} lag{'s' * (settings.lags != 1)}"] if settings.lags else []
    parts += ["a trend"] if settings.trend else []
    parts += [f"a season of {settings.season:,} steps"] if settings.season else []
    first = " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
    is_one = len(parts) == 1 and settings.lags in (0, 1)
    return f"{first} need{'s' * is_one} a"
