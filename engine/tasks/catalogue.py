"""The task of an experiment: its data loaded, its model built."""

import math

from engine.data.drawings import Drawings
from engine.data.splits import split_dataset
from engine.derivatives.models import Network
from engine.errors import InputError
from engine.experiments.experiment import Data, Experiment
from engine.tasks.fitting import misfit, open_dataset, open_drawings
from engine.tasks.networks import NetworkTask
from engine.tasks.sharing import Amounts, SharingTask
from engine.tasks.surface import SurfaceTask
from engine.tasks.task import Task


def make_task(experiment: Experiment) -> Task:
    """Load an experiment's data and build its model.

    Raises:
        InputError: the data cannot be used, or does not fit the model or the objective.
    """
    penalties = experiment.hyperparameters["l2_penalties"].granularity
    if experiment.model.kind == "two weights":
        return SurfaceTask(penalties)
    model, data = experiment.model, experiment.data
    if model.kind == "shared networks":
        return _make_sharing_task(experiment)
    dataset = open_dataset(data)
    if refusal := misfit(experiment, dataset.kind):
        raise refusal
    split = split_dataset(
        dataset,
        train=data.train,
        validation=data.validation,
        test=data.test,
        scaling=data.scaling,
        seed=data.seed,
        fewest=0 if data.learned_per_class else 1,
    )
    if experiment.meta.objective == "validation" and not len(split.validation.targets):
        raise InputError(
            "data.validation", "expected at least one example for the validation loss as objective."
        )
    outputs = max(dataset.classes, 1)
    network = Network(
        (dataset.features, *model.hidden, outputs), activation=model.activation, loss=model.loss
    )
    training = experiment.training
    learned = (data.learned_per_class or 0) * dataset.classes
    if data.learned_per_class and not learned:
        raise InputError("data.learned_per_class", "expected data that have classes.")
    return NetworkTask(
        dataset,
        split,
        network,
        training.batch_size or learned or len(split.train.targets),
        experiment.meta.objective,
        training.precision,
        training.order,
        data.learned_per_class or 0,
        experiment.meta.seed,
        penalties,
    )


def _make_sharing_task(experiment: Experiment) -> SharingTask:
    model, data, training = experiment.model, experiment.data, experiment.training
    if data.scaling != "none":
        raise InputError("data.scaling", "expected none with shared networks.")
    if training.batch_size is not None:
        raise InputError(
            "training.batch_size",
            "expected none, because shared networks train on all drawings.",
        )
    drawings = open_drawings(data)
    amounts = _amounts(data, drawings)
    if experiment.meta.objective == "validation" and not amounts.validation:
        raise InputError(
            "data.validation", "expected at least one drawing for the validation loss as objective."
        )
    features = math.prod(drawings.alphabets[0].images.shape[2:])
    outputs = max(len(alphabet.images) for alphabet in drawings.alphabets)
    network = Network(
        (features, *model.hidden, outputs), activation=model.activation, loss=model.loss
    )
    return SharingTask(
        drawings,
        amounts,
        network,
        experiment.meta.objective,
        training.precision,
        experiment.hyperparameters["l2_penalties"].granularity,
    )


def _amounts(data: Data, drawings: Drawings) -> Amounts:
    """How many drawings of each character are for what."""
    each = drawings.alphabets[0].images.shape[1]
    amounts = Amounts(
        *(
            amount if isinstance(amount, int) else math.floor(amount * each + 1e-9)
            for amount in (data.train, data.validation, data.test)
        )
    )
    if not amounts.train:
        raise InputError(
            "data.train",
            f"expected at least 1 of the {each} drawings of a character, found {data.train}.",
        )
    if sum(amounts) > each:
        raise InputError(
            "data.train + data.validation + data.test",
            f"expected at most {each} drawings of a character, found {sum(amounts)}.",
        )
    return amounts
