"""How an experiment's hyperparameters are laid out for the model of its task."""

from collections.abc import Mapping

from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.experiments.problems import kinds_of, least_of
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.settings import Setting
from engine.tasks.task import Task


def make_layout(experiment: Experiment, task: Task) -> Layout:
    """The layout of an experiment's hyperparameters for the model of its task."""
    settings = experiment.hyperparameters.root
    return Layout(
        settings,
        experiment.training.iterations,
        task.groups,
        kinds_of(experiment),
        starts_of(task, settings),
        least_of(experiment),
        {kind: theta.range for kind, theta in experiment.problem.kinds.items()},
    )


def starts_of(task: Task, settings: Mapping[str, Setting]) -> Mapping[str, Floats]:
    """Where the kinds start whose start the task says, given a number for each.

    Of those that are set value by value, where they would start from the usual number.
    """
    numbers: dict[str, float] = {}
    for name in (name for name in settings if KINDS[name].is_set_by_entry):
        for initial in (KINDS[name].usual.initial, settings[name].initial):
            if isinstance(initial, float | int):
                numbers[name] = initial
    return task.starts(numbers)
