"""What happens during a run, as immutable events: what every view of a run is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from engine.arrays import Floats, Integers
from engine.experiments.changes import Change
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.groups import ParameterGroup
from engine.hyperparameters.values import Hyperparameters
from engine.runs.predictions import Prediction
from engine.tasks.task import NO_EXAMPLES, DataShape

if TYPE_CHECKING:  # only named here, and with it comes all that a run needs
    from engine.hypergradients.result import Cost, Memory, Solution
    from engine.runs.budget import Budget


@dataclass(frozen=True)
class Preparing:
    """Something slow goes on before training can begin.

    Attributes:
        what: a phrase for the status line.
        done: pieces of it that are done.
        total: how many there are; 0 if that is not known.
    """

    what: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class StillWorking:
    """A process of its own, in which a person's file runs, has not been heard of for a while.

    Attributes:
        seconds: for how long.
    """

    seconds: float


@dataclass(frozen=True, eq=False)
class RunStarted:
    """The data are loaded and the model is built.

    Attributes:
        experiment: what is run.
        groups: the G parameter groups.
        parameters: P.
        initial: the hyperparameters at the start.
        data: what views need to know of the data.
        most: how many meta-iterations there can be, as a grid has no more than its points; None:
            as many as the experiment says.
    """

    experiment: Experiment
    groups: tuple[ParameterGroup, ...]
    parameters: int
    initial: Hyperparameters
    data: DataShape = NO_EXAMPLES
    most: int | None = None

    def planned(self, experiment: Experiment) -> int:
        """How many there are to be, of the experiment as it is set from some time on."""
        return experiment.units if self.most is None else min(experiment.units, self.most)


@dataclass(frozen=True, eq=False)
class SettingsChanged:
    """Settings are others from now on: a meta-iteration with them begins, or the last one is done.

    Attributes:
        change: which ones, and from which meta-iteration on.
        experiment: as it is set from then on.
    """

    change: Change
    experiment: Experiment


@dataclass(frozen=True, eq=False)
class MetaIterationStarted:
    """A meta-iteration begins.

    Attributes:
        meta_iteration: its index, from 0.
        hyperparameters: what training uses in it.
        entropy_bytes: (T + 1,) the entropy bound after each number of iterations.
    """

    meta_iteration: int
    hyperparameters: Hyperparameters
    entropy_bytes: Floats


@dataclass(frozen=True, eq=False)
class TrainingProgress:
    """Training moved forwards.

    Attributes:
        meta_iteration: which one.
        replicate: which of the seeds averaged in it, from 0.
        iteration: training steps taken so far.
        losses: (n,) training loss at the start of each of the last n steps.
        buffer_bytes: (n,) the information buffer after each of them, packed.
        growing: of a method that knows the hypergradient of the training run so far, its length
            after each of them: (n,) by kind of schedule, and for all θ in the losses by "theta".
    """

    meta_iteration: int
    replicate: int
    iteration: int
    losses: Floats
    buffer_bytes: Integers
    growing: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class ReversalProgress:
    """Training moved backwards.

    Attributes:
        meta_iteration: which one.
        replicate: which of the seeds averaged in it, from 0.
        iteration: training steps not undone yet.
        buffer_bytes: (n,) the information buffer after each of the last n undone steps, packed.
    """

    meta_iteration: int
    replicate: int
    iteration: int
    buffer_bytes: Integers


@dataclass(frozen=True)
class MethodProgress:
    """The method does something else than to train once, or to go back once.

    Attributes:
        meta_iteration: which one.
        replicate: which of the seeds averaged in it, from 0.
        phase: "recomputing", "solving" or "differencing"; or "updating", where the meta-iteration
            takes several updates.
        done: how far that is: iterations, rounds or updates.
        part: which training run, or update, of how many, where the phase takes several.
    """

    meta_iteration: int
    replicate: int
    phase: str
    done: int
    part: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class SeedsProgress:
    """Training runs go on elsewhere: in other threads, or wherever an executor took them.

    Attributes:
        meta_iteration: which one; the number of meta-iterations while the result is judged.
        done: training runs that are over.
        total: of so many.
    """

    meta_iteration: int
    done: int
    total: int


@dataclass(frozen=True, eq=False)
class MetaIterationDone:
    """A meta-iteration is over: its hypergradient is known and the hyperparameters have moved.

    Attributes:
        index: which one, from 0.
        measures: after training with ``hyperparameters``, averaged over the seeds. In real time,
            of the run as far as it is; and None before most updates, so that it does not take long.
        hypergradient: derivatives of the objective by every hyperparameter's value.
        hypergradient_norm: Euclidean norm over the free coordinates.
        seconds: wall time.
        reversed_exactly: whether every seed's training came back to its initial state, bit for bit;
            None where the method does not reverse.
        memory: what the reverse pass held; the largest over the seeds.
        hyperparameters: what training used.
        next_hyperparameters: where the meta-optimizer moved to.
        learning_curve: (T,) the elementary learning curve, averaged over the seeds: of what
            training minimizes, the sum where `DataShape.summed` says so.
        buffer_curve: bytes that the method keeps through training and reversal, of the last seed;
            see `engine.runs.replicates.Replicate`.
        entropy_bytes: (T + 1,) the entropy bound after each number of iterations.
        lyapunov_exponent: averaged over the seeds; see `engine.hypergradients.result.Result`.
        cost: what the method evaluated for all seeds; None in records of earlier versions.
        remarks: what to know before the hypergradient is trusted.
        growing: see `TrainingProgress`; of all iterations, of the last seed.
        solution: of an implicit method, all seeds together; see
            `engine.runs.objectives.solved_together`.
        tolerance: to which the strategy wanted the hypergradient; None if it did not care.
        evaluations: of a run in real time, gradients that it has taken so far; see
            `engine.runs.budget.Budget`.
        objective: what the strategy went by: the mean objective of the seeds, with what
            ``meta.penalty`` adds to it; NaN where training diverged or was stopped, and in real
            time.
        prediction: of a trial that was stopped, which has no measures; else None.
        judged_at: (n,) of a trial that might be stopped: the training iterations at which its curve
            on the validation part was measured.
        judged: (n,) that curve: the mean of the seeds that were trained so far.
    """

    index: int
    measures: Measures
    hypergradient: Hyperparameters
    hypergradient_norm: float
    seconds: float
    reversed_exactly: bool | None
    memory: Memory
    hyperparameters: Hyperparameters
    next_hyperparameters: Hyperparameters
    learning_curve: Floats
    buffer_curve: Integers
    entropy_bytes: Floats
    lyapunov_exponent: float = float("nan")
    cost: Cost | None = None
    remarks: tuple[str, ...] = ()
    growing: Mapping[str, Floats] = field(default_factory=dict)
    evaluations: float = 0.0
    solution: Solution | None = None
    tolerance: float | None = None
    objective: float = float("nan")
    prediction: Prediction | None = None
    judged_at: Integers | None = None
    judged: Floats | None = None

    @property
    def losses(self) -> Measures:
        """The measures, as scripts of earlier versions call them."""
        return self.measures


@dataclass(frozen=True, eq=False)
class ResumePoint:
    """What a run goes on from, should it end after the meta-iteration that is told of next.

    Attributes:
        meta_iterations: that are done then; of trials, of which some are proposed together, those
            before them.
        state: all that the next meta-iterations depend on besides the experiment, its changes and
            what is recorded: numbers, texts and arrays, in tuples and by names.
    """

    meta_iterations: int
    state: Mapping[str, Any]


@dataclass(frozen=True)
class NotRecorded:
    """A run goes on without being recorded, or was not recorded to its end.

    Attributes:
        sentence: why, for people.
    """

    sentence: str


@dataclass(frozen=True)
class StopAdvised:
    """Forecasts say that something will not beat the best; or, after they did, that it may.

    It goes on: whoever is asked may stop it, see `engine.runs.changes.Changes`.

    Attributes:
        meta_iteration: the trial; or the last meta-iteration done, where it is the run.
        stops: whether stopping is advised.
        prediction: where it is going.
    """

    meta_iteration: int
    stops: bool
    prediction: Prediction


@dataclass(frozen=True)
class JudgingProgress:
    """Training once more, with the final hyperparameters and only forwards, to judge them.

    Attributes:
        replicate: which of the seeds, from 0.
        iteration: training steps taken so far.
    """

    replicate: int
    iteration: int


@dataclass(frozen=True)
class Divergence:
    """Where and why a run could not go on.

    Attributes:
        meta_iteration: which one, from 0.
        iteration: training iteration whose step could not be taken; None if training went through
            and its hypergradient is of no use.
        group: name of the parameter group it happened in; empty without an iteration, and where it
            is not of one group.
        reason: what happened, as the end of a sentence.
        smaller_steps_help: whether they are worth a try.
        sentence: all there is to say where training went well, and the method found nothing; or "".
    """

    meta_iteration: int
    iteration: int | None
    group: str
    reason: str
    smaller_steps_help: bool = True
    sentence: str = ""


@dataclass(frozen=True, eq=False)
class RunFinished:
    """Nothing more will come.

    Attributes:
        outcome: "completed", or "diverged" with what was done before it standing.
        message: one sentence for people.
        hyperparameters: where the meta-optimizer arrived.
        measures: after training once more with them; None if that was not reached.
        baselines: measures of what they are compared with, by name; see `Task.baselines`.
        divergence: where and why it diverged, if it did.
        budget: of a run in real time: what else its gradient evaluations could have bought.
        seeds: the measures of every seed's training that ``measures``, by the name "", and
            ``baselines`` average over.
        prediction: of a run that was stopped because it would hardly have improved: what its curve
            was forecast to come to; else None.
    """

    outcome: Literal["completed", "diverged"]
    message: str
    hyperparameters: Hyperparameters
    measures: Measures | None
    baselines: Mapping[str, Measures] = field(default_factory=dict)
    divergence: Divergence | None = None
    budget: Budget | None = None
    seeds: Mapping[str, tuple[Measures, ...]] = field(default_factory=dict)
    prediction: Prediction | None = None

    @property
    def losses(self) -> Measures | None:
        """The measures, as scripts of earlier versions call them."""
        return self.measures


Event: TypeAlias = (
    Preparing
    | StillWorking
    | RunStarted
    | SettingsChanged
    | MetaIterationStarted
    | TrainingProgress
    | ReversalProgress
    | MethodProgress
    | SeedsProgress
    | ResumePoint
    | MetaIterationDone
    | StopAdvised
    | JudgingProgress
    | RunFinished
    | NotRecorded
)
