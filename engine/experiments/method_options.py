"""The options of methods, as an experiment gives them, and the method that they make."""

from dataclasses import fields
from typing import Annotated

from pydantic import Field

from engine.errors import InputError
from engine.experiments.tables import Table
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.method import Method


class MethodOptions(Table):
    """What a method may be told; each has some of these options, and its own usual values.

    Attributes:
        snapshots: states that checkpoints keep; None: √T, or as many as the memory allows.
        megabytes: for the states that checkpoints keep, or the tangents of forward mode.
        last: iterations that truncation undoes.
        terms: of a Neumann series.
        iterations: rounds of conjugate gradients, or of the fixed point.
        tolerance: of conjugate gradients, relative to the gradient of the objective.
        minimise_to: the tolerance of L-BFGS, that implicit methods then use instead of training.
        step: η of a Neumann series or fixed point; or of finite differences, relative to values.
    """

    snapshots: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    megabytes: Annotated[float, Field(strict=True, gt=0, le=1e9)] | None = None
    last: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    terms: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    iterations: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    tolerance: Annotated[float, Field(strict=True, gt=0, lt=1)] | None = None
    minimise_to: Annotated[float, Field(strict=True, gt=0, lt=1)] | None = None
    step: Annotated[float, Field(strict=True, gt=0, le=1e9)] | None = None


def options_of(name: str) -> tuple[str, ...]:
    """The options that a method has, by its name."""
    own = {field.name for field in fields(METHODS[name])}  # type: ignore[arg-type]
    return tuple(option for option in MethodOptions.model_fields if option in own)


def make_method(name: str, options: MethodOptions, epoch: int = 1) -> Method:
    """A method with those of the options that it has.

    Args:
        name: in the catalogue.
        options: None of them stand for what is usual for the method.
        epoch: iterations in which training sees all examples, whose losses implicit methods
            average.

    Raises:
        InputError: options do not go together.
    """
    own = {option: getattr(options, option) for option in options_of(name)}
    given = {option: value for option, value in own.items() if value is not None}
    if any(field.name == "average" for field in fields(METHODS[name])):  # type: ignore[arg-type]
        given["average"] = epoch
    try:
        return METHODS[name](**given)
    except InputError as error:
        raise InputError(f"hypergradient.{error.field}", error.sentence) from None
