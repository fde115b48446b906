"""The task of an experiment: its data loaded, its model built."""

from engine.errors import InputError
from engine.experiments import Experiment
from engine.tasks.fitting import misfit, open_dataset
from engine.tasks.interface import Losses, Task
from engine.tasks.models import Network
from engine.tasks.network_task import PRECISIONS, NetworkTask
from engine.tasks.splits import split_dataset
from engine.tasks.surface import SurfaceTask

__all__ = [
    "PRECISIONS",
    "Losses",
    "NetworkTask",
    "SurfaceTask",
    "Task",
    "make_task",
    "misfit",
    "open_dataset",
]


def make_task(experiment: Experiment) -> Task:
    """Load an experiment's data and build its model.

    Raises:
        InputError: the data cannot be used, or does not fit the model or the objective.
    """
    megabytes = experiment.training.buffer_megabytes
    buffer_memory = None if megabytes is None else megabytes * 1_000_000
    if experiment.model.kind == "two weights":
        return SurfaceTask(buffer_memory)
    model, data = experiment.model, experiment.data
    dataset = open_dataset(data)
    if sentence := misfit(experiment, dataset.kind):
        raise InputError(sentence)
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
            "data.validation: expected at least one example for the validation loss as objective."
        )
    outputs = max(dataset.classes, 1)
    network = Network(
        (dataset.features, *model.hidden, outputs), activation=model.activation, loss=model.loss
    )
    training = experiment.training
    learned = (data.learned_per_class or 0) * dataset.classes
    if data.learned_per_class and not learned:
        raise InputError("data.learned_per_class: expected data that have classes.")
    return NetworkTask(
        dataset,
        split,
        network,
        training.batch_size or learned or len(split.train.targets),
        experiment.meta.objective,
        training.precision,
        buffer_memory,
        training.order,
        data.learned_per_class or 0,
        experiment.meta.seed,
    )
