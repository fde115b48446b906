"""One experiment by several strategies, with and without hypergradients, on equal budgets.

A generator of events, like a run: whoever asks for the next one is in charge.
"""

import time
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Executor, Future
from typing import Any, Final

import numpy as np

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.rivals import Rival, rivals_of, run_of, usual_rivals
from engine.experiments.strategies import STRATEGIES
from engine.runs.events import (
    Event,
    JudgingProgress,
    MetaIterationDone,
    MetaIterationStarted,
    Preparing,
    RunFinished,
)
from engine.runs.run import optimize
from engine.runs.side_by_side import until_done
from engine.runs.strategies_compared import (
    Search,
    SearchAdvanced,
    SearchDone,
    SearchesProgress,
    SearchStarted,
    Step,
    StrategiesEvent,
    StrategiesFinished,
    StrategiesStarted,
    TrialCurve,
)
from engine.sentences import shown

_MOST: Final = 1_000_000
"""Meta-iterations, where the budget alone says how many."""
_FAILURES: Final = (InputError, MemoryError, ArithmeticError, np.linalg.LinAlgError)


def compare_strategies(
    experiment: Experiment,
    strategies: Sequence[str | Rival] | None = None,
    seeds: int = 3,
    budget: float | None = None,
    seconds: float | None = None,
    threads: int | None = None,
    executor: Executor | None = None,
) -> Generator[StrategiesEvent, None, None]:
    """Search for an experiment's best hyperparameters by several strategies.

    Args:
        experiment: whose; its own strategy does not matter.
        strategies: names with settings, as in "adam:step=0.1"; None: the usual ones.
        seeds: searches of each strategy, from the experiment's seed upwards; weights, minibatches
            and proposals differ, the data do not.
        budget: training runs that a search may take, in gradient evaluations; None: what the most
            expensive of those take that follow hypergradients as the experiment says; without
            any, one for each of its meta-iterations and seeds.
        seconds: that a search may take; None: any.
        threads: to share the work of a training run; all cores but one by default.
        executor: who does the searches instead, each as a whole: any `concurrent.futures.Executor`.
            What they find does not depend on it, but the seconds do.

    Yields:
        Preparing, StrategiesStarted; for each search SearchStarted, SearchAdvanced and SearchDone
        (or SearchesProgress and SearchDone, where it is done elsewhere); StrategiesFinished.

    Raises:
        InputError: there is no such strategy or setting, or nothing is free; before any training.
    """
    rivals = usual_rivals(experiment) if strategies is None else rivals_of(strategies)
    if not isinstance(seeds, int) or not 1 <= seeds <= 1000:
        raise InputError("seeds", f"expected a whole number from 1 to 1,000, found {shown(seeds)}.")
    for name, most in (("budget", budget), ("seconds", seconds)):
        if most is not None and not most > 0:
            raise InputError(name, f"expected more than 0, found {shown(most)}.")
    if not experiment.free:
        raise InputError("hyperparameters", "expected a free one, which strategies can move.")
    first = experiment.meta.seed
    searches = tuple(Search(one, first + seed) for one in rivals for seed in range(seeds))
    yield StrategiesStarted(experiment, rivals, searches, budget, seconds)
    comparison = _Comparison(experiment, searches, budget, seconds)
    for wave in comparison.waves():
        if executor is None:
            yield from comparison.here(wave, threads)
        else:
            yield from comparison.by(wave, executor)
    yield StrategiesFinished(comparison.failures)


class _Comparison:
    """Does searches, those first that say what the others may take."""

    def __init__(
        self,
        experiment: Experiment,
        searches: Sequence[Search],
        budget: float | None,
        seconds: float | None,
    ) -> None:
        self.failures = 0
        self._experiment, self._searches = experiment, searches
        self._budget, self._seconds = budget, seconds
        self._is_open = budget is None and seconds is None
        self._taken = 0.0

    def waves(self) -> Iterable[list[int]]:
        """The places of searches that may be done at the same time."""
        places = range(len(self._searches))
        tries = [STRATEGIES[one.rival.strategy].tries for one in self._searches]
        if not self._is_open:
            yield [*places]
            return
        yield [place for place in places if not tries[place]]
        meta = self._experiment.meta
        self._budget = self._taken or float(meta.iterations * meta.seeds)
        yield [place for place in places if tries[place]]

    def here(
        self, wave: Sequence[int], threads: int | None
    ) -> Generator[StrategiesEvent, None, None]:
        """Search in this thread, one after the other."""
        for place in wave:
            yield SearchStarted(place)
            steps: list[Step] = []
            failure = ""
            try:
                run = self._run_of(place)
                for told in search(run, self._budget, self._seconds, threads):
                    if isinstance(told, str):
                        failure = told
                    elif isinstance(told, Step):
                        steps.append(told)
                        yield SearchAdvanced(place, told)
                    elif told is not None:
                        yield told
            except _FAILURES as error:
                failure = _sentence_of(error)
            yield self._done(place, steps, failure)

    def by(self, wave: Sequence[int], executor: Executor) -> Generator[StrategiesEvent, None, None]:
        """Have an executor search; what is done is told in order."""
        futures: dict[int, Future[Any]] = {}
        refused: dict[int, str] = {}
        for place in wave:
            try:
                run = self._run_of(place)
            except InputError as error:
                refused[place] = _sentence_of(error)
                continue
            futures[place] = executor.submit(_elsewhere, run, self._budget, self._seconds)
        try:
            for place in wave:
                if place in refused:
                    yield self._done(place, [], refused[place])
                    continue
                for _ in until_done([futures[place]]):
                    yield SearchesProgress(sum(one.done() for one in futures.values()))
                yield self._done(place, *futures[place].result())
        finally:
            for future in futures.values():
                future.cancel()

    def _run_of(self, place: int) -> Experiment:
        """The experiment as a search runs it."""
        one, meta = self._searches[place], self._experiment.meta
        iterations = meta.iterations
        tries = STRATEGIES[one.rival.strategy].tries
        if tries and self._experiment.minimises:  # which takes what it takes
            iterations = meta.iterations if one.rival.strategy == "grid" else _MOST
        elif tries and self._budget is not None:
            trials = self._budget / meta.seeds  # each takes a training run a seed
            iterations = int(np.clip(trials + 1e-9, 1, _MOST))
        elif one.rival.strategy == "grid":
            iterations = meta.iterations  # which its points follow from
        elif not self._is_open:
            iterations = _MOST
        return run_of(one.rival, self._experiment, one.seed, iterations)

    def _done(self, place: int, steps: Sequence[Step], failure: str) -> SearchDone:
        self.failures += not steps
        if steps:
            self._taken = max(self._taken, steps[-1].runs)
        return SearchDone(place, tuple(steps), failure)


def search(
    experiment: Experiment,
    budget: float | None = None,
    seconds: float | None = None,
    threads: int | None = None,
) -> Generator[Step | Preparing | str | None, None, None]:
    """One search, until it has taken what it may, or is at its end.

    Args:
        experiment: by whichever strategy.
        budget: training runs that it may take; None: any.
        seconds: that it may take; None: any.
        threads: to share the work of a training run.

    Yields:
        None now and then, Preparing; a Step for each meta-iteration or trial; a sentence, if
        training diverges.

    Raises:
        InputError: see `engine.runs.run.optimize`.
    """
    iterations = experiment.training.iterations
    events = optimize(experiment, threads)
    taken, evaluations, has_begun = 0.0, 0.0, False
    while True:
        began = time.perf_counter()
        event: Event | None = next(events, None)
        passed = time.perf_counter() - began
        has_begun = has_begun or isinstance(event, MetaIterationStarted)
        taken += passed if has_begun else 0.0
        if event is None or isinstance(event, JudgingProgress | RunFinished):
            if isinstance(event, RunFinished) and event.outcome == "diverged":
                yield event.message
            events.close()
            return
        if isinstance(event, Preparing):
            yield event
        elif isinstance(event, MetaIterationDone):
            if event.cost is not None:
                cost = event.cost
                evaluations += cost.gradients + cost.products + cost.tangents + cost.judgements
            runs = event.evaluations or evaluations / iterations
            yield Step(runs, taken, *_found(experiment, event), trial=_curve_of(event))
            if (budget is not None and runs >= budget * (1 - 1e-9)) or (
                seconds is not None and taken >= seconds
            ):
                events.close()
                return
        else:
            yield None


def _found(experiment: Experiment, done: MetaIterationDone) -> tuple[float, float, float, float]:
    """Objective, test loss, test and validation accuracy; NaN of what is not known."""
    measures = done.measures
    names = f"{experiment.meta.objective}_loss", "test_loss", "test_accuracy", "validation_accuracy"
    objective, *others = (_number(measures.get(name)) for name in names)
    test, accuracy, validation = others
    best = done.objective if np.isfinite(done.objective) else objective
    return best, test, accuracy, validation


def _curve_of(done: MetaIterationDone) -> TrialCurve | None:
    if done.judged is None or done.judged_at is None:
        return None
    return TrialCurve(done.judged_at[: len(done.judged)], done.judged, done.prediction)


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _elsewhere(
    experiment: Experiment, budget: float | None, seconds: float | None
) -> tuple[list[Step], str]:
    """A whole search in another process; what keeps it from ending comes back as a sentence."""
    steps: list[Step] = []
    failure = ""
    try:
        for told in search(experiment, budget, seconds, threads=1):
            if isinstance(told, Step):
                steps.append(told)
            elif isinstance(told, str):
                failure = told
    except _FAILURES as error:
        failure = _sentence_of(error)
    return steps, failure


def _sentence_of(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "Memory ran out."
    sentence = error.sentence if isinstance(error, InputError) else str(error)
    sentence = sentence or type(error).__name__
    return sentence[:1].upper() + sentence[1:]
