"""Whether bands mean what they say: curves drawn from each family, and curves of none of them.

For each kind of curve, how often the value at the horizon lies in the band of each level. Curves of
a family are drawn with parameters that keep them rising between 0 and 1 and with noise of 0.005 to
0.05; of none are curves that are flat and then rise, that jump about, and that fall (these with
more epochs seen, too, after which it shows that they do).

    python -m bench.calibration [MODEL]
"""

import sys
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

import engine
from engine.arrays import Floats
from engine.forecasting.families import FAMILIES
from engine.forecasting.least_squares import Alone
from engine.forecasting.models import USUAL
from engine.randomness import generator

HORIZON: Final = 100
SEEN: Final = 20
LONGER: Final = 40
"""Epochs that are seen of curves that fall, so that it shows."""

FALLING_LONGER: Final = f"falling, {LONGER} epochs seen"
CURVES: Final = 40
"""Of each kind."""

LEVELS: Final = (0.25, 0.5, 0.75, 0.9, 0.95)
_MOST_DRAWS: Final = 10_000
_SPREAD: Final = 0.7  # of parameters around their usual values, in the logarithm
_RISEN: Final = 0.1
_X: Final = np.arange(1.0, HORIZON + 1)


def of_family(name: str, random: np.random.Generator) -> Floats:
    """(HORIZON,) a curve of a family, with noise."""
    start, alone = np.array([*FAMILIES[name].start.values()]), Alone(name)
    for _ in range(_MOST_DRAWS):
        parameters = start * np.exp(_SPREAD * random.standard_normal(len(start)))
        with np.errstate(all="ignore"):
            curve = alone.curve(parameters, _X)
        within = np.isfinite(curve).all() and curve.min() >= 0 and curve.max() <= 1
        if within and curve[-1] > curve[0] + _RISEN and np.all(np.diff(curve) >= -1e-12):
            return noisy(curve, random)
    raise ValueError(f"no curve of {name} rises between 0 and 1")


def noisy(curve: Floats, random: np.random.Generator, least: float = 0.005) -> Floats:
    """The same with noise of a random size."""
    sigma = np.exp(random.uniform(np.log(least), np.log(10 * least)))
    return np.clip(curve + sigma * random.standard_normal(len(curve)), 0, 1)


def flat_then_rising(random: np.random.Generator) -> Floats:
    """Flat until some epoch, seen or to come, and then quickly up."""
    begins, low, high = random.uniform(5, 40), random.uniform(0.05, 0.3), random.uniform(0.6, 0.95)
    rise = 1 / (1 + np.exp(-(_X - begins) / random.uniform(1, 6)))
    return noisy(low + (high - low) * rise, random)


def jumping(random: np.random.Generator) -> Floats:
    """A rising curve with much noise, of which some lasts."""
    curve = of_family("pow3", random)
    lasting = np.zeros(HORIZON)
    for i in range(1, HORIZON):
        lasting[i] = 0.7 * lasting[i - 1] + 0.03 * random.standard_normal()
    return np.clip(curve + lasting, 0, 1)


def falling(random: np.random.Generator) -> Floats:
    """It rises, and then loses some of that, as where a network overfits."""
    top, begins = random.uniform(0.5, 0.95), random.uniform(5, 30)
    rise = top * (1 - 0.6 * np.exp(-_X / random.uniform(1, 5)))
    lost = random.uniform(0.02, 0.2) * np.maximum(_X - begins, 0) / HORIZON
    return noisy(rise - lost, random)


def kinds() -> dict[str, Callable[[np.random.Generator], Floats]]:
    """What is drawn, by name."""
    families: dict[str, Callable[[np.random.Generator], Floats]] = {
        family.title: lambda random, name=name: of_family(name, random)  # type: ignore[misc]
        for name, family in FAMILIES.items()
    }
    strange = {"flat, then rising": flat_then_rising, "noisy": jumping, "falling": falling}
    return families | strange | {FALLING_LONGER: falling}


def measure(model: str = USUAL, count: int = CURVES) -> Mapping[str, Floats]:
    """(levels,) how often the truth lies in the band of each level, by kind of curve."""
    found = {}
    for number, (name, draw) in enumerate(kinds().items()):
        inside = np.zeros(len(LEVELS))
        for curve_number in range(count):
            curve = draw(generator(number, curve_number))
            seen = LONGER if name == FALLING_LONGER else SEEN
            made = engine.forecast(curve[:seen], HORIZON, model=model)
            bands = [made.band(level) for level in LEVELS]
            inside += [low[-1] <= curve[-1] <= high[-1] for low, high in bands]
        found[name] = inside / count
    return found


def table(found: Mapping[str, Floats]) -> str:
    """As Markdown."""
    rows = [f"| curves | {' | '.join(f'{level:.0%}' for level in LEVELS)} |"]
    rows.append("| --- |" + " --- |" * len(LEVELS))
    for name, inside in found.items():
        rows.append(f"| {name} | {' | '.join(f'{share:.0%}' for share in inside)} |")
    return "\n".join(rows).replace("%", " %")


if __name__ == "__main__":
    print(table(measure(*sys.argv[1:])))
