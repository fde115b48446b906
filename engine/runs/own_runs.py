"""Runs, comparisons and checks of any experiment: those of a person's file in a process of its own.

Windows and commands go through here, so that no file is ever run in their own process.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from engine.experiments.changes import Change
from engine.experiments.experiment import Experiment
from engine.experiments.problems import validate
from engine.hyperparameters.kinds import KINDS
from engine.own.contents import Content
from engine.own.trusted import content_for, may_run_here
from engine.runs.apart import apart, refuse_unless_one_process, result_of
from engine.runs.apart_call import Call
from engine.runs.changes import Changes
from engine.runs.events import Event, Preparing, StillWorking
from engine.runs.records import RunRecord

if TYPE_CHECKING:
    from engine.runs.checks import Check


def is_apart(experiment: Experiment) -> bool:
    """Whether an experiment runs in a process of its own."""
    problem = experiment.problem
    return problem.file is not None and not may_run_here(problem.sha256)


def optimize_safely(
    experiment: Experiment,
    threads: int | None = None,
    executor: Executor | None = None,
    changes: Changes | Iterable[Change] = (),
    resume: RunRecord | None = None,
) -> Generator[Event, None, None]:
    """Like `engine.runs.run.optimize`, of whose arguments these are.

    Raises:
        InputError: as `optimize`; or nobody has trusted the file; or it cannot be run.
    """
    if not is_apart(experiment):
        from engine.runs.run import optimize

        yield from optimize(experiment, threads, executor, changes, resume)
        return
    refuse_unless_one_process(executor)
    content = _content_of(experiment)
    if not isinstance(changes, Changes):
        before = () if resume is None else resume.changes
        changes = Changes(experiment, [*before, *changes])
    yield Preparing(f"Loading {content.name} in a process of its own")
    options = {"threads": threads, "resume": resume}
    checks = None if resume is not None else _checks(experiment)
    call = Call("engine.runs.run:optimize", (experiment,), options, checks, experiment)
    yield from apart(content, call, experiment.problem.time_limit, changes)


def generate_safely(
    function: str, experiment: Experiment, *arguments: Any, **options: Any
) -> Generator[Any, None, Any]:
    """Go through a generator of the engine whose first argument is an experiment.

    Args:
        function: "module:name" of it.
        experiment: its first argument.
        *arguments: what it is called with besides.
        **options: the same by name; ``executor`` is one of them.

    Raises:
        InputError: as it raises; or nobody has trusted the file; or it cannot be run.
    """
    if not is_apart(experiment):
        from pkgutil import resolve_name

        make: Callable[..., Any] = resolve_name(function)
        yield from make(experiment, *arguments, **options)
        return
    refuse_unless_one_process(options.pop("executor", None))
    content = _content_of(experiment)
    yield Preparing(f"Loading {content.name} in a process of its own")
    call = Call(function, (experiment, *arguments), options, _checks(experiment))
    yield from apart(content, call, experiment.problem.time_limit)


def check_safely(experiment: Experiment) -> "Iterator[Check]":
    """Like `engine.runs.checks.check`."""
    if not is_apart(experiment):
        from engine.runs.checks import check

        yield from check(experiment)
        return
    call = Call("engine.runs.checks:check", (experiment,))
    for one in apart(_content_of(experiment), call, experiment.problem.time_limit):
        if not isinstance(one, StillWorking):
            yield one


def propose_steps(content: Content, time_limit: float) -> Generator[Any, None, Experiment]:
    """Run a file that somebody trusted, in a process of its own; returns what it proposes.

    Yields:
        `StillWorking` while it does.

    Raises:
        InputError: it cannot be run.
    """
    call = Call("engine.runs.own_runs:propose_here", (content,))
    found: Experiment = yield from apart(content, call, time_limit)
    return found


def propose(content: Content, time_limit: float = 10.0) -> Experiment:
    """The experiment that a file proposes; see `propose_steps`."""
    found: Experiment = result_of(propose_steps(content, time_limit))
    return found


def with_problem_of(experiment: Experiment, proposed: Experiment) -> Experiment:
    """An experiment with what another one, that its file has just proposed, declares.

    Its own settings stay; of hyperparameters that it says nothing of, those of the file are taken.

    Raises:
        InputError: its settings do not fit what the file declares now.
    """
    tables = experiment.model_dump(exclude_none=True)
    own = experiment.problem
    kept = {"file": own.file, "time_limit": own.time_limit, "checked": own.checked}
    tables["problem"] = {**proposed.problem.model_dump(exclude_none=True), **kept}
    for kind in KINDS:
        if kind not in proposed.problem.kinds:
            continue
        setting, usual = experiment.hyperparameters[kind], KINDS[kind].usual
        told = proposed.hyperparameters[kind]
        if setting == usual:
            tables["hyperparameters"][kind] = told.model_dump(exclude_none=True)
        elif not own.groups and setting.domain == usual.domain:
            tables["hyperparameters"][kind]["domain"] = told.domain
    for kind in own.kinds:
        if kind not in proposed.problem.kinds:
            tables["hyperparameters"].pop(kind, None)
    return validate(tables)


def propose_here(content: Content) -> Experiment:
    """The experiment that a file proposes, found in this process."""
    from engine.own.loading import load
    from engine.own.proposing import proposed

    return proposed(load(content))


def _content_of(experiment: Experiment) -> Content:
    problem = experiment.problem
    return content_for(problem.file, problem.sha256, here=False)


def _checks(experiment: Experiment) -> Experiment | None:
    return experiment if experiment.problem.checked else None


__all__: Sequence[str] = (
    "check_safely",
    "generate_safely",
    "is_apart",
    "optimize_safely",
    "propose",
    "propose_here",
    "propose_steps",
    "with_problem_of",
)
