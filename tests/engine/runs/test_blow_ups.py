"""A derivative that is missing, told for what it is."""

from collections.abc import Generator

import numpy as np
import pytest
from experiments_for_tests import finished, run

from engine.errors import DivergedError, NoDerivativeError
from engine.experiments.files import load_experiment, override
from engine.hypergradients.result import Progress
from engine.runs.blow_ups import as_divergence

RATE = "hyperparameters.learning_rates.initial"


def training(losses: list[float], what: str) -> Generator[Progress, None, None]:
    """Trains with these losses; then a derivative is missing."""
    for index, loss in enumerate(losses):
        yield Progress("training", index + 1, loss, 0)
    raise NoDerivativeError(what, len(losses) - 1)


def test_training_that_blew_up_has_diverged_where_its_loss_rose_for_good() -> None:
    steps = as_divergence(training([5.0, 4.0, 6.0, 4.5, 7.0, np.nan], "the gradient"))
    with pytest.raises(DivergedError, match="the loss rises above 5, where it began") as error:
        list(steps)
    assert error.value.iteration == 4
    assert error.value.smaller_steps_help


def test_where_training_went_well_the_loss_has_no_derivative_and_is_named_in_words() -> None:
    steps = as_divergence(training([5.0, 4.0], "the second derivative of training_loss by w"))
    words = "The second derivative of the training loss by the parameters is not finite"
    with pytest.raises(NoDerivativeError, match=words):
        list(steps)


def test_a_loss_that_has_hardly_risen_has_not_diverged() -> None:
    steps = as_divergence(training([5.0, 4.0, 5.1], "the gradient"))
    with pytest.raises(NoDerivativeError):
        list(steps)


@pytest.mark.parametrize("rate", [1.0, 0.1])
def test_two_weights_that_leave_their_valley_diverge_with_words_that_people_know(
    rate: float,
) -> None:
    changes = {"training.iterations": "80", "meta.iterations": "3", RATE: str(rate)}
    end = finished(run(override(load_experiment("toy"), changes)))
    assert end.divergence is not None
    assert end.divergence.smaller_steps_help
    assert end.message.startswith("Training diverged at iteration ")
    assert "training_loss" not in end.message
