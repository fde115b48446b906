"""The models that learning curves are forecast with: a catalogue, light to load."""

from dataclasses import dataclass, field
from typing import Final, Literal

FLAT: Final = float("inf")


@dataclass(frozen=True)
class Prior:
    """Of one parameter.

    Attributes:
        low, high: bounds.
        mean, deviation: of a normal density between them; flat where the deviation is infinite.
        of_logarithm: whether all this is said of the parameter's logarithm.
        per_horizon: whether the parameter is multiplied by the horizon first, as one is that
            counts in 1/epochs.
    """

    low: float = -FLAT
    high: float = FLAT
    mean: float = 0.0
    deviation: float = FLAT
    of_logarithm: bool = False
    per_horizon: bool = False


@dataclass(frozen=True)
class Forecaster:
    """A model of learning curves, and how its posterior is sampled.

    Attributes:
        name, title: in settings, and for people.
        about: one sentence.
        families: names, each with the prior of each parameter by its name; one that is not named
            is flat.
        shared: the priors of c and b, where all families end and begin alike; empty: each has its
            own parameters.
        weight: the prior of each family's weight.
        noise: the prior of σ.
        limits: the least value of a curve where it begins, and the least and largest where it ends.
        apart: whether these limits hold of each family by itself, and a family whose fit is beyond
            them takes no part; else they hold of the mixture alone.
        cuts: what is left out of a curve that begins flat: everything but the last value "before"
            it rises, or everything up to where it has "risen", as the published program does.
        begins: the epoch by which it has begun: it ends no lower than it is there.
        recency: what the last point weighs in the likelihood; point i of n has recency^(i/n).
        worth: how many independent observations one is worth, as families never fit quite.
        starts: "prior" (draws from it, by their likelihood) or "least squares" (one fit a family).
        walkers, burnt, steps: of the ensemble; steps are those kept.
        leaps: the share of moves that are leaps along differences of walkers; the others stretch.
        drift: how far a curve may go from what its families say until e times as many epochs have
            passed, as a part of the room above it; a deviation.
        surprise: the share of chances that a curve sets off for anywhere between where it is and
            the top, as slow starters do; 0: the families are all there is.
        late: how much more that is of a curve with all the room above it, in proportion; nothing
            where values have no end above.
        falling: the share of chances that a curve that has begun to get worse goes on with that.
        overfits: the same of any other loss, as they rise again where a network overfits.
    """

    name: str
    title: str
    about: str
    families: dict[str, dict[str, Prior]]
    weight: Prior
    noise: Prior
    limits: tuple[float, float, float]
    shared: dict[str, Prior] = field(default_factory=dict)
    apart: bool = False
    cuts: Literal["before", "risen"] = "before"
    begins: int = 1
    recency: float = 1.0
    worth: float = 1.0
    starts: str = "prior"
    walkers: int = 100
    burnt: int = 100
    steps: int = 500
    leaps: float = 0.0
    drift: float = 0.0
    surprise: float = 0.0
    late: float = 0.0
    falling: float = 0.0
    overfits: float = 0.0


_THREE: Final = Forecaster(
    name="three-families",
    title="Three families",
    about="Pow3, Ilog2 and Weibull, with priors that know usual curves; quick.",
    shared={"c": Prior(0.0, 1.0, mean=0.9, deviation=0.2), "b": Prior(0.0, 1.0)},
    families={
        "pow3": {"α": Prior(mean=-0.5, deviation=1.0, of_logarithm=True)},
        "ilog2": {},
        "weibull": {
            "κ": Prior(mean=2.1, deviation=1.75, of_logarithm=True, per_horizon=True),
            "δ": Prior(mean=0.0, deviation=0.4, of_logarithm=True),
        },
    },
    weight=Prior(0.0, 1.0),
    noise=Prior(mean=-4.0, deviation=1.0, of_logarithm=True),
    limits=(0.0, 0.0, 1.0),
    recency=10.0,
    worth=0.5,
    drift=0.14,
    surprise=0.1,
    late=0.3,
    falling=0.4,
    overfits=0.08,
    leaps=0.8,
)

_ELEVEN: Final = Forecaster(
    name="domhan-eleven",
    title="Domhan's eleven",
    about="All eleven families of Domhan et al. 2015 with flat priors, sampled as they did; slow.",
    families={
        name: {}
        for name in (
            "vapor-pressure",
            "pow3",
            "log-log-linear",
            "hill3",
            "log-power",
            "pow4",
            "mmf",
            "exp4",
            "janoschek",
            "weibull",
            "ilog2",
        )
    },
    weight=Prior(low=0.0),
    noise=Prior(low=0.0),
    limits=(-FLAT, 0.0, 100.0),
    apart=True,
    cuts="risen",
    begins=2,
    recency=10.0,
    starts="least squares",
    burnt=500,
    steps=2000,
)

FORECASTERS: Final = {model.name: model for model in (_THREE, _ELEVEN)}
USUAL: Final = _THREE.name
