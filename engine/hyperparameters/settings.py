"""How an experiment sets a kind of hyperparameter."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.hyperparameters.domains import Domain

Number = Annotated[float, Field(strict=True)]
_Row = Annotated[tuple[Number, ...], Field(fail_fast=True)]
Initial = Number | _Row | Annotated[tuple[_Row, ...], Field(fail_fast=True)]


class Setting(BaseModel):
    """How one kind of hyperparameter starts, and whether and how it moves.

    Attributes:
        initial: starting value in its own unit: one number for all, or an array of the shape that
            the granularity asks for.
        free: whether meta-optimization changes it.
        granularity: how finely it is set; which ones there are, its kind says.
        domain: the coordinate it moves in.
        constraint: a set that it is kept in, beside its kind's range; see
            `engine.hyperparameters.constraints`.
        bound: of the constraint.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    initial: Initial
    free: bool = False
    granularity: str = "one"
    domain: Domain = "log"
    constraint: str | None = None
    bound: Annotated[float, Field(strict=True, gt=0, le=1e9)] | None = None
