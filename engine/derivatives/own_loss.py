"""A loss that a person wrote, called so that nothing it does goes unnoticed."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.derivatives.differentiation import isbox
from engine.errors import InputError

Loss = Callable[..., Any]


class OwnLoss:
    """Calls a loss, and refuses what it must not do or give.

    Args:
        name: of the argument that it is: "training_loss".
        function: the loss.
        arguments: what it is called with: "w", "theta" and perhaps "t".

    Raises:
        InputError: it is no function of these arguments.
    """

    def __init__(self, name: str, function: Loss, arguments: tuple[str, ...]) -> None:
        wanted = f"expected a function of {', '.join(arguments)}"
        if not callable(function):
            raise InputError(name, f"{wanted}, found {type(function).__name__}.")
        if (signature := _signature_of(function)) is not None:
            try:
                signature.bind(*arguments)
            except TypeError:
                raise InputError(name, f"{wanted}, found one of {signature}.") from None
        self.name = name
        self._function = function

    def __call__(self, w: Any, theta: Any, *t: int) -> Any:
        """The value; ``w`` and ``theta`` are arrays that cannot be written to.

        Raises:
            InputError: it writes to one of them, or does not give a floating-point scalar.
        """
        try:
            value = self._function(w, theta, *t)
        except ValueError as error:
            if "read-only" not in str(error):
                raise
            found = "found that the loss writes to one of them"
            raise InputError(
                self.name, f"expected w and theta to be left as they are, {found}."
            ) from error
        self._check(value)
        return value

    def _check(self, value: Any) -> None:
        while isbox(value):
            value = value._value
        is_array = isinstance(value, np.ndarray | np.generic)
        if is_array and value.shape:
            raise InputError(self.name, f"expected a scalar, found shape {value.shape}.")
        if not isinstance(value, float) and not (is_array and value.dtype.kind == "f"):
            found = value.dtype if is_array else type(value).__name__
            raise InputError(self.name, f"expected a floating-point scalar, found {found}.")


def _signature_of(function: Loss) -> inspect.Signature | None:
    """What a function takes; None of one that does not say."""
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None
