"""What an experiment says of stopping early: whether, by which forecast, and when at the earliest.

The rule itself is in `engine.forecasting.stopping`.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from engine.experiments.tables import Table

When = Literal["off", "ask", "automatic"]

STOPPED_BY_HAND: Final = "stopping.by_hand"
"""The field that keeps what a person has answered while a run went on."""

_Place = Annotated[str, Field(max_length=30, pattern=r"^\d{1,9}(:\d{1,9})?$")]


class Stopping(Table):
    """When training runs, or a meta-optimization, end before their end, because they will not win.

    Attributes:
        when: "off"; "ask" a person, and go on until there is an answer; or "automatic".
        threshold: the probability of beating the best, below which something is stopped.
        patience: forecasts in a row that have to say so.
        least: points of a learning curve, before which nothing is stopped.
        model: the model of learning curves; see `engine.forecasting.models.FORECASTERS`.
        judged_by: whose curve on the validation part is forecast, the loss or the accuracy. With
            "accuracy" that is measured of all that is trained; of the loss it is the objective.
        points: of a trial's curve, evenly spaced along its training; measured only where it may be
            stopped.
        by_hand: what a person stopped: the number of a meta-iteration, before which the run ends,
            as in "18"; or of a trial and its last training iteration, as in "7:120".
    """

    when: When = "off"
    threshold: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.05
    patience: Annotated[int, Field(strict=True, ge=1, le=100)] = 2
    least: Annotated[int, Field(strict=True, ge=3, le=10_000)] = 10
    model: Literal["three-families", "domhan-eleven"] = "three-families"
    judged_by: Literal["loss", "accuracy"] = "loss"
    points: Annotated[int, Field(strict=True, ge=3, le=1_000)] = 50
    by_hand: Annotated[tuple[_Place, ...], Field(max_length=10_000)] = ()

    @property
    def is_on(self) -> bool:
        """Whether learning curves are forecast during a run."""
        return self.when != "off"

    @property
    def places(self) -> dict[int, int]:
        """The last training iteration of what a person stopped, by meta-iteration; 0: none."""
        pairs = (place.partition(":") for place in self.by_hand)
        return {int(number): int(iteration or 0) for number, _, iteration in pairs}

    def with_place(self, number: int, iteration: int = 0) -> tuple[str, ...]:
        """`by_hand` with one more."""
        return (*self.by_hand, f"{number}:{iteration}" if iteration else f"{number}")
