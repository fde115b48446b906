"""What the catalogue of plots says of each."""

from collections.abc import Callable
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, Final, Literal, TypeAlias, get_args

from engine.plots.base import AnyPlot
from engine.plots.going_on import Curve

Place: TypeAlias = Literal["hyperparameters", "objective", "model", "gradient"]
PLACES: Final[tuple[Place, ...]] = get_args(Place)
"""Where plots stand in the window: what is free, what it is for, the model, the gradient; from the
upper left to the lower right."""

_OF_A_MOMENT: Final = (
    "it shows one moment of one run, and training up to there is done again: open a run to see it"
)
Changes: TypeAlias = Literal["step", "meta-iteration", "moment"]
Maker: TypeAlias = Callable[["PlotKind", Any], AnyPlot | None]


@dataclass(frozen=True)
class PlotKind:
    """One plot that runs may have.

    Attributes:
        key: its name in files.
        title: what it is called on screen, in figures and in help.
        place: where it stands in the window.
        changes: when it is remade: with every "step" of training or reversal, with every
            "meta-iteration", or with the "moment" that is looked at, because it needs the
            parameters of then.
        make: gives the plot of a run, or None where it means nothing. It is handed this entry and
            a `RunRecord`; or, if the plot is of a moment, an `engine.plots.stage.Scene`. As
            "module:function" it is not loaded before it is needed.
        highlight: whether it stands in front of its place wherever a run has it, because it is
            what such a run is about.
        axes: keys that files give the same plot over others of its horizontal axes, which they
            always hold; see `engine.plots.horizontal`. An experiment that names one of them means
            this plot.
        goes_on: gives the curve of a `RunRecord` that it shows and that goes on, so that its end
            can be predicted, or None where there is none now; None: it never shows one.
        alone: why it shows one run alone, where that does not follow from what it is made of; as
            of `why_alone`.
    """

    key: str
    title: str
    place: Place
    changes: Changes
    make: Maker | str
    highlight: bool = False
    axes: tuple[str, ...] = ()
    goes_on: Callable[[Any], Curve | None] | None = None
    alone: str = ""

    @property
    def why_alone(self) -> str:
        """Why several runs cannot be laid over each other in it; "" if they can.

        Plots that turn out to be pictures or maps say so when they are made.
        """
        return self.alone or (_OF_A_MOMENT if self.changes == "moment" else "")

    def plot(self, source: Any) -> AnyPlot | None:
        """The plot of a run, or None where it means nothing.

        Args:
            source: a `RunRecord`, or a `Scene` if the plot is of a moment.
        """
        make: Maker = resolve_name(self.make) if isinstance(self.make, str) else self.make
        return make(self, source)
