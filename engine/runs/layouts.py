"""How an experiment's hyperparameters are laid out for the model of its task."""

from engine.experiments.experiment import Experiment
from engine.experiments.problems import kinds_of, least_of
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.layout import Layout
from engine.tasks.task import Task


def make_layout(experiment: Experiment, task: Task) -> Layout:
    """The layout of an experiment's hyperparameters for the model of its task."""
    settings = experiment.hyperparameters.root
    numbers = {
        name: setting.initial
        for name, setting in settings.items()
        if KINDS[name].is_set_by_entry and isinstance(setting.initial, float | int)
    }
    return Layout(
        settings,
        experiment.training.iterations,
        task.groups,
        kinds_of(experiment),
        task.starts(numbers),
        least_of(experiment),
        {kind: theta.range for kind, theta in experiment.problem.kinds.items()},
    )
