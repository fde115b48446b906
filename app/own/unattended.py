"""Experiments with a Python file of one's own, on the command line: trusted there, or refused."""

import sys
from pathlib import Path

from app.own.consents import may_run, note
from app.own.words import RIGHTS, question
from app.terminal import complain
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.own.contents import Content, read_content
from engine.runs.own_runs import propose, with_problem_of


def problem_in(file: Path, *, trust: bool) -> Experiment:
    """The experiment that a file proposes.

    Raises:
        InputError: it cannot be read or run, or nobody trusts it.
    """
    content = read_content(file.resolve())
    _ask(content, trust=trust)
    return propose(content)


def trusted(experiment: Experiment, *, trust: bool) -> Experiment:
    """An experiment whose file may run as it is now; without a file, the same.

    Raises:
        InputError: the file cannot be read or run, or nobody trusts it.
    """
    problem = experiment.problem
    if problem.file is None:
        return experiment
    content = read_content(problem.file)
    has_changed = problem.sha256 not in (None, content.sha256)
    _ask(content, trust=trust, has_changed=has_changed)
    if has_changed:
        complain(f"{content.name} has changed since the experiment was written.")
    if problem.sha256 == content.sha256 and problem.groups:
        return experiment
    return with_problem_of(experiment, propose(content, problem.time_limit))


def _ask(content: Content, *, trust: bool, has_changed: bool = False) -> None:
    if not trust and may_run(content):
        return
    if not trust:
        if not (sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty()):
            raise InputError(
                "--trust",
                f"expected it, because {content.name} is Python code that would run with your "
                "rights.",
            )
        print(f"{question(content, has_changed=has_changed)} {RIGHTS} [y/N] ",
              end="", file=sys.stderr, flush=True)  # fmt: skip
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise InputError(content.name, "expected that it may run: nothing of it was run.")
    note(content)
