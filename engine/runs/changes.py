"""Changes for a run, planned before it or asked for while it goes on."""

from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any

from engine.errors import InputError
from engine.experiments.changes import Change, changed, differences
from engine.experiments.experiment import Experiment
from engine.experiments.stopping import STOPPED_BY_HAND
from engine.runs.events import SettingsChanged


class Changes:
    """Hands changes to one run, which takes them over before its next meta-iteration.

    Any thread may ask. What is asked for is checked at once, against all that is to change
    already; what the run takes over is therefore always right.

    Args:
        experiment: as the run starts.
        planned: changes known before the run, in the order of their meta-iterations.

    Attributes:
        started_from: the same experiment.

    Raises:
        InputError: a planned change cannot be made.
    """

    def __init__(self, experiment: Experiment, planned: Iterable[Change] = ()) -> None:
        self.started_from = experiment
        self._lock = Lock()
        self._in_force = experiment
        self._planned = list(planned)
        self._asked: dict[str, Any] = {}
        self._next = 0  # the meta-iteration that what is asked now counts for
        self._is_over = False
        self._stops: set[int | None] = set()
        self._check(self._asked)

    @property
    def experiment(self) -> Experiment:
        """The experiment as it is set now, with what has been asked for."""
        with self._lock:
            return changed(self._in_force, self._asked)

    def ask(self, settings: Mapping[str, Any]) -> int:
        """Ask for new values of fields.

        Args:
            settings: by the dotted names of the fields; see `engine.experiments.changeable`.

        Returns:
            The first meta-iteration that they count for, if it is reached.

        Raises:
            InputError: a field may not change, or cannot hold the value; or it is too late.
        """
        with self._lock:
            if self._is_over:
                field = " + ".join(settings)
                raise InputError(field, "expected a change before the last meta-iteration is done.")
            asked = {**self._asked, **settings}
            self._check(asked)
            self._asked = asked
            return self._next

    def take(self, meta_iteration: int) -> SettingsChanged | None:
        """What changes before a meta-iteration; the run asks for each in turn, from 0.

        It asks once more after the last meta-iteration; if there still is none to come, it is over.
        """
        with self._lock:
            settings: dict[str, Any] = {}
            while self._planned and self._planned[0].meta_iteration == meta_iteration:
                settings |= self._planned.pop(0).settings
            settings |= self._asked
            self._asked = {}
            if None in self._stops:
                settings[STOPPED_BY_HAND] = self._in_force.stopping.with_place(meta_iteration)
                self._stops.clear()
            after = changed(self._in_force, settings)
            new = differences(self._in_force, after)
            self._in_force = after
            self._next = meta_iteration + 1
            self._is_over = meta_iteration >= after.units
        return SettingsChanged(Change(meta_iteration, new), after) if new else None

    def stop(self, trial: int | None = None) -> None:
        """A person says that a trial is to be stopped, or the run before its next meta-iteration.

        Of a trial that is over, nothing follows; nor of a search as a whole, which only its trials
        are stopped of.
        """
        with self._lock:
            self._stops.add(trial)

    def take_stop(self, trial: int, iteration: int) -> SettingsChanged | None:
        """What follows for a trial from what a person said, if anything; the run asks for it.

        Args:
            trial: its number.
            iteration: the training iteration after which it would be stopped.
        """
        with self._lock:
            if trial not in self._stops:
                return None
            self._stops.discard(trial)
            settings = {STOPPED_BY_HAND: self._in_force.stopping.with_place(trial, iteration)}
            self._in_force = changed(self._in_force, settings)
            return SettingsChanged(Change(trial, settings), self._in_force)

    def _check(self, asked: Mapping[str, Any]) -> None:
        """Go through all changes that are to come.

        Raises:
            InputError: one of them cannot be made.
        """
        experiment, at = self._in_force, self._next
        for change in (Change(at, asked), *self._planned):
            if not at <= change.meta_iteration <= experiment.units:
                expected = f"from {at} to {experiment.units}"
                raise InputError(
                    "changes",
                    f"expected a meta-iteration {expected}, found {change.meta_iteration}.",
                )
            at = change.meta_iteration
            experiment = changed(experiment, change.settings)
            if experiment.units < at:
                raise InputError(
                    "meta.iterations",
                    f"expected at least {at}, which are done by then, "
                    f"found {experiment.meta.iterations}.",
                )
