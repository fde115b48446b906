"""The first look at a person's losses: whether derivatives, and going back, can build on them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.derivatives.autograd_oracle import AutogradOracle
from engine.errors import DivergedError, InputError
from engine.own.loading import Loaded
from engine.own.mistakes import OwnFileError, as_mistake, line_in, mistake
from engine.randomness import WEIGHTS, generator


def examine(loaded: Loaded) -> None:
    """Evaluate both losses once or twice where training starts, with their derivatives.

    Raises:
        OwnFileError: a loss fails, is random, gives no finite scalar in double precision, changes
            what it is given, or cannot be differentiated; with the line of the file.
    """
    w = loaded.starts(generator(0, 0, 0, WEIGHTS))
    if loaded.starts(generator(0, 0, 0, WEIGHTS)).tobytes() != w.tobytes():
        raise mistake(
            loaded.content,
            loaded.lines.of_result("start"),
            "start: expected the same numbers for the same generator, found others: "
            "draw from rng alone.",
        )
    theta = np.concatenate([np.zeros(0), *(one.start.ravel() for one in loaded.theta)])
    for array in (w, theta):
        array.setflags(write=False)
    named = loaded.named(theta)
    _scalar(loaded, "training_loss", lambda: loaded.training_loss(w, named, 0))
    _scalar(loaded, "validation_loss", lambda: loaded.validation_loss(w, named))
    if (test := loaded.test_loss) is not None:
        _scalar(loaded, "test_loss", lambda: test(w, named))
    _derivatives(loaded, w, theta)


def _scalar(loaded: Loaded, name: str, loss: Callable[[], Any]) -> None:
    line = loaded.lines.of_result(name)

    def refuse(sentence: str) -> OwnFileError:
        return mistake(loaded.content, line, f"{name}: {sentence}")

    try:
        with np.errstate(all="ignore"):
            value = loss()
    except BaseException as error:
        raise _as_mistake(loaded, name, error) from None
    shape = np.shape(value)
    if shape:
        raise refuse(f"expected a single number, found shape {shape}: is a sum or a mean missing?")
    if not isinstance(value, float) or isinstance(value, bool):  # np.float64 is one
        found = value.dtype if isinstance(value, np.generic | np.ndarray) else type(value).__name__
        hint = {"float32": ", single precision", "NoneType": ": is return missing?"}
        if not (isinstance(value, np.ndarray) and value.dtype == np.float64):
            told = hint.get(str(found), "")
            raise refuse(f"expected a number in double precision, found {found}{told}.")
    if not np.isfinite(value):
        what = "NaN" if np.isnan(value) else "inf"
        raise mistake(
            loaded.content,
            _line_of_the_first(loss, loaded) or line,
            f"{name}: expected a finite number where training starts, found {what}.",
        )
    with np.errstate(all="ignore"):
        again = loss()
    if np.asarray(again, np.float64).tobytes() != np.asarray(value, np.float64).tobytes():
        of_t = " other than by t" if name == "training_loss" else ""
        raise refuse(
            f"expected the same value when it is evaluated again, found {float(value):.6g} and "
            f"{float(again):.6g}: nothing in it may be random{of_t}."
        )


def _line_of_the_first(loss: Callable[[], Any], loaded: Loaded) -> int | None:
    """Where a number first is not finite."""
    try:
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            loss()
    except FloatingPointError as error:
        return line_in(loaded.content, error.__traceback__)
    except BaseException:  # whatever else it does then
        return None
    return None


def _derivatives(loaded: Loaded, w: Floats, theta: Floats) -> None:
    oracle = AutogradOracle(
        lambda w, theta, t: loaded.training_loss(w, loaded.named(theta), t),
        lambda w, theta: loaded.validation_loss(w, loaded.named(theta)),
        theta if theta.size else None,
    )
    name = "training_loss"
    try:
        oracle.gradient(w, 0)
        oracle.gradient_and_products(w, 0, np.ones_like(w))
        name = "validation_loss"
        oracle.objective(w)
    except DivergedError as error:
        line = loaded.lines.of_result(name)
        raise mistake(loaded.content, line, f"{name}: {error}") from None
    except BaseException as error:
        raise _as_mistake(loaded, name, error) from None


def _as_mistake(loaded: Loaded, name: str, error: BaseException) -> OwnFileError:
    """What a loss raised, with a line of the file."""
    if isinstance(error, ValueError) and "read-only" in str(error):
        line = line_in(loaded.content, error.__traceback__) or loaded.lines.of(name)
        wanted = "expected w and theta to be left as they are, found that one of them is written to"
        return mistake(loaded.content, line, f"{name}: {wanted}.")
    found = as_mistake(loaded.content, error)
    if not found.field.startswith("line ") and not isinstance(error, InputError):
        return mistake(
            loaded.content, loaded.lines.of(name), f"{name}: {found.sentence}", found.details
        )
    return found
