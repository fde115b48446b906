"""Where a derivative is missing because training had left its way before."""

from collections.abc import Generator, Sequence
from typing import Final, TypeVar

import numpy as np

from engine.errors import DivergedError, NoDerivativeError
from engine.hypergradients.result import Progress

Outcome = TypeVar("Outcome")

_CLEARLY: Final = 0.1
"""How much above, relative to the loss in the beginning."""
_WORDS: Final = {
    "training_loss": "the training loss",
    "validation_loss": "the objective",
    "by w": "by the parameters",
    "by theta": "by the hyperparameters",
}


def as_divergence(
    steps: Generator[Progress, None, Outcome],
) -> Generator[Progress, None, Outcome]:
    """Go through a training run, and tell a derivative that is not finite for what it is.

    Where the loss has risen clearly above where it began, and stayed above, training has blown up:
    smaller steps help. Elsewhere the loss itself has no derivative.

    Args:
        steps: of a training run of an experiment's task.

    Raises:
        DivergedError: training diverges, or blew up.
        NoDerivativeError: the loss has no derivative; named in words.
    """
    losses: list[float] = []
    while True:
        try:
            progress = next(steps)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        except NoDerivativeError as error:
            since = _risen_since(losses)
            if since is None:
                raise NoDerivativeError(_in_words(error.what), error.iteration) from error
            reason = f"the loss rises above {losses[0]:.4g}, where it began, and stays there"
            raise DivergedError(since, "", reason) from error
        if progress.phase == "training":
            losses.extend(progress.losses)
        yield progress


def _risen_since(losses: Sequence[float]) -> int | None:
    """From which iteration the loss was above its first; None if it does not end clearly so."""
    low = np.flatnonzero(np.asarray(losses) <= np.asarray(losses[:1]))
    since = int(low[-1]) + 1 if len(low) else len(losses)
    if since >= len(losses):
        return None
    is_near = losses[-1] - losses[0] <= _CLEARLY * abs(losses[0])  # which NaN is not
    return None if is_near else since


def _in_words(what: str) -> str:
    for name, words in _WORDS.items():
        what = what.replace(name, words)
    return what
