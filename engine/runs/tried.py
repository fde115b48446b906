"""What is tried in a search, and what its training runs came to."""

from typing import NamedTuple

from engine.arrays import Floats
from engine.hyperparameters.values import Hyperparameters
from engine.runs.trial import Outcome


class Trial(NamedTuple):
    """What is tried.

    Attributes:
        number: of the meta-iteration.
        hyperparameters: what is trained with.
        proposal: (D,) what they follow from.
        warm: what L-BFGS starts from; see `try_out`.
    """

    number: int
    hyperparameters: Hyperparameters
    proposal: Floats
    warm: tuple[Floats, ...] | None


class Done(NamedTuple):
    """A trial whose training runs are over.

    Attributes:
        trial: it.
        outcomes: of each seed.
        seconds: that it took; of trials done at the same time its share.
    """

    trial: Trial
    outcomes: list[Outcome]
    seconds: float
