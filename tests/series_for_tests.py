"""Walk-forward regression of the Nile, and kernel ridge, that run in a blink."""

from collections.abc import Mapping

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.tasks.catalogue import make_task
from engine.tasks.kernel_ridge import KernelRidgeTask
from engine.tasks.series import SeriesTask


def series(changes: Mapping[str, str] | None = None) -> Experiment:
    """Four meta-iterations on twelve forecasts of the Nile."""
    small = {
        "data.train": "20",
        "data.validation": "8",
        "data.test": "4",
        "meta.iterations": "4",
        "training.iterations": "10",
        "hyperparameters.learning_rates.initial": "4.0",
        "hyperparameters.past_weights.initial": "30.0",
    }
    return override(load_experiment("weights-on-the-past"), {**small, **(changes or {})})


def kernel_ridge(changes: Mapping[str, str] | None = None) -> Experiment:
    """Four meta-iterations on a dozen points of the noisy waves."""
    small = {
        "data.train": "12",
        "data.validation": "9",
        "data.test": "9",
        "meta.iterations": "4",
        "training.iterations": "10",
        "hyperparameters.kernel_widths.initial": "0.4",
        "hyperparameters.l2_penalties.initial": "0.01",
    }
    return override(load_experiment("kernel-ridge"), {**small, **(changes or {})})


def series_task(changes: Mapping[str, str] | None = None) -> SeriesTask:
    """What `series` trains."""
    task = make_task(series(changes))
    assert isinstance(task, SeriesTask)
    return task


def kernel_task(changes: Mapping[str, str] | None = None) -> KernelRidgeTask:
    """What `kernel_ridge` trains."""
    task = make_task(kernel_ridge(changes))
    assert isinstance(task, KernelRidgeTask)
    return task
