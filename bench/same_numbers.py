"""Whether all shipped experiments still give the same numbers, bit for bit, as at another revision.

python -m bench.same_numbers REVISION [--meta-iterations N]

Runs every experiment for a few meta-iterations, once in a checkout of the revision and once in the
working tree, on this machine and with this environment's libraries, and compares ``result.json``
(but for seconds and the experiment's name) and every array of ``hyperparameters.npz``. So a change
of arithmetic is made on purpose or not at all. Numbers are not kept between machines: other
processors round differently.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

_HERE = Path(__file__).parents[1]
_APART = {"seconds", "experiment", "hyperparameters_sha256"}
"""Clocks differ, and so may the name that an experiment goes by; and the file of hyperparameters,
whose arrays are compared one by one, has one for each kind that there is.
"""
_RUN_ALL = """
import sys
from pathlib import Path
import engine

folder, count = Path(sys.argv[1]), int(sys.argv[2])
for name in sys.argv[3:] or engine.list_experiments(stand_in=True):
    experiment = engine.load_experiment(name, stand_in=True)
    few = {"iterations": min(count, experiment.meta.iterations)}
    meta = experiment.meta.model_copy(update=few)
    for event in engine.optimize(experiment.model_copy(update={"meta": meta})):
        if isinstance(event, engine.RunStarted):
            record = engine.RunRecord(event)
        elif not isinstance(event, engine.Preparing):
            record.add(event)
    engine.write_numbers(record, folder / name)
"""


def run_all(checkout: Path, folder: Path, meta_iterations: int, names: Sequence[str] = ()) -> None:
    """Run the experiments of a checkout, all or some, and write their numbers into folders."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONSAFEPATH": "1"}
    words = [sys.executable, "-c", _RUN_ALL, str(folder), str(meta_iterations), *names]
    subprocess.run(words, cwd=checkout, env=environment, check=True)


def differences(before: Path, after: Path) -> list[str]:
    """What differs between the numbers of two runs, a phrase each; what is new is no difference."""
    found = list(_differing(_numbers(before), _numbers(after), "result.json"))
    with (
        np.load(before / "hyperparameters.npz") as old,
        np.load(after / "hyperparameters.npz") as new,
    ):
        for name in old.files:
            if name not in new.files:
                found.append(f"hyperparameters.npz: {name} is missing")
            elif old[name].tobytes() != new[name].tobytes() or old[name].shape != new[name].shape:
                found.append(f"hyperparameters.npz: {name} differs")
    return found


def _numbers(folder: Path) -> Any:
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def _differing(old: Any, new: Any, where: str) -> list[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        found = [f"{where}: {key} is missing" for key in old.keys() - new.keys()]
        for key in old.keys() & new.keys() - _APART:
            found += _differing(old[key], new[key], f"{where}: {key}")
        return found
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [
            difference
            for index, pair in enumerate(zip(old, new, strict=True))
            for difference in _differing(*pair, f"{where}[{index}]")
        ]
    return [] if old == new else [f"{where}: {old!r} became {new!r}"]


def main() -> int:
    """Compare, and print a line for each experiment.

    Returns:
        0 if everything is the same, else 1.
    """
    parser = argparse.ArgumentParser(description="The same numbers as at another revision?")
    parser.add_argument("revision", help="a commit, tag or branch of git")
    parser.add_argument("--meta-iterations", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        git = ["git", "-C", str(_HERE), "worktree"]
        checkout = folder / "checkout"
        subprocess.run(
            [*git, "add", "--quiet", "--detach", str(checkout), given.revision], check=True
        )
        try:
            run_all(checkout, folder / "before", given.meta_iterations)
        finally:
            subprocess.run([*git, "remove", "--force", str(checkout)], check=True)
        names = sorted(one.name for one in (folder / "before").iterdir())  # some have changed
        run_all(_HERE, folder / "after", given.meta_iterations, names)
        failed = False
        for before in (folder / "before" / name for name in names):
            found = differences(before, folder / "after" / before.name)
            failed |= bool(found)
            print(f"{before.name}: {'the same, bit for bit' if not found else 'different'}")
            print("".join(f"    {difference}\n" for difference in found), end="")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
