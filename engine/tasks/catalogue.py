"""The task of an experiment, made by what the catalogue names."""

from pkgutil import resolve_name
from typing import cast

from engine.experiments.experiment import Experiment
from engine.experiments.tasks import task_of
from engine.tasks.task import Task


def make_task(experiment: Experiment) -> Task:
    """Load an experiment's data and build its model.

    Raises:
        InputError: the data cannot be used, or does not fit the model or the objective.
    """
    return cast(Task, resolve_name(task_of(experiment).made_by)(experiment))
