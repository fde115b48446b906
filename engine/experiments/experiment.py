"""An experiment as validated data."""

from collections.abc import ItemsView, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    RootModel,
    model_validator,
)

from engine.data.datasets import OWN
from engine.data.minibatches import Order
from engine.data.readers.reading import Dates, Decimal, Encoding, Missing, Separator, Texts
from engine.data.splits import DealtBy, Scaling
from engine.derivatives.choices import Activation, LossName
from engine.dynamics.catalogue import DYNAMICS
from engine.experiments.choices import key_of, one_of
from engine.experiments.method_options import MethodOptions, options_of
from engine.experiments.own_problem import OwnProblem
from engine.experiments.stopping import Stopping
from engine.experiments.strategies import MOVERS, STRATEGIES
from engine.experiments.tables import Table
from engine.hypergradients.catalogue import METHODS
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.past_weights import Form
from engine.hyperparameters.settings import Setting

Amount = Annotated[int, Field(strict=True, ge=0)] | Annotated[float, Field(strict=True, ge=0, le=1)]
Seed = Annotated[int, Field(strict=True, ge=0, lt=2**63)]
Units = Annotated[int, Field(strict=True, ge=1, le=10_000)]


class Data(Table):
    """Which examples, and how they are split and scaled.

    Attributes:
        source: name of a built-in data set; leave it out when ``file`` is given.
        file: path of a CSV, NPZ or IDX file.
        target: column that a CSV file's model predicts; the last one by default.
        order: column of dates or numbers that puts the rows of a CSV file in order: they are a
            series then.
        labels: path of the labels that belong to an IDX file of inputs.
        encoding, separator, decimal, header, ignore, missing, text, dates: how a CSV file is read,
            where that is not as usual; see `engine.data.readers.reading.Reading`.
        train, validation, test: a count of examples, or a fraction of all.
        scaling: "each feature", "all features" together, "centre" (only the mean of each feature is
            subtracted) or "none"; fitted to the training part.
        seed: of the split.
        dealt_by: what random generator deals the examples out; with the Mersenne Twister as other
            programs do, by NumPy's ``RandomState(seed).permutation``.
        corrupted: the share of the training labels that are moved to another class on purpose.
            Neither the validation nor the test part has such labels, and training is not told. Each
            of the seeds averaged in a meta-iteration has a division, labels and example weights of
            its own then: the first is divided by ``seed``, the next ones by those that follow.
        corruption_seed: which ones are moved depends on this, on the run's own seed, and on which
            of the averaged seeds it is.
        noise_inputs: how many inputs of standard normal noise stand behind the data's own.
        noise_seed: what that noise depends on, with nothing else.
        learned_per_class: train on this many examples of each class whose inputs are themselves
            hyperparameters, instead of on the training part.
    """

    source: str | None = None
    file: str | None = None
    target: str | None = None
    labels: str | None = None
    order: str | None = None
    encoding: Encoding | None = None
    separator: Separator | None = None
    decimal: Decimal | None = None
    header: bool | None = None
    ignore: tuple[str, ...] | None = None
    missing: Missing | None = None
    text: Texts | None = None
    dates: Dates | None = None
    train: Amount = 0.6
    validation: Amount = 0.2
    test: Amount = 0.2
    scaling: Scaling = "each feature"
    seed: Seed = 0
    dealt_by: DealtBy = "Philox"
    corrupted: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0
    corruption_seed: Seed = 0
    noise_inputs: Annotated[int, Field(strict=True, ge=0, le=1000)] = 0
    noise_seed: Seed = 0
    learned_per_class: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.source is None) == (self.file is None):
            raise ValueError("expected either source or file")
        return self


class Episodes(Table):
    """Few-shot episodes: small tasks of a few classes, each with a classifier of its own.

    Attributes:
        ways: classes of an episode.
        shots: drawings of each class that its classifier learns from.
        queries: other drawings of each class, on which the objective is the loss.
        batch: episodes a hypergradient.
        turns: in how many directions each character stands, each a class of its own.
        test_source: name of the drawings whose characters are held out; if left out, those of the
            last alphabet are.
        test_turns: the same as ``turns``, of characters that are held out.
        test_queries: drawings of each class on which a classifier is judged at last.
        test_number: episodes of held-out characters at last; a fifth of them meanwhile.
    """

    ways: Annotated[int, Field(strict=True, ge=2, le=50)] = 5
    shots: Annotated[int, Field(strict=True, ge=1, le=50)] = 1
    queries: Annotated[int, Field(strict=True, ge=1, le=50)] = 5
    batch: Annotated[int, Field(strict=True, ge=1, le=100)] = 4
    turns: Annotated[int, Field(strict=True, ge=1, le=4)] = 1
    test_source: str | None = None
    test_turns: Annotated[int, Field(strict=True, ge=1, le=4)] = 1
    test_queries: Annotated[int, Field(strict=True, ge=1, le=50)] = 15
    test_number: Annotated[int, Field(strict=True, ge=10, le=2_000)] = 200


class Series(Table):
    """What a walk-forward regression forecasts a series from, and how the past counts.

    Attributes:
        lags: how many of the last values each is forecast from.
        trend: whether time itself is an input.
        season: steps after which a pattern returns; none if left out.
        weights: how an example's weight falls with its age: "exponential", or within a "soft
            window"; see `engine.hyperparameters.past_weights`.
    """

    lags: Annotated[int, Field(strict=True, ge=0, le=100)] = 0
    trend: bool = False
    season: Annotated[int, Field(strict=True, ge=2, le=400)] | None = None
    weights: Form = "exponential"

    @property
    def coefficients(self) -> tuple[str, ...]:
        """The inputs of the regression by name, the constant one last."""
        lags = (f"lag {number}" for number in range(1, self.lags + 1))
        season = (f"season {number}" for number in range(1, self.season or 1))
        return (*lags, *(("trend",) if self.trend else ()), *season, "level")


class Model(Table):
    """What is trained on the examples.

    Attributes:
        kind: one of the models of `engine.experiments.tasks`.
        hidden: units of each hidden layer of a dense network.
        activation: of the hidden layers.
        loss: "cross-entropy" (classes) or "squared" (numbers, or one-hot classes).
    """

    kind: str = "dense network"
    hidden: Annotated[tuple[Units, ...], Field(max_length=20)] = ()
    activation: Activation = "tanh"
    loss: LossName = "cross-entropy"


class Training(Table):
    """The elementary optimization.

    Attributes:
        iterations: T, from 1 to a million.
        final_iterations: of the training that judges where meta-optimization arrived, and of its
            baselines; T if left out. Beyond T, schedules go on as they end.
        dynamics: how an iteration moves the elementary parameters.
        batch_size: examples a minibatch; every iteration sees all of them if left out.
        order: whether every epoch deals its minibatches from a fresh permutation, or all take the
            examples in order.
        precision: of the gradients. The state stays 64-bit fixed point, so reversal stays exact.
        buffer_megabytes: of the information buffer to keep in memory; what comes beyond goes to a
            temporary file. All of it is kept in memory if left out.
    """

    iterations: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 100
    final_iterations: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    dynamics: Annotated[str, one_of(DYNAMICS)] = "momentum-sgd"
    batch_size: Annotated[int, Field(strict=True, ge=1)] | None = None
    order: Order = "shuffled"
    precision: Literal["double", "single"] = "double"
    buffer_megabytes: Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)] | None = None


class HyperparameterSettings(RootModel[dict[Annotated[str, key_of(KINDS)], Setting]]):
    """How each kind of hyperparameter starts, and whether it is free: a setting for each kind.

    What a table leaves out is as usual for its kind. Training inputs start as normal numbers with
    ``initial`` as their standard deviation. Sharing starts ``initial`` of the way from networks of
    their own, 0, to one network for all, 1. Example weights start at ``initial``, or as far below
    as a constraint on them asks for.
    """

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, tables: Any) -> Any:
        if not isinstance(tables, dict):
            return tables
        usual = {name: kind.usual.model_dump() for name, kind in KINDS.items()}
        filled = {
            name: {**usual.get(name, {}), **given} if isinstance(given, dict) else given
            for name, given in tables.items()
        }
        return {**usual, **filled}

    def __getitem__(self, kind: str) -> Setting:
        return self.root[kind]

    def items(self) -> ItemsView[str, Setting]:
        """Kinds and their settings."""
        return self.root.items()

    def replace(self, settings: Mapping[str, Setting]) -> "HyperparameterSettings":
        """The same with other settings of some kinds."""
        return HyperparameterSettings(root={**self.root, **settings})

    def __hash__(self) -> int:
        return hash(tuple(self.root.items()))


def usual_settings() -> HyperparameterSettings:
    """Every kind as usual, and fixed."""
    return HyperparameterSettings(root={})


class Meta(Table):
    """The meta-optimization.

    Attributes:
        optimizer: "adam", "rmsprop" or "sgd"; "sweep" goes on by the same step each time, whatever
            the hypergradient says; "none" stays where it is, to average over seeds; "real-time"
            moves while one training run goes on; "hoag" takes hypergradients at the minimum of the
            training loss, ever more exact ones; "l-bfgs-b" is SciPy's, with exact ones; "grid",
            "random", "tpe", "cma-es" and "gp" try what they propose, without any hypergradient.
        step: its step size, in the coordinates of each hyperparameter's domain.
        momentum: of "sgd".
        memory: of "rmsprop": how much of the running mean square is kept.
        beta1, beta2, epsilon, beta1_decay: of "adam"; see `engine.search.descent.Adam`.
        iterations: number of meta-iterations.
        updates: hypergradients in each of them, each followed by an update of the hyperparameters;
            what is kept and shown of a meta-iteration is of its first.
        objective: the loss after training whose gradient is taken.
        seed: of initial parameters and minibatches.
        seeds: training runs averaged in each meta-iteration.
        new_seed: draw fresh parameters and minibatches each meta-iteration, or always the same.
        penalty: what Σ λ² of the L2 penalties is multiplied by before it is added to the objective.
        tolerances: of "hoag": how they shrink, ε₀/k² ("quadratic"), ε₀/k³ ("cubic") or ε₀ 0.9^k
            ("exponential"); "exact" ones are always 1e-10.
        first_tolerance: ε₀ of "hoag", relative to the gradient at the start.
        update_by: of "real-time", as are all that follow: the strategy whose steps its updates are.
        update_every: Δ, the training iterations between two updates.
        tangents: whether an update keeps what is known of how the state moves with the
            hyperparameters, or sets it to zero; "last step" knows that of the last step alone.
        objective_batch: examples, drawn afresh for each update, that its objective is measured on;
            all of them if left out.
        random_runs: training runs with random hyperparameters, that real time is compared with.
        random_spread: how far these may lie from the start, in the coordinates of each domain.
        trials_spread: of strategies that try: how far from the start they propose, in the
            coordinates of each domain.
        trials_by: whether every value is proposed by itself, or those of a parameter group, or of a
            kind, move together by one number.
        trials_at_once: proposals that are made before the outcome of any of them is known.
        trials_warm: whether L-BFGS starts each trial from the nearest minimum that is known.
        grid_points: along each side of a grid; None: as many as the number of trials allows.
    """

    optimizer: Annotated[str, one_of(STRATEGIES)] = "adam"
    step: Annotated[float, Field(strict=True, gt=0, le=1e9)] = 0.04
    momentum: Annotated[float, Field(strict=True, ge=0, lt=1)] = 0.9
    memory: Annotated[float, Field(strict=True, ge=0, lt=1)] = 0.9
    beta1: Annotated[float, Field(strict=True, ge=0, lt=1)] = 0.9
    beta2: Annotated[float, Field(strict=True, ge=0, lt=1)] = 0.999
    epsilon: Annotated[float, Field(strict=True, gt=0)] = 1e-8
    beta1_decay: Annotated[float, Field(strict=True, gt=0, le=1)] = 1.0
    iterations: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 20
    updates: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1
    objective: Literal["validation", "training"] = "validation"
    seed: Seed = 0
    seeds: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    new_seed: bool = False
    penalty: Annotated[float, Field(strict=True, ge=0, le=1e9)] = 0.0
    tolerances: Literal["quadratic", "cubic", "exponential", "exact"] = "cubic"
    first_tolerance: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.1
    update_by: Annotated[str, one_of(MOVERS)] = "adam"
    update_every: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 5
    tangents: Literal["kept", "reset", "last step"] = "kept"
    objective_batch: Annotated[int, Field(strict=True, ge=1)] | None = None
    random_runs: Annotated[int, Field(strict=True, ge=0, le=1000)] = 10
    random_spread: Annotated[float, Field(strict=True, gt=0, le=20)] = 3.0
    trials_spread: Annotated[float, Field(strict=True, gt=0, le=20)] = 3.0
    trials_by: Literal["value", "group", "kind"] = "value"
    trials_at_once: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    trials_warm: bool = False
    grid_points: Annotated[int, Field(strict=True, ge=2, le=10_000)] | None = None


def _names_a_folder(name: str) -> str:
    if not name.strip("./\\ "):
        raise ValueError("expected a name with more in it than points, slashes and spaces")
    return name


_Name = Annotated[
    str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$"), AfterValidator(_names_a_folder)
]


def _names_a_file(problem: Any) -> bool:
    return isinstance(problem, dict) and problem.get("file") is not None


class Experiment(Table):
    """Everything that a run depends on.

    Attributes:
        name: what the command line calls it; also names its figures.
        title: one line for people.
        description: one or two sentences for people.
        method: how hypergradients are computed; the only one of strategies that go with one alone,
            as forward mode in real time.
        hypergradient: what the method is told.
        highlights: keys of the plots to look at first.
        compares: methods that its card compares, with options as in "truncated:last=10"; or
            strategies, with settings as in "adam:step=0.1".
    """

    name: _Name = "untitled"
    title: str = ""
    description: str = ""
    method: Annotated[str, one_of(METHODS)] = "exact-reversal"
    highlights: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    compares: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    problem: OwnProblem = OwnProblem()
    data: Data
    episodes: Episodes = Episodes()
    series: Series = Series()
    model: Model
    training: Training = Training()
    hypergradient: MethodOptions = MethodOptions()
    hyperparameters: HyperparameterSettings = Field(default_factory=usual_settings)
    meta: Meta = Meta()
    stopping: Stopping = Stopping()

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, tables: Any) -> Any:
        if isinstance(tables, dict) and _names_a_file(tables.get("problem")):
            tables = {"data": {"source": OWN}, "model": {"kind": "own losses"}, **tables}
        if not isinstance(tables, dict) or "method" in tables:
            return tables
        meta = tables.get("meta")
        optimizer = meta.get("optimizer") if isinstance(meta, dict) else None
        strategy = STRATEGIES.get(optimizer) if isinstance(optimizer, str) else None
        return {**tables, "method": strategy.method} if strategy and strategy.method else tables

    @property
    def free(self) -> frozenset[str]:
        """The kinds of hyperparameters that meta-optimization changes."""
        return frozenset(kind for kind, setting in self.hyperparameters.items() if setting.free)

    @property
    def minimises(self) -> bool:
        """Whether L-BFGS goes to the minimum of the training loss, in place of training."""
        can = "minimise_to" in options_of(self.method)
        return can and self.hypergradient.minimise_to is not None

    @property
    def is_one_run(self) -> bool:
        """Whether hyperparameters move within one training run."""
        return STRATEGIES[self.meta.optimizer].is_one_run

    @property
    def phases(self) -> tuple[str, ...]:
        """What a meta-iteration goes through: the phases of the method, or training alone."""
        if STRATEGIES[self.meta.optimizer].tries:
            return ("training",)
        return METHODS[self.method].phases

    @property
    def units(self) -> int:
        """How many meta-iterations there are to be: points, seeds, or updates of one run."""
        if not self.is_one_run:
            return self.meta.iterations
        return -(-self.training.iterations // self.stretch)

    @property
    def stretch(self) -> int:
        """The training iterations of a meta-iteration: T, or those between two updates."""
        iterations = self.training.iterations
        return min(self.meta.update_every, iterations) if self.is_one_run else iterations
