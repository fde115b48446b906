"""An experiment as a short Python script that reproduces its run with `engine` alone."""

import re
import textwrap
from collections.abc import Sequence
from pathlib import Path

from engine.experiments.changes import Change
from engine.experiments.experiment import Experiment
from engine.experiments.files import to_toml

_WIDTH = 96
_SCRIPT = """\
{heading}
#
# Written by Retrograde; run it with the Python in which Retrograde is installed. Name a folder on
# the command line to keep result.json, hyperparameters.npz and experiment.toml there.

import sys

import engine

{trust}EXPERIMENT = {toml}

experiment = engine.parse_experiment(EXPERIMENT, "EXPERIMENT")
losses = []  # training, validation and test loss, and test accuracy, of each meta-iteration
{changes}for event in engine.optimize(experiment{argument}):
    if isinstance(event, engine.RunStarted):
        record = engine.RunRecord(event)
    elif not isinstance(event, engine.Preparing):
        record.add(event)
    if isinstance(event, engine.MetaIterationDone):
        losses.append(event.losses)
        print(
            f"meta-iteration {{event.index}}: training loss {{event.losses.training}}, "
            f"validation loss {{event.losses.validation}}, "
            f"hypergradient norm {{event.hypergradient_norm}}"
        )

print(record.finished.outcome, record.finished.message)
if len(sys.argv) > 1:
    engine.write_numbers(record, sys.argv[1])
"""


def to_python(experiment: Experiment, changes: Sequence[Change] = ()) -> str:
    """Write an experiment as a script.

    The script prints the losses of every meta-iteration, keeps them in a list, and writes
    ``result.json`` into the folder that its command line names, if any. Its numbers are those of
    any other run of the experiment, to the last bit. Data from a file keep their absolute path.

    Args:
        experiment: what the script runs.
        changes: of its settings, during the run.

    Returns:
        Python that imports nothing but the standard library and `engine`.
    """
    anchored = {
        field: str(Path(path).resolve())
        for field in ("file", "labels")
        if (path := getattr(experiment.data, field)) is not None
    }
    data = experiment.data.model_copy(update=anchored)
    about = (experiment.title or experiment.name, experiment.description)
    heading = "\n".join(
        textwrap.fill(line, _WIDTH, initial_indent="# ", subsequent_indent="# ")
        for line in map(_one_line, about)
        if line
    )
    problem = experiment.problem
    if problem.file is not None:
        problem = problem.model_copy(update={"file": str(Path(problem.file).resolve())})
    anchored_all = experiment.model_copy(update={"data": data, "problem": problem})
    toml = short_arrays(to_toml(anchored_all))
    return _SCRIPT.format(
        heading=heading,
        toml=_literal(toml),
        trust=_trust(problem.file),
        changes=_changes(changes),
        argument=", changes=changes" if changes else "",
    )


def _trust(file: str | None) -> str:
    """What lets the file of a problem of one's own run; nothing without one."""
    if file is None:
        return ""
    return f"engine.trust({file!r})  # its code runs with your rights\n"


def _changes(changes: Sequence[Change]) -> str:
    """The changes as a list in Python; nothing if there are none."""
    if not changes:
        return ""
    lines = [
        f"    engine.Change({change.meta_iteration}, {dict(change.settings)!r}),\n"
        for change in changes
    ]
    return f"changes = [  # from which meta-iteration on, and what\n{''.join(lines)}]\n"


def _one_line(text: str) -> str:
    """Text for a comment: nothing in it may end the line, or nothing after it would be one."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _literal(text: str) -> str:
    """A Python literal of TOML text: as it stands between quotes, where it has none of them."""
    if "'''" in text or not text.replace("\n", "").isprintable():
        return repr(text)
    return f"r'''\n{text}'''"


def short_arrays(toml: str) -> str:
    """TOML with the numbers of an array side by side, where its writer gives each a line."""

    def fill(array: re.Match[str]) -> str:
        numbers = " ".join(array.group(1).split()).rstrip(",")
        return textwrap.fill(f"[{numbers}]", _WIDTH - 4, subsequent_indent="    ")

    return re.sub(r"\[\n([0-9a-z+\-.,\s]+?)\]", fill, toml)
