"""How good forecasts of learning curves are, on the curves of `bench.learning_curves`.

Of each curve's 100 epochs 10, 20 and 30 are seen, and the value after the last is forecast. Then
races: curves of a data set come one after the other, and one is stopped where the chance that it
ends above the best before it is below 5 %. Half of the curves were there to choose the usual model
by; the table is about the other half, unless --choosing or --all is given. With --patience races
look every 5 epochs from the tenth on, and stop what several forecasts in a row say is hopeless.

    python -m bench.forecasts [--choosing | --all] [--patience] [MODEL …]
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

import engine
from bench.forecasters import last_value, least_squares
from bench.learning_curves import EPOCHS, Curve, kept
from engine.arrays import Floats
from engine.forecasting.models import FORECASTERS
from engine.randomness import generator

PREFIXES: Final = (10, 20, 30)
CHECKS: Final = PREFIXES
"""Epochs after which a race looks at forecasts."""

LOOKS: Final = range(10, EPOCHS, 5)
"""Epochs after which a patient race looks."""

PATIENCES: Final = (1, 2, 3)
"""Forecasts in a row that have to say that a curve is hopeless."""

THRESHOLD: Final = 0.05
RACES: Final = 200
"""Orders in which the curves of a data set come."""


class Ends(Protocol):
    """A forecast of the value at the horizon."""

    @property
    def end(self) -> float:
        """Its mean."""

    def ends(self, level: float = 0.9) -> tuple[float, float]:
        """Of its band."""

    def probability_above(self, best: float) -> float:
        """That it is above another value."""

    def log_density(self, value: float) -> float:
        """Of a value."""


class _Whole:
    """The end of an `engine.Forecast`."""

    def __init__(self, forecast: engine.Forecast) -> None:
        self._forecast = forecast
        self.end = float(forecast.mean[-1])
        self.probability_above = forecast.probability_above
        self.log_density = forecast.log_density

    def ends(self, level: float = 0.9) -> tuple[float, float]:
        low, high = self._forecast.band(level)
        return float(low[-1]), float(high[-1])


def by_model(model: str) -> Callable[[Floats, int], Ends]:
    return lambda curve, horizon: _Whole(engine.forecast(curve, horizon, model=model))


def contenders() -> dict[str, Callable[[Floats, int], Ends]]:
    """What is compared, by name."""
    models = {name: by_model(name) for name in FORECASTERS}
    return models | {"least squares": least_squares, "last value": last_value}


@dataclass(frozen=True)
class Made:
    """Forecasts of curves at every check, and the processor seconds of each."""

    curves: Sequence[Curve]
    forecasts: Mapping[int, Sequence[Ends]]
    seconds: float


def make(
    forecaster: Callable[[Floats, int], Ends],
    curves: Sequence[Curve],
    checks: Sequence[int] = CHECKS,
) -> Made:
    forecaster(curves[0].values[:10], EPOCHS)  # what is loaded the first time is not measured
    began = time.process_time()
    forecasts = {n: [forecaster(one.values[:n], EPOCHS) for one in curves] for n in checks}
    seconds = (time.process_time() - began) / (len(curves) * len(checks))
    return Made(curves, forecasts, seconds)


@dataclass(frozen=True)
class Score:
    """Of forecasts from some epochs.

    Attributes:
        error: root mean square, of the final value.
        median, mean: of the log-likelihood.
        inside: the share of truths in the 90 % band.
    """

    error: float
    median: float
    mean: float
    inside: float


def score(made: Made, n: int) -> Score:
    truths = np.array([one.values[-1] for one in made.curves])
    found = made.forecasts[n]
    logs = [each.log_density(truth) for each, truth in zip(found, truths, strict=True)]
    bands = np.array([each.ends() for each in found])
    means = np.array([each.end for each in found])
    inside = (bands[:, 0] <= truths) & (truths <= bands[:, 1])
    return Score(
        float(np.sqrt(np.mean((means - truths) ** 2))),
        float(np.median(logs)),
        float(np.mean(logs)),
        float(np.mean(inside)),
    )


@dataclass(frozen=True)
class Races:
    """What stopping would have done.

    Attributes:
        winners: curves that end above all before them, the first of each race aside.
        wrong: how many of these were stopped.
        saved: the share of epochs that were not trained.
        lost: by how much the best value is lower for it, on average over races.
    """

    winners: int
    wrong: int
    saved: float
    lost: float


def races(made: Made, count: int = RACES, patience: int = 1) -> Races:
    """Races in the order of the curves, and in random ones."""
    winners = wrong = trained = total = 0
    lost = []
    checks = sorted(made.forecasts)
    for data in dict.fromkeys(one.data for one in made.curves):
        own = [i for i, one in enumerate(made.curves) if one.data == data]
        for number in range(count):
            order = generator(number, 7).permutation(own) if number else own
            best = true_best = -np.inf
            for i in order:
                truth = made.curves[i].values[-1]
                stopped, run = EPOCHS, 0
                for n in checks:
                    if not np.isfinite(best) or made.curves[i].values[:n].max() > best:
                        break
                    hopeless = made.forecasts[n][i].probability_above(best) < THRESHOLD
                    run = run + 1 if hopeless else 0
                    if run == patience:
                        stopped = n
                        break
                if np.isfinite(best) and truth > best:
                    winners += 1
                    wrong += stopped < EPOCHS
                true_best = max(true_best, truth)
                if stopped == EPOCHS:
                    best = max(best, truth)
                trained += stopped
                total += EPOCHS
            lost.append(true_best - best)
    return Races(winners, wrong, 1 - trained / total, float(np.mean(lost)))


def patient_races(made: Made) -> dict[int, Races]:
    """Races by patience, of forecasts at every look."""
    return {patience: races(made, patience=patience) for patience in PATIENCES}


def row(name: str, made: Made) -> str:
    scores = [score(made, n) for n in PREFIXES]
    first = races(made, 1)
    many = races(made)
    return (
        f"{name:16}"
        + " ".join(f"{one.error:.3f}" for one in scores)
        + "   "
        + " ".join(f"{one.median:5.2f}" for one in scores)
        + "   "
        + " ".join(f"{one.mean:6.2f}" for one in scores)
        + "   "
        + " ".join(f"{one.inside:.2f}" for one in scores)
        + f"   {first.wrong}/{first.winners} {first.saved:4.0%}"
        + f"   {many.wrong / many.winners:5.1%} {many.saved:4.0%} {many.lost:.4f}"
        + f"   {made.seconds:.3f}"
    )


HEADER: Final = (
    f"{'':16}{'error 10 20 30':19}{'median log-lik.':20}{'mean log-likelihood':23}"
    f"{'in 90 % band':17}{'stops':9}{'many races':19}seconds"
)


PATIENT_HEADER: Final = f"{'':16}{'patience':9}   stopped wrongly, saved, best lost"


def main(arguments: Sequence[str]) -> None:
    every = kept()
    if "--choosing" in arguments:
        curves = [one for one in every if one.is_for_choosing]
    elif "--all" in arguments:
        curves = every
    else:
        curves = [one for one in every if not one.is_for_choosing]
    wanted = [one for one in arguments if not one.startswith("--")]
    print(f"{len(curves)} curves of {EPOCHS} epochs")
    print(PATIENT_HEADER if "--patience" in arguments else HEADER)
    for name, forecaster in contenders().items():
        if wanted and name not in wanted:
            continue
        if "--patience" not in arguments:
            print(row(name, make(forecaster, curves)), flush=True)
            continue
        for patience, raced in patient_races(make(forecaster, curves, LOOKS)).items():
            wrong = raced.wrong / raced.winners
            told = f"{wrong:6.2%} {raced.saved:4.0%} {raced.lost:.4f}"
            print(f"{name:16}{patience:9}   {told}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
