"""An experiment as data: validated, read from and written to TOML."""

import difflib
import os
import tempfile
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine import meta_optimizers
from engine.errors import InputError
from engine.hyperparameters import KINDS, Setting, setting_problems
from engine.tasks.choices import Activation, LossName, Order
from engine.tasks.datasets import SURFACE
from engine.tasks.splits import Scaling

Amount = Annotated[int, Field(strict=True, ge=0)] | Annotated[float, Field(strict=True, ge=0, le=1)]
Seed = Annotated[int, Field(strict=True, ge=0, lt=2**63)]
Units = Annotated[int, Field(strict=True, ge=1, le=10_000)]
_LARGEST_FILE = 50_000_000


ModelKind = Literal[
    "softmax regression", "linear regression", "dense network", "shared networks", "two weights"
]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=False)


class Data(_Table):
    """Which examples, and how they are split and scaled.

    Attributes:
        source: name of a built-in data set; leave it out when ``file`` is given.
        file: path of a CSV, NPZ or IDX file.
        target: column that a CSV file's model predicts; the last one by default.
        labels: path of the labels that belong to an IDX file of inputs.
        train, validation, test: a count of examples, or a fraction of all.
        scaling: "each feature", "all features" together, or "none"; fitted to the training part.
        seed: of the split.
        learned_per_class: train on this many examples of each class whose inputs are themselves
            hyperparameters, instead of on the training part.
    """

    source: str | None = None
    file: str | None = None
    target: str | None = None
    labels: str | None = None
    train: Amount = 0.6
    validation: Amount = 0.2
    test: Amount = 0.2
    scaling: Scaling = "each feature"
    seed: Seed = 0
    learned_per_class: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.source is None) == (self.file is None):
            raise ValueError("expected either source or file")
        return self


class Model(_Table):
    """What is trained on the examples.

    Attributes:
        kind: "softmax regression", "linear regression" or "dense network"; "shared networks" where
            the data are several tasks, a dense network each; "two weights" where the data are a
            curved surface.
        hidden: units of each hidden layer of a dense network.
        activation: of the hidden layers.
        loss: "cross-entropy" (classes) or "squared" (numbers, or one-hot classes).
    """

    kind: ModelKind = "dense network"
    hidden: Annotated[tuple[Units, ...], Field(max_length=20)] = ()
    activation: Activation = "tanh"
    loss: LossName = "cross-entropy"

    @model_validator(mode="after")
    def _layers_fit_kind(self) -> Self:
        deep = ("dense network", "shared networks")
        if self.kind in deep and not self.hidden:
            raise ValueError(f"expected at least one hidden layer in a {self.kind}")
        if self.kind not in deep and self.hidden:
            raise ValueError(f"expected no hidden layers in a {self.kind}")
        if self.kind == "linear regression" and self.loss != "squared":
            raise ValueError("expected the squared loss in a linear regression")
        return self


class Training(_Table):
    """The elementary optimization.

    Attributes:
        iterations: T, from 1 to a million.
        batch_size: examples a minibatch; every iteration sees all of them if left out.
        order: whether every epoch deals its minibatches from a fresh permutation, or all take the
            examples in order.
        precision: of the gradients. The state stays 64-bit fixed point, so reversal stays exact.
        buffer_megabytes: of the information buffer to keep in memory; what comes beyond goes to a
            temporary file. All of it is kept in memory if left out.
    """

    iterations: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 100
    batch_size: Annotated[int, Field(strict=True, ge=1)] | None = None
    order: Order = "shuffled"
    precision: Literal["double", "single"] = "double"
    buffer_megabytes: Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)] | None = None


class HyperparameterSettings(_Table):
    """How each kind of hyperparameter starts, and whether it is free.

    Training inputs start as normal numbers with ``initial`` as their standard deviation. Sharing
    starts ``initial`` of the way from networks of their own, 0, to one network for all, 1.
    """

    learning_rates: Setting = Setting(initial=0.1)
    decays: Setting = Setting(initial=0.9, domain="logit")
    initial_scales: Setting = Setting(initial=0.1)
    l2_penalties: Setting = Setting(initial=0.0)
    training_inputs: Setting = Setting(initial=0.01, granularity="entry", domain="identity")
    sharing: Setting = Setting(initial=0.5, granularity="entry", domain="identity")

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, tables: Any) -> Any:
        """What a table leaves out is as in the kind's default."""
        if not isinstance(tables, dict):
            return tables
        defaults = {kind: field.default.model_dump() for kind, field in cls.model_fields.items()}
        return {
            kind: {**defaults.get(kind, {}), **given} if isinstance(given, dict) else given
            for kind, given in tables.items()
        }


class Meta(_Table):
    """The meta-optimization.

    Attributes:
        optimizer: "adam", "rmsprop" or "sgd"; "sweep" goes on by the same step each time, whatever
            the hypergradient says; "none" stays where it is, to average over seeds.
        step: its step size, in the coordinates of each hyperparameter's domain.
        momentum: of "sgd".
        memory: of "rmsprop": how much of the running mean square is kept.
        beta1, beta2, epsilon, beta1_decay: of "adam"; see `engine.meta_optimizers.Adam`.
        iterations: number of meta-iterations.
        objective: the loss after training whose gradient is taken.
        seed: of initial parameters and minibatches.
        seeds: training runs averaged in each meta-iteration.
        new_seed: draw fresh parameters and minibatches each meta-iteration, or always the same.
        penalty: what Σ λ² of the L2 penalties is multiplied by before it is added to the objective.
    """

    optimizer: meta_optimizers.Name = "adam"
    step: Annotated[float, Field(strict=True, gt=0, le=1e9)] = 0.04
    momentum: Annotated[float, Field(strict=True, ge=0, lt=1)] = 0.9
    memory: Annotated[float, Field(strict=True, ge=0, lt=1)] = 0.9
    beta1: Annotated[float, Field(strict=True, ge=0, lt=1)] = 0.9
    beta2: Annotated[float, Field(strict=True, ge=0, lt=1)] = 0.999
    epsilon: Annotated[float, Field(strict=True, gt=0)] = 1e-8
    beta1_decay: Annotated[float, Field(strict=True, gt=0, le=1)] = 1.0
    iterations: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 20
    objective: Literal["validation", "training"] = "validation"
    seed: Seed = 0
    seeds: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    new_seed: bool = False
    penalty: Annotated[float, Field(strict=True, ge=0, le=1e9)] = 0.0

    def make_optimizer(self) -> meta_optimizers.MetaOptimizer:
        """A fresh meta-optimizer with these settings."""
        if self.optimizer == "sgd":
            return meta_optimizers.MomentumSGD(self.step, self.momentum)
        if self.optimizer == "sweep":
            return meta_optimizers.Sweep(self.step)
        if self.optimizer == "none":
            return meta_optimizers.Sweep(0.0)
        if self.optimizer == "rmsprop":
            return meta_optimizers.RMSprop(self.step, self.memory)
        return meta_optimizers.Adam(
            self.step, self.beta1, self.beta2, self.epsilon, self.beta1_decay
        )


class Experiment(_Table):
    """Everything that a run depends on.

    Attributes:
        name: what the command line calls it; also names its figures.
        title: one line for people.
        description: one or two sentences for people.
        method: how hypergradients are computed.
        highlights: keys of the plots to look at first.
    """

    name: Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")] = "untitled"
    title: str = ""
    description: str = ""
    method: Literal["exact-reversal", "stored-trajectory"] = "exact-reversal"
    highlights: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    data: Data
    model: Model
    training: Training = Training()
    hyperparameters: HyperparameterSettings = HyperparameterSettings()
    meta: Meta = Meta()


def list_experiments() -> dict[str, Experiment]:
    """The experiments that ship with the program, by name, in the order of their files."""
    folder = resources.files("resources") / "experiments"
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    texts = ((folder / name).read_text(encoding="utf-8") for name in files)
    found = (parse_experiment(text, name) for text, name in zip(texts, files, strict=True))
    return {experiment.name: experiment for experiment in found}


def load_experiment(name_or_path: str | Path) -> Experiment:
    """Load an experiment that ships with the program, or one from a TOML file.

    Raises:
        InputError: there is no such experiment or file, or it does not say what it should.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        shipped = list_experiments()
        if str(name_or_path) not in shipped:
            close = difflib.get_close_matches(str(name_or_path), shipped, n=1)
            hint = f"did you mean {close[0]}?" if close else "see `retrograde list`."
            raise InputError(
                f"{name_or_path}: expected a .toml file or the name of an experiment; {hint}"
            )
        return shipped[str(name_or_path)]
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InputError(f"{path}: expected an experiment of at most 50 MB.")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError(f"{path}: expected a readable TOML file: {reason}.") from None
    experiment = parse_experiment(text, path.name)
    anchored = {
        field: str((path.parent / value).resolve())
        for field in ("file", "labels")
        if (value := getattr(experiment.data, field)) is not None
    }
    return experiment.model_copy(update={"data": experiment.data.model_copy(update=anchored)})


def parse_experiment(text: str, name: str) -> Experiment:
    """Read an experiment from TOML text.

    Args:
        text: the TOML.
        name: what to call it in messages.

    Raises:
        InputError: naming the field and what was expected.
    """
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # not all of them TOMLDecodeError
        raise InputError(f"{name}: expected TOML: {error}.") from None
    tables.pop("full_size", None)
    try:
        return validate(tables)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None


def validate(tables: Mapping[str, Any]) -> Experiment:
    """Make an experiment of nested tables.

    Raises:
        InputError: naming the first wrong field and what was expected.
    """
    for field, sentence in problems(tables).items():
        raise InputError(f"{field}: {sentence}")
    return Experiment.model_validate(tables)


def problems(tables: Mapping[str, Any]) -> dict[str, str]:
    """Everything that keeps nested tables from being an experiment: a sentence a dotted field."""
    try:
        experiment = Experiment.model_validate(tables)
    except ValidationError as error:
        return _sentences(error)
    found: dict[str, str] = {}
    on_surface = experiment.data.source == SURFACE
    if on_surface != (experiment.model.kind == "two weights"):
        wanted = "two weights" if on_surface else "another model than two weights"
        found["model.kind"] = f"expected {wanted}, because of the data."
    if on_surface and experiment.meta.objective != "training":
        found["meta.objective"] = "expected training, because a surface has nothing to validate on."
    if experiment.data.learned_per_class and experiment.model.kind == "shared networks":
        found["data.learned_per_class"] = "expected none of it with shared networks."
    if experiment.data.learned_per_class and experiment.meta.objective != "validation":
        found["meta.objective"] = "expected validation, because the training inputs are learned."
    if experiment.meta.penalty and not experiment.hyperparameters.l2_penalties.free:
        found["meta.penalty"] = "expected 0, because the L2 penalties are not free."
    for kind in KINDS:
        found |= setting_problems(kind, getattr(experiment.hyperparameters, kind))
    return found


def to_toml(experiment: Experiment) -> str:
    """Write an experiment as TOML text that `parse_experiment` reads back."""
    return tomli_w.dumps(experiment.model_dump(exclude_none=True, mode="json"))


def save_experiment(experiment: Experiment, path: str | Path) -> None:
    """Write an experiment to a TOML file, whole or not at all."""
    write_whole(Path(path), to_toml(experiment).encode())


def override(experiment: Experiment, settings: Mapping[str, str]) -> Experiment:
    """Change fields of an experiment by their dotted names.

    Args:
        experiment: what to start from.
        settings: "training.iterations" → "60"; values are TOML, or plain text; an empty one unsets
            the field.

    Raises:
        InputError: there is no such field, or it cannot hold the value.
    """
    tables: dict[str, Any] = experiment.model_dump(exclude_none=True)
    for field, text in settings.items():
        *rooms, last = field.split(".")
        table = tables
        for room in rooms:
            table = table.setdefault(room, {})
            if not isinstance(table, dict):
                raise InputError(f"{field}: expected the name of a field.")
        if text:
            table[last] = _literal(text)
        else:
            table.pop(last, None)
        if field == "data.file":
            table.pop("source", None)
        if field == "data.source":
            table.pop("file", None)
    return validate(tables)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, then rename it: a kill leaves the old one or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _literal(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):  # no TOML, so it is plain text
        return text


_EXPECTED = {
    "int_parsing": "expected a whole number",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_parsing": "expected a number",
    "float_type": "expected a number",
    "finite_number": "expected a finite number",
    "bool_parsing": "expected true or false",
    "greater_than_equal": "expected at least {ge}",
    "greater_than": "expected more than {gt}",
    "less_than_equal": "expected at most {le}",
    "less_than": "expected less than {lt}",
    "literal_error": "expected {expected}",
    "string_type": "expected text",
    "tuple_type": "expected whole numbers between commas",
    "model_type": "expected a table",
    "string_pattern_mismatch": "expected a line of text",
    "missing": "this field is missing",
    "extra_forbidden": "there is no such field",
    "too_long": "expected at most {max_length} of them",
}


def _sentences(error: ValidationError) -> dict[str, str]:
    """One sentence for each wrong field, keyed by its dotted name."""
    sentences: dict[str, str] = {}
    for problem in error.errors():
        field = ".".join(str(part) for part in problem["loc"] if not _is_union_branch(part))
        expected = _EXPECTED.get(problem["type"], "{error}")
        if field in ("data.train", "data.validation", "data.test"):
            expected = "expected a count of examples, at least 0, or a fraction from 0.0 to 1.0"
        context = {"error": problem["msg"].removeprefix("Value error, "), **problem.get("ctx", {})}
        found = problem["input"]
        silent = isinstance(found, dict | BaseModel) or problem["type"] == "extra_forbidden"
        shown = "" if silent else f", found {found!r}"
        sentences.setdefault(field or "experiment", f"{expected.format(**context)}{shown}.")
    return sentences


_BRANCHES = ("int", "float", "constrained-int", "constrained-float")


def _is_union_branch(part: int | str) -> bool:
    """Whether a step of pydantic's path names an alternative of a type rather than a field."""
    return isinstance(part, str) and ("[" in part or part in _BRANCHES)
