"""Which fields count, given what others hold, and what goes with which data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from engine.data.readers import Reading
from engine.experiments.amounts import MINIMISED, SOLVED, instead_of_training
from engine.experiments.experiment import Data, Experiment, Model
from engine.experiments.method_options import MethodOptions, options_of
from engine.experiments.own_problem import OwnProblem
from engine.experiments.problems import kinds_of
from engine.experiments.stopping import Stopping
from engine.experiments.stopping_misfits import measures_accuracy, never_stops
from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import TASKS, all_models
from engine.hypergradients.catalogue import METHODS
from engine.hyperparameters.constraints import CONSTRAINTS
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.settings import Setting

LAYERED: Final = ("model.hidden", "model.activation")
"""Fields that only models with hidden layers need."""

OF_DATA_SET: Final = (
    *("data.source", "data.file", "data.labels", "data.target"),
    *(f"data.{one.name}" for one in fields(Reading)),
)
"""Fields that say which data set it is, and how its file is read."""


_OF_TRAINING: Final = ("training.iterations", "training.final_iterations", "training.dynamics")
"""Fields that make no difference where nothing is trained step by step."""
_TOLERANCES: Final = ("hypergradient.minimise_to", "hypergradient.tolerance")
"""Fields that make no difference where a strategy has tolerances of its own."""
_OF_CHANGE: Final = ("granularity", "domain", "constraint")
"""What is asked of a kind that is free alone."""


_LEARN_NOTHING: Final = ("grid", "random")
"""Strategies whose trials may always be done at once, unless some are to be stopped."""


@dataclass
class Standing:
    """How the fields stand now.

    Attributes:
        idle: those that do not count, because of what others hold.
        reasons: what has to be for them to count, by the field's name; of those that have a row.
        hidden: those that have no row; the other idle ones stay to be looked at.
        left_out: those that the experiment goes without, because it would be refused with them.
        units: of those whose unit depends on what others hold.
        labels: of those whose name does.
    """

    idle: set[str] = field(default_factory=set)
    reasons: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    units: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def rest(self, reason: str, *keys: str) -> None:
        """Keep the rows of fields that do not count, and say why."""
        self.idle.update(keys)
        self.reasons |= dict.fromkeys(keys, reason)

    def hide(self, *keys: str) -> None:
        """Give fields that do not count no row."""
        self.idle.update(keys)
        self.hidden.update(keys)


def standing(
    values: Mapping[str, Any],
    data: Data,
    data_kind: str | None,
    problem: OwnProblem | None = None,
) -> Standing:
    """Which fields count now.

    Args:
        values: what the fields hold, by dotted name.
        data: which data they are.
        data_kind: what `engine.data.datasets` calls their kind; None: not known yet.
        problem: what a file of one's own declares, if there is one.
    """
    found = Standing()
    model = values["model.kind"]
    if model not in all_models()[model].deep:
        found.rest("Needs a model with hidden layers.", *LAYERED)
    chosen = all_models()[model]
    for task in TASKS.values():
        meant = task is chosen if data_kind in chosen.fits else data_kind in task.fits
        if meant or task is chosen:
            for key, reason in task.ignores.items():
                found.rest(reason, key)
        if task is not chosen:
            found.hide(*task.own)
    strategy = STRATEGIES[values["meta.optimizer"]]
    if strategy.method:
        values = {**values, "method": strategy.method}
    _of_method(values["method"], found)
    _of_strategy(values, found)
    untrained = _without_training(values, found)
    sketch = _sketch(values, data, found.idle)
    if problem is not None and data_kind == "own losses":
        sketch = sketch.model_copy(update={"problem": problem})
        for kind, own in problem.kinds.items():
            found.labels[f"hyperparameters.{kind}.free"] = own.name
            found.reasons[f"hyperparameters.{kind}.initial"] = own.words
    _of_stopping(values, measures_accuracy(sketch), found)
    present = kinds_of(sketch)
    for kind in KINDS:
        if kind in present:
            _of_kind(kind, values, found, untrained)
        else:
            found.hide(*(f"hyperparameters.{kind}.{name}" for name in Setting.model_fields))
            found.left_out.add(f"hyperparameters.{kind}.free")
    unit = _unit_of_steps(values, present)
    found.units |= dict.fromkeys(("meta.step", "meta.trials_spread", "meta.random_spread"), unit)
    found.labels["meta.iterations"] = strategy.label_of_count
    if "l2_penalties" not in present or not values["hyperparameters.l2_penalties.free"]:
        found.hide("meta.penalty")
        found.left_out.add("meta.penalty")
    return found


def _unit_of_steps(values: Mapping[str, Any], present: Iterable[str]) -> str:
    """What a meta-step is counted in: logarithms, also of odds; the values' own units; or both."""
    domains = {
        values.get(f"hyperparameters.{kind}.domain", KINDS[kind].usual.domain)
        for kind in present
        if values[f"hyperparameters.{kind}.free"]
    }
    if "identity" not in domains:
        return "log units"
    return "as values" if domains == {"identity"} else "mixed"


def _of_method(name: str, found: Standing) -> None:
    """What other methods are told; what exact reversal needs stays to be looked at."""
    if "reversible" not in METHODS[name].needs:
        found.rest("Needs a method that reverses exactly.", "training.buffer_megabytes")
    others = set(MethodOptions.model_fields) - set(options_of(name))
    found.hide(*(f"hypergradient.{option}" for option in others))
    found.left_out.update(f"hypergradient.{option}" for option in others)


def _of_strategy(values: Mapping[str, Any], found: Standing) -> None:
    """The step size and constants that a meta-optimizer does not have."""
    chosen = STRATEGIES[values["meta.optimizer"]]
    if not chosen.uses_step:
        found.hide("meta.step")
    if chosen.shows != "descent":
        found.hide("meta.updates")
        found.left_out.add("meta.updates")
    own = chosen.constants_with(values[f"meta.{chosen.moved_by}"] if chosen.moved_by else "")
    for strategy in STRATEGIES.values():
        found.hide(*(f"meta.{constant}" for constant in set(strategy.constants) - set(own)))
    if chosen.sees_objective:  # which has to be the same each time
        refused = "meta.updates", "meta.new_seed", *(("method",) if chosen.method else ())
        found.hide(*refused)
        found.left_out.update(refused)
    if chosen.tries and not _minimises(values):
        reason = "Needs an implicit method that works at the minimum, found by L-BFGS."
        found.rest(reason, "meta.trials_warm")
        found.left_out.add("meta.trials_warm")
    if chosen.minimises:
        found.rest(f"{chosen.title} has tolerances of its own.", *_TOLERANCES)
    if chosen.is_one_run:  # whose updates follow from its length
        refused = "method", "meta.new_seed", "hypergradient.megabytes"
        found.hide("meta.iterations", *refused)
        found.left_out.update(refused)


def _of_stopping(values: Mapping[str, Any], has_accuracy: bool, found: Standing) -> None:
    """What may be stopped early, and by what that is told."""
    every = [f"stopping.{name}" for name in Stopping.model_fields]
    optimizer = values["meta.optimizer"]
    if not has_accuracy:
        found.hide("stopping.judged_by")
        found.left_out.add("stopping.judged_by")
    if never_stops(optimizer, values["method"], values["hypergradient.minimise_to"]):
        others = [key for key in every if key != "stopping.judged_by" or not has_accuracy]
        found.hide(*others)
        found.left_out.update(others)
        return
    if not STRATEGIES[optimizer].tries:
        found.hide("stopping.points")
    if values["stopping.when"] == "off" and optimizer in _LEARN_NOTHING:
        found.hide("meta.trials_at_once")
    if values["stopping.when"] == "off":
        known = "stopping.when", "stopping.judged_by"
        first, *others = (key for key in every if key not in known)
        found.rest("Needs stopping early.", first)  # once is enough
        found.idle.update(others)


def _minimises(values: Mapping[str, Any]) -> bool:
    """Whether L-BFGS goes to the minimum of the training loss, in place of training."""
    can = "minimise_to" in options_of(values["method"])
    return can and bool(values["hypergradient.minimise_to"])


def _without_training(values: Mapping[str, Any], found: Standing) -> tuple[str, ...]:
    """What is not asked where nothing is trained step by step.

    Returns:
        Where kinds enter that make no difference then: schedules, and the start unless the minimum
        is looked for from there.
    """
    minimise_to = values["hypergradient.minimise_to"]
    instead = instead_of_training(values["meta.optimizer"], values["method"], minimise_to)
    if instead:
        found.rest(f"No training: {instead}.", *_OF_TRAINING)
    return {SOLVED: ("schedule", "start"), MINIMISED: ("schedule",)}.get(instead, ())


def _of_kind(
    kind: str, values: Mapping[str, Any], found: Standing, untrained: tuple[str, ...]
) -> None:
    """What a kind that the experiment has is not asked for."""
    prefix = f"hyperparameters.{kind}"
    free, constraint = values[f"{prefix}.free"], values.get(f"{prefix}.constraint")
    moves_by_values = values.get(f"{prefix}.domain", KINDS[kind].usual.domain) == "identity"
    has_bound = constraint in CONSTRAINTS and CONSTRAINTS[constraint].has_bound
    method = METHODS[values["method"]]
    tries = STRATEGIES[values["meta.optimizer"]].tries  # and takes no derivatives
    if not free and KINDS[kind].enters not in method.gives and not tries:
        found.rest(f"{method.title} gives no derivatives by it.", f"{prefix}.free")
        found.left_out.add(f"{prefix}.free")
    if not free:
        found.hidden.update(f"{prefix}.{name}" for name in _OF_CHANGE)
        if KINDS[kind].enters in untrained:
            found.rest("There is no training that it could change.", f"{prefix}.free")
            found.left_out.add(f"{prefix}.free")
            found.idle.add(f"{prefix}.initial")
    if not free or not moves_by_values:
        found.rest("Needs the domain “value itself”.", f"{prefix}.constraint")
    if not moves_by_values:
        found.left_out.update({f"{prefix}.constraint", f"{prefix}.bound"})
    if not free or not moves_by_values or not has_bound:
        found.hide(f"{prefix}.bound")
    if free and not has_bound:
        found.left_out.add(f"{prefix}.bound")


def _sketch(values: Mapping[str, Any], data: Data, idle: set[str]) -> Experiment:
    """What the fields say of data, model and training, unchecked: enough to ask for the kinds."""
    sketch = Experiment(data=data, model=Model(kind="softmax regression"))
    changes: dict[str, dict[str, Any]] = {"data": {}, "model": {}, "training": {}}
    for key, value in values.items():
        table, _, name = key.rpartition(".")
        if table in changes and key not in idle and key not in OF_DATA_SET:
            changes[table][name] = value
    tables = {
        table: getattr(sketch, table).model_copy(update=change) for table, change in changes.items()
    }
    return sketch.model_copy(update=tables)
