"""Several seeds in one meta-iteration: one after the other, in threads, in processes, and by Dask.

Everyone does the same meta-iterations, in turn; executors are warm (their processes have loaded the
data and the kernels). In turn means that training runs follow each other, each alone on one core;
sharing is the same with every minibatch cut up among the cores.

    python -m bench.seeds [--rounds 5]
"""

import argparse
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from unittest.mock import patch

import numpy as np
from distributed import Client, LocalCluster

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.runs.events import MetaIterationDone, MetaIterationStarted
from engine.runs.run import optimize

CORES = os.cpu_count() or 1
SEEDS = 4
WORKS = {
    "iris, softmax regression": {"data.source": "iris", "model.kind": "softmax regression"},
    "digits, 64-10, batch 100": {"data.source": "digits", "model.kind": "softmax regression"},
    "digits, 64-50-10, batch 100": {"model.hidden": "[50]", "training.batch_size": "100"},
    "digits, 64-50-50-50-10, batch 200": {"training.batch_size": "200"},
    "digits, 64-200-100-10, batch 250": {
        "model.hidden": "[200, 100]",
        "training.batch_size": "250",
    },
}


def experiment(changes: dict[str, str]) -> Experiment:
    always = {"data.train": "0.8", "data.validation": "0.2", "data.test": "0"}
    always |= {"meta.seeds": str(SEEDS), "meta.iterations": "3", "training.iterations": "100"}
    if changes.get("model.kind") == "softmax regression":
        always |= {"model.hidden": "[]", "training.batch_size": "100"}
    return override(load_experiment("schedules"), {**always, **changes})


def seconds(chosen: Experiment, threads: int, executor: Executor | None) -> float:
    """The fastest of the run's meta-iterations."""
    began, took = 0.0, []
    for event in optimize(chosen, threads, executor):
        if isinstance(event, MetaIterationStarted):
            began = time.perf_counter()
        elif isinstance(event, MetaIterationDone):
            took.append(time.perf_counter() - began)
    return min(took)


def sharing(chosen: Experiment) -> float:
    """Seeds in turn, whose minibatches all cores share."""
    with patch("engine.runs.run._is_worth_threads", lambda task: False):
        return seconds(chosen, CORES, None)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with ExitStack() as stack:
        fresh = multiprocessing.get_context("spawn")
        processes = stack.enter_context(ProcessPoolExecutor(CORES, fresh))
        cluster = stack.enter_context(
            LocalCluster(n_workers=CORES, threads_per_worker=1, dashboard_address=":0")
        )
        dask = stack.enter_context(Client(cluster)).get_executor()
        ways: dict[str, Callable[[Experiment], float]] = {
            "in turn": lambda chosen: seconds(chosen, 1, None),
            "sharing": sharing,
            "by default": lambda chosen: seconds(chosen, CORES, None),
            "processes": lambda chosen: seconds(chosen, CORES, processes),
            "Dask": lambda chosen: seconds(chosen, CORES, dask),
        }
        print(f"{SEEDS} seeds, T = 100, {CORES} cores, {rounds} rounds: medians, in seconds.\n")
        print(f"| | {' | '.join(ways)} |")
        print("| --- " * (1 + len(ways)) + "|")
        for name, changes in WORKS.items():
            chosen = experiment(changes)
            took: dict[str, list[float]] = {way: [] for way in ways}
            for _ in range(rounds):
                for way, measure in ways.items():
                    took[way].append(measure(chosen))
            medians = " | ".join(f"{np.median(values):.3f}" for values in took.values())
            print(f"| {name} | {medians} |", flush=True)


if __name__ == "__main__":
    main()
