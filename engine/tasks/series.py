"""Walk-forward regression on a time series: fitted again at each step, to all that came before.

Bengio (2000). The first part of the series only trains; the values after it are forecast
one step ahead, first those of the validation part, then those of the test part, each by a
regression of its own on everything before it.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.data.dataset import Dataset
from engine.data.splits import check_total, counts_of
from engine.derivatives.oracle import Oracle
from engine.derivatives.series_oracle import SeriesOracle, WalkForward
from engine.errors import InputError
from engine.experiments.experiment import Experiment, Series
from engine.experiments.measures import Measures
from engine.experiments.series import too_many_coefficients
from engine.experiments.tasks import misfit
from engine.groups import ParameterGroup
from engine.hyperparameters.l2_penalties import NO_PENALTIES
from engine.hyperparameters.past_weights import start, window
from engine.hyperparameters.values import Hyperparameters
from engine.randomness import WEIGHTS, generator
from engine.tasks.fitting import open_dataset
from engine.tasks.task import DataShape, Piece

EVEN: Final = "even weights"
BEST_WINDOW: Final = "best window"
"""What learned weights on the past are compared with."""

_MOST_PAIRS: Final = 4_000_000
"""Of a forecast and an example: their weights take 32 MB."""
_MOST_WINDOWS: Final = 120
"""Lengths that are tried."""


class Solved(NamedTuple):
    """What comes of some weights on the past.

    Attributes:
        parameters: (P,) of all regressions.
        measures: of them.
    """

    parameters: Floats
    measures: Measures


@dataclass(frozen=True, eq=False)
class SeriesTask:
    """A series that is forecast step by step; a `Task`.

    Attributes:
        dataset: the series.
        settings: what its values are forecast from.
        walk: the regressions, on standardised targets.
        validation: how many forecasts come before those of the test part.
        mean, scale: that the targets were standardised by: those of the training part.
        penalty_granularity: how finely the L2 penalties are set.
    """

    dataset: Dataset
    settings: Series
    walk: WalkForward
    validation: int
    mean: float
    scale: float
    penalty_granularity: str = "one"
    epoch: int = 1

    @property
    def groups(self) -> tuple[ParameterGroup, ...]:
        """The G parameter groups: a coefficient of all regressions each."""
        return self.walk.groups

    @property
    def size(self) -> int:
        """P, the coefficients of all regressions."""
        return self.walk.size

    @property
    def data(self) -> DataShape:
        """What views need to know of the data."""
        return DataShape(notes=self.dataset.notes, steps=len(self.walk.targets) - 1)

    @property
    def products(self) -> int:
        """Multiplications that one training iteration takes, roughly."""
        return self.size * self.walk.features

    @property
    def times(self) -> Floats:
        """(F,) when the values that are forecast were."""
        assert self.dataset.order is not None, "it is a series"
        return self.dataset.order[self.stop - self.walk.forecasts : self.stop]

    @property
    def stop(self) -> int:
        """How many values of the series are used: those of all three parts."""
        return self.settings.lags + len(self.walk.targets)

    def own_units(self, targets: Floats) -> Floats:
        """Standardised targets, of any shape, in the series' own unit."""
        return self.mean + self.scale * targets

    def initial_noise(self, key: tuple[int, ...]) -> Floats:
        """(P,) standard normal numbers that the initial scales multiply."""
        return generator(*key, WEIGHTS).standard_normal(self.size)

    def starts(self, initial: Mapping[str, float]) -> Mapping[str, Floats]:
        """Weights on the past that reach as far back as the experiment says."""
        return {"past_weights": start(self.settings.weights, float(initial["past_weights"]))}

    def oracle(
        self,
        key: tuple[int, ...],
        hyperparameters: Hyperparameters,
        team: int = 1,
        *,
        final: bool = False,
    ) -> Oracle:
        """Derivatives of the regressions; the same for each key, and in the end."""
        return self._oracle(hyperparameters)

    def _oracle(self, hyperparameters: Hyperparameters) -> SeriesOracle:
        return SeriesOracle(
            self.walk,
            hyperparameters.get("l2_penalties", NO_PENALTIES),
            self.penalty_granularity,
            hyperparameters.get("past_weights", NO_PENALTIES),
        )

    def measure(
        self,
        w: Floats,
        hyperparameters: Hyperparameters,
        key: tuple[int, ...] = (),
        *,
        final: bool = False,
    ) -> Measures:
        """Squared errors: of the regressions on what they were fitted to, weighted; of forecasts.

        The first is a mean over all regressions.
        """
        unpenalised = SeriesOracle(
            self.walk, past=hyperparameters.get("past_weights", NO_PENALTIES)
        )
        squares = (self.walk.predictions(w) - self.walk.forecast_targets) ** 2
        before, after = squares[: self.validation], squares[self.validation :]
        return Measures(
            {
                "training_loss": unpenalised.gradient(w, 0)[0],
                "validation_loss": float(before.mean()),
                "test_loss": float(after.mean()) if len(after) else None,
            }
        )

    def pieces(self, *, tangents: bool = False) -> list[Piece]:
        """Nothing is compiled."""
        return []

    def solved(self, hyperparameters: Hyperparameters) -> Floats:
        """(P,) the parameters at the minimum of the training loss.

        Raises:
            numpy.linalg.LinAlgError: a regression has no single best fit.
        """
        at_zero = np.zeros(self.size)
        _, by_w, hessian = self._oracle(hyperparameters).gradient_and_hessian(at_zero, 0)
        assert hessian.blocks is not None, "each forecast has one"
        columns = self.walk.coefficients(-by_w)[:, :, None]
        found = np.linalg.solve(hessian.blocks(), columns)[:, :, 0]
        return self.walk.flat(np.asarray(found, np.float64))

    def baselines(self, hyperparameters: Hyperparameters) -> Mapping[str, Hyperparameters]:
        """All of the past counts alike; or so many of the last examples, and the others nothing.

        How many is chosen by the validation error, among all lengths, or 120 of them.
        """
        if "past_weights" not in hyperparameters:
            return {}
        even = {name: hyperparameters[name] for name in hyperparameters if name != "past_weights"}
        found = {EVEN: Hyperparameters(even)}
        if (best := self.best_window(hyperparameters)) is not None:
            found[BEST_WINDOW] = hyperparameters.replace(past_weights=window(best))
        return found

    def compared(self, hyperparameters: Hyperparameters) -> Mapping[str, "Solved"]:
        """The baselines that have a single best fit, solved, by name; kept for the next call.

        Args:
            hyperparameters: of which all but weights on the past make a difference.
        """
        others = {name: hyperparameters[name] for name in hyperparameters if name != "past_weights"}
        key = b"".join(values.tobytes() for values in others.values())
        if key not in self._compared:
            found = {}
            for name, chosen in self.baselines(hyperparameters).items():
                with suppress(np.linalg.LinAlgError):
                    w = self.solved(chosen)
                    found[name] = Solved(w, self.measure(w, chosen))
            self._compared.clear()
            self._compared[key] = found
        return self._compared[key]

    @cached_property
    def _compared(self) -> dict[bytes, Mapping[str, "Solved"]]:
        return {}

    def best_window(self, hyperparameters: Hyperparameters) -> int | None:
        """The length of the window with hard edges that forecasts the validation part best.

        Args:
            hyperparameters: whatever else than weights on the past it is fitted with.

        Returns:
            None if no length has a single best fit.
        """
        walk, count = self.walk, self.validation
        stops = np.arange(count) + len(walk.targets) - walk.forecasts
        inputs, targets = walk.inputs, walk.targets
        pairs = _summed_up(inputs[:, :, None] * inputs[:, None, :])
        right = _summed_up(inputs * targets[:, None])
        penalties = walk.coefficients(self._oracle(hyperparameters).every_penalty)[:count]
        diagonal = penalties[:, :, None] * np.eye(walk.features)
        errors: dict[float, int] = {}
        for length in self._lengths:
            starts = np.maximum(stops - length, 0)
            known = (stops - starts)[:, None]
            blocks = (pairs[stops] - pairs[starts]) / known[:, :, None] + diagonal
            columns = (right[stops] - right[starts]) / known
            try:
                fitted = np.linalg.solve(blocks, columns[:, :, None])[:, :, 0]
            except np.linalg.LinAlgError:
                continue
            misses = np.sum(fitted * inputs[stops], axis=1) - targets[stops]
            error = float(np.mean(misses**2))
            if np.isfinite(error):
                errors.setdefault(error, length)
        return errors[min(errors)] if errors else None

    @cached_property
    def _lengths(self) -> list[int]:
        """Of windows, from as many examples as there are coefficients to all that are known."""
        least, most = self.walk.features, len(self.walk.targets) - 1
        every = np.arange(least, max(least, most) + 1)
        if len(every) > _MOST_WINDOWS:
            every = np.unique(np.rint(np.geomspace(least, most, _MOST_WINDOWS)).astype(np.int64))
        return [int(length) for length in every]


def make(experiment: Experiment) -> SeriesTask:
    """The task of an experiment whose data are a series.

    Raises:
        InputError: the data cannot be used, or are too few, or too many.
    """
    data, settings = experiment.data, experiment.series
    dataset = open_dataset(data)
    if refusal := misfit(experiment, dataset.kind):
        raise refusal
    counts = counts_of(dataset.size, data.train, data.validation, data.test)
    check_total(counts, dataset.size)
    train, validation, test = counts
    names = settings.coefficients
    if refusal := too_many_coefficients(settings, train):
        raise refusal
    if not validation:
        raise InputError(
            "data.validation", "expected at least one value of the series to forecast."
        )
    forecasts = validation + test
    if forecasts * (train + forecasts) > _MOST_PAIRS:
        raise InputError(
            "data.validation + data.test",
            f"expected fewer forecasts: {forecasts:,} of {train + forecasts:,} values take more "
            f"than {_MOST_PAIRS:,} weights.",
        )
    values = dataset.targets[: train + forecasts]
    mean, scale = float(values[:train].mean()), float(values[:train].std()) or 1.0
    targets = (values - mean) / scale
    inputs = inputs_of(targets, settings, train)
    groups = tuple(
        ParameterGroup(name, place * forecasts, (place + 1) * forecasts)
        for place, name in enumerate(names)
    )
    walk = WalkForward(inputs, targets[settings.lags :], forecasts, slice(0, validation), groups)
    granularity = experiment.hyperparameters["l2_penalties"].granularity
    return SeriesTask(dataset, settings, walk, validation, mean, scale, granularity)


def _summed_up(values: Floats) -> Floats:
    """(N + 1, …) the sums of the first 0, 1, … N of (N, …)."""
    nothing = np.zeros((1, *values.shape[1:]))
    return np.concatenate([nothing, np.cumsum(values, axis=0)])


def inputs_of(targets: Floats, settings: Series, train: int) -> Floats:
    """(N, D) what each value is forecast from, but for the first ones, which lack lags.

    Args:
        targets: (N + lags,) standardised values.
        settings: say which inputs there are; season is a full set of waves of its length.
        train: values of the training part, over which time goes from −1 to 1.
    """
    steps = np.arange(settings.lags, len(targets))
    columns = [targets[steps - lag] for lag in range(1, settings.lags + 1)]
    if settings.trend:
        columns.append(2.0 * steps / max(train - 1, 1) - 1.0)
    for number in range(1, settings.season or 1):
        angle = 2.0 * np.pi * ((number + 1) // 2) * steps / (settings.season or 1)
        columns.append(np.sqrt(2.0) * (np.cos(angle) if number % 2 else np.sin(angle)))
    return np.stack([*columns, np.ones(len(steps))], axis=1)
