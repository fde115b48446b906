"""Judge hyper-representation with more steps a classifier than its representation was learned for.

The numbers in the row T = 50 of its page:

    RETROGRADE_DATA=FOLDER python -m docs.more_steps [--shots N] [--meta-iterations N] [--steps N]

Rates of the first steps are the learned ones; every further step takes the last of them.
"""

import argparse

import numpy as np

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.hyperparameters.values import Hyperparameters
from engine.runs.events import MetaIterationDone
from engine.runs.run import optimize
from engine.tasks.catalogue import make_task
from engine.tasks.episodes import EpisodesTask


def learned(experiment: Experiment) -> Hyperparameters:
    """The hyperparameters after the last meta-step; pretraining is left out."""
    for event in optimize(experiment):
        if isinstance(event, MetaIterationDone) and event.index + 1 == experiment.units:
            return event.next_hyperparameters
    raise RuntimeError("the run diverged")


def with_steps(hyperparameters: Hyperparameters, steps: int) -> Hyperparameters:
    """The same with rates for more steps: the last one again and again."""
    rates = hyperparameters["learning_rates"]
    further = np.repeat(rates[-1:], steps - len(rates), axis=0)
    return hyperparameters.replace(learning_rates=np.concatenate([rates, further]))


def accuracy(experiment: Experiment, hyperparameters: Hyperparameters) -> tuple[float, float]:
    """Of classifiers on held-out episodes, and its standard error."""
    task = make_task(experiment)
    assert isinstance(task, EpisodesTask)
    count = experiment.episodes.test_number
    parts = [one.accuracies for one in task.held_out_episodes(hyperparameters, count)]
    found = np.concatenate(parts)
    return float(found.mean()), float(found.std(ddof=1) / np.sqrt(len(found)))


def main() -> None:
    """Learn, and judge with few and with more steps."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shots", type=int, default=5)
    parser.add_argument("--meta-iterations", type=int, default=35)
    parser.add_argument("--steps", type=int, default=50)
    options = parser.parse_args()
    changes = {
        "episodes.shots": str(options.shots),
        "meta.iterations": str(options.meta_iterations),
    }
    experiment = override(load_experiment("hyper-representation"), changes)
    found = learned(experiment)
    print("learning rates", np.round(found["learning_rates"].ravel(), 2))
    for steps in (experiment.training.iterations, options.steps):
        longer = override(experiment, {"training.iterations": str(steps)})
        mean, error = accuracy(longer, with_steps(found, steps))
        print(f"T = {steps}: {mean:.4f} ± {error:.4f}", flush=True)


if __name__ == "__main__":
    main()
