"""Compile the kernels that tests share, for the precision that is named."""

import sys

from engine.dynamics.catalogue import DYNAMICS
from engine.experiments.files import load_experiment, override
from engine.runs.warm_up import warm_up
from engine.tasks.catalogue import make_task

if __name__ == "__main__":
    experiment = override(load_experiment("regression"), {"training.precision": sys.argv[1]})
    task, dynamics = make_task(experiment), DYNAMICS[experiment.training.dynamics]
    for _ in warm_up(task, dynamics, tangents=True):
        pass
