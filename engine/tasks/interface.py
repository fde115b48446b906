"""What a run asks of a task: something with parameters to train, and losses to judge them by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from engine.exact import Floats
from engine.groups import ParameterGroup

if TYPE_CHECKING:  # only named here, and with it come autograd and numba
    from engine.derivatives import Oracle


class DataShape(NamedTuple):
    """What views need to know of the data.

    Attributes:
        features: of an example; 0 if there are no examples.
        class_names: one for each class; empty if numbers are predicted.
        image_shape: (height, width) if the features are pixels.
    """

    features: int = 0
    class_names: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None


NO_EXAMPLES: Final = DataShape()


class Losses(NamedTuple):
    """Mean losses of a model on each part of the data, without penalties; None for an empty part.

    Attributes:
        training, validation, test: the losses.
        test_accuracy: share of the test part classified rightly; None for regression.
    """

    training: float
    validation: float | None
    test: float | None
    test_accuracy: float | None


class Task(Protocol):
    """What one training run trains, and on what."""

    @property
    def groups(self) -> tuple[ParameterGroup, ...]:
        """The G parameter groups."""

    @property
    def size(self) -> int:
        """P, the number of elementary parameters."""

    @property
    def data(self) -> DataShape:
        """What views need to know of the data."""

    @property
    def products(self) -> int:
        """Multiplications that one training iteration takes, roughly."""

    @property
    def buffer_memory(self) -> int | None:
        """Bytes of the information buffer to keep in memory; None: all of it."""

    def initial_noise(self, key: tuple[int, ...]) -> Floats:
        """(P,) what the initial scales multiply to give the initial parameters."""

    def oracle(self, key: tuple[int, ...], penalties: Floats, team: int = 1) -> Oracle:
        """Derivatives of the losses of one training run.

        Args:
            key: (seed, meta-iteration, replicate): what its minibatches depend on.
            penalties: λ, the θ of the training loss; empty when there is none.
            team: threads that may share a minibatch.
        """

    def losses(self, w: Floats) -> Losses:
        """Judge trained parameters (P,)."""
