"""The task of an experiment, made by what the catalogue names."""

from importlib import import_module
from typing import cast

from engine.experiments.experiment import Experiment
from engine.experiments.tasks import task_of
from engine.tasks.task import Task


def make_task(experiment: Experiment) -> Task:
    """Load an experiment's data and build its model.

    Raises:
        InputError: the data cannot be used, or does not fit the model or the objective.
    """
    module, _, maker = task_of(experiment).made_by.partition(":")
    return cast(Task, getattr(import_module(module), maker)(experiment))
