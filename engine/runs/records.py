"""A run as it stands: what its events have told so far, kept for plots, figures and files."""

from copy import copy
from itertools import pairwise

from engine.arrays import Floats, Integers
from engine.experiments.amounts import instead_in
from engine.experiments.changes import Change
from engine.experiments.experiment import Experiment
from engine.experiments.method_options import make_method
from engine.experiments.strategies import STRATEGIES
from engine.groups import ParameterGroup
from engine.hypergradients.catalogue import METHODS
from engine.hyperparameters.values import Hyperparameters
from engine.runs.events import (
    Event,
    MetaIterationDone,
    MetaIterationStarted,
    ResumePoint,
    ReversalProgress,
    RunFinished,
    RunStarted,
    SettingsChanged,
    TrainingProgress,
)
from engine.runs.moments import Moment, iteration_at
from engine.tasks.task import DataShape


class RunRecord:
    """Collects the events of one run; everything that shows a run reads it from here.

    Attributes:
        started_from: the experiment as the run started.
        experiment: what is run, as it is set now; the same unless settings were changed.
        planned: how many meta-iterations there are to be, as far as that is known.
        free: the kinds of hyperparameters that are free, or were.
        changed: when which settings were changed.
        groups: the G parameter groups.
        parameters: P.
        data: what views need to know of the data.
        initial: the hyperparameters at the start.
        current: the hyperparameters of the meta-iteration under way, or where the run arrived.
        following: where they go with the next meta-step, as far as that is known; None of trials,
            after which the best so far is ``current``.
        previous: where the last meta-step came from, unless it is known where the next one goes.
        meta_iterations: the meta-iterations done.
        under_way: the meta-iteration under way, or in which the run was ended; None between two.
        in_curves: in which meta-iteration the training was whose curves follow.
        learning_curve: training losses of the training run under way, as far as it is; of all
            updates, if it is one run.
        buffer_curve: bytes that the method keeps in the run under way, through training and
            reversal; starts with 0.
        growing: lengths of the hypergradient so far, by kind, of a method that knows it.
        entropy_bytes: (T + 1,) the entropy bound of the meta-iteration under way.
        finished: the last event, once it came.
        end: the same, of the record as it stood at a moment, too.
        moment: that moment; None: it is the record as it stands now.
        resume_point: from where `engine.optimize` can go on; None if there is nothing yet.
    """

    def __init__(self, started: RunStarted) -> None:
        self.started_from: Experiment = started.experiment
        self.experiment: Experiment = started.experiment
        self._planned_of = started.planned
        self.planned: int = started.planned(started.experiment)
        self.free: frozenset[str] = started.experiment.free
        self.changed: list[SettingsChanged] = []
        self.groups: tuple[ParameterGroup, ...] = started.groups
        self.parameters: int = started.parameters
        self.data: DataShape = started.data
        self.initial: Hyperparameters = started.initial
        self.current: Hyperparameters = started.initial
        self.following: Hyperparameters | None = None
        self.previous: Hyperparameters | None = None
        self.meta_iterations: list[MetaIterationDone] = []
        self.under_way: int | None = None
        self.in_curves: int | None = None
        self.learning_curve: list[float] = []
        self.buffer_curve: list[int] = [0]
        self.growing: dict[str, list[float]] = {}
        self.entropy_bytes: Floats | None = None
        self.finished: RunFinished | None = None
        self.end: RunFinished | None = None
        self.moment: Moment | None = None
        self.resume_point: ResumePoint | None = None
        self._next_resume_point: ResumePoint | None = None

    @property
    def iterations(self) -> int:
        """T."""
        return self.experiment.training.iterations

    @property
    def is_one_run(self) -> bool:
        """Whether all meta-iterations are parts of one training run."""
        return self.experiment.is_one_run

    @property
    def tries(self) -> bool:
        """Whether its meta-iterations are trials, of which none leads to the next."""
        return STRATEGIES[self.experiment.meta.optimizer].tries

    @property
    def stretch(self) -> int:
        """The training iterations of a meta-iteration: T, or those between two updates."""
        return self.experiment.stretch

    def iteration_at(self, moment: Moment) -> int:
        """The training iteration t at a moment."""
        if self.is_one_run:
            return moment.meta_iteration * self.stretch + moment.step
        return iteration_at(moment, self.iterations)

    def last_moment(self, index: int) -> Moment:
        """The moment at the end of training in a meta-iteration that is done."""
        done = self.meta_iterations[index]
        stopped = done.prediction.iteration if done.prediction is not None else None
        return Moment(index, len(done.learning_curve) if stopped is None else stopped)

    @property
    def share_saved(self) -> float:
        """Of the training iterations of trials done, which part was not trained; 0 of none."""
        costs = [done.cost for done in self.meta_iterations if done.cost is not None]
        whole = self.iterations * self.experiment.meta.seeds * len(costs)
        return 1 - sum(one.gradients for one in costs) / whole if whole else 0.0

    @property
    def steps(self) -> int:
        """The steps of a training run: T, and as many back if the method goes back."""
        goes_back = "reversing" in self.experiment.phases
        return self.iterations * (2 if goes_back else 1)

    @property
    def trains(self) -> bool:
        """Whether the method trains; some find the minimum instead."""
        return not instead_in(self.experiment)

    @property
    def visited(self) -> int:
        """How many of the steps are gone through: truncation does not go back to the start."""
        method = make_method(self.experiment.method, self.experiment.hypergradient)
        last = getattr(method, "last", self.iterations)
        return min(self.steps, self.iterations + last)

    @property
    def snapshots(self) -> tuple[int, ...]:
        """Before which iterations of training a method with snapshots kept a state, so far."""
        if not hasattr(METHODS[self.experiment.method], "snapshots"):
            return ()
        held = self.buffer_curve[: self.iterations + 1]
        return tuple(t for t, (before, after) in enumerate(pairwise(held)) if after > before)

    @property
    def diverged(self) -> bool:
        """Whether the run ended because training diverged."""
        return self.finished is not None and self.finished.outcome == "diverged"

    @property
    def changes(self) -> tuple[Change, ...]:
        """With them, `started_from` gives the same run again; in their order.

        A person may stop a trial after settings of a later one are known.
        """
        every = (event.change for event in self.changed)
        return tuple(sorted(every, key=lambda change: change.meta_iteration))

    @property
    def is_past(self) -> bool:
        """Whether this is how a run stood that is over."""
        return self.end is not None and self.finished is None

    def at(self, moment: Moment) -> "RunRecord":
        """The record as it stood at a moment of a meta-iteration that is done.

        Only how many meta-iterations are planned, what was free at any time, and how the run ended
        is as it is now: plots of one run at several moments have the same axes, and compare with
        the same baselines.

        Raises:
            IndexError: there is no such meta-iteration.
        """
        done = self.meta_iterations[moment.meta_iteration]
        then = copy(self)
        then.changed = [
            event for event in self.changed if event.change.meta_iteration <= moment.meta_iteration
        ]
        then.experiment = then.changed[-1].experiment if then.changed else self.started_from
        then.moment = moment
        then.current = done.hyperparameters
        then.following = None if self.tries else done.next_hyperparameters
        then.previous = None
        then.meta_iterations = self.meta_iterations[: moment.meta_iteration + 1]
        then.entropy_bytes, then.in_curves = done.entropy_bytes, done.index
        then.finished = then.under_way = None
        iteration = self.iteration_at(moment)
        if self.is_one_run:
            then.learning_curve = self.learning_curve[:iteration]
            then.buffer_curve = self.buffer_curve[: iteration + 1]
            return then
        then.learning_curve = done.learning_curve[:iteration].tolist()
        then.buffer_curve = done.buffer_curve[: moment.step + 1].tolist()
        then.growing = {kind: curve[:iteration].tolist() for kind, curve in done.growing.items()}
        return then

    def add(self, event: Event) -> None:
        """Take note of what happened."""
        match event:
            case SettingsChanged():
                self.changed.append(event)
                self.experiment = event.experiment
                self.planned = self._planned_of(event.experiment)
                self.free |= event.experiment.free
            case MetaIterationStarted():
                self.under_way = event.meta_iteration
                self.current = event.hyperparameters
                self.entropy_bytes = event.entropy_bytes
            case TrainingProgress() if self.is_one_run:
                begins = event.iteration - len(event.losses)
                self._go_on(begins, event.losses, event.buffer_bytes)
            case TrainingProgress():
                if event.iteration == len(event.losses):
                    self.in_curves = event.meta_iteration
                    self.learning_curve, self.buffer_curve, self.growing = [], [0], {}
                self.learning_curve.extend(event.losses.tolist())
                self.buffer_curve.extend(event.buffer_bytes.tolist())
                for kind, lengths in event.growing.items():
                    self.growing.setdefault(kind, []).extend(lengths.tolist())
            case ReversalProgress():
                self.buffer_curve.extend(event.buffer_bytes.tolist())
            case ResumePoint():
                self._next_resume_point = event
            case MetaIterationDone():
                self.meta_iterations.append(event)
                self.resume_point = self._next_resume_point
                self.under_way, self.in_curves = None, event.index
                self.entropy_bytes = event.entropy_bytes
                self.current = event.next_hyperparameters
                self.previous = None if self.tries else event.hyperparameters
                if self.is_one_run:
                    begins = event.index * self.stretch
                    self._go_on(begins, event.learning_curve, event.buffer_curve[1:])
                    return
                self.learning_curve = event.learning_curve.tolist()
                self.buffer_curve = event.buffer_curve[: self.visited + 1].tolist()
                self.growing = {kind: curve.tolist() for kind, curve in event.growing.items()}
            case RunFinished():
                self.finished = self.end = event
                if event.outcome == "completed" and event.prediction is None:
                    # perhaps before all that was planned; of what was stopped, the end is predicted
                    self.planned = len(self.meta_iterations)
                self.current = event.hyperparameters
            case _:
                pass

    def _go_on(self, begins: int, losses: Floats, held: Integers) -> None:
        """Put what came of one training run behind what there was before an iteration."""
        self.learning_curve[begins:] = losses.tolist()
        self.buffer_curve[begins + 1 :] = held.tolist()
