"""What a section of the set-up holds, in a few words."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from app.setup.field import Field
from engine.experiments.amounts import instead_of_training
from engine.experiments.strategies import STRATEGIES
from engine.hypergradients.catalogue import METHODS
from engine.hyperparameters.kinds import KINDS

_Fields = Mapping[str, Field]
_IN_FEW_LETTERS: Final = ("conjugate gradients", "CG")
"""What is too long for a heading, and what stands for it."""


def summary(section: str, fields: _Fields, idle: Collection[str]) -> str:
    """A few words for a section, by its name.

    Args:
        section: its name.
        fields: all fields, by dotted name.
        idle: those that do not count now.
    """
    return _SUMMARIES[section]({key: one for key, one in fields.items() if key not in idle})


def _data(fields: _Fields) -> str:
    source = fields["data.source"]
    return source.spell(source.value())  # also while it cannot be read


def _model(fields: _Fields) -> str:
    hidden = fields.get("model.hidden")
    if hidden and hidden.value():
        return f"{_spelled(hidden)} {_spelled(fields['model.activation'])}"
    return _spelled(fields["model.kind"])


def _training(fields: _Fields) -> str:
    minimise_to = fields.get("hypergradient.minimise_to")
    told = minimise_to.value() if minimise_to else None
    if instead := instead_of_training(fields["meta.optimizer"].value(), _method(fields), told):
        return instead
    batch = fields.get("training.batch_size")
    size = f", batch {_spelled(batch)}" if batch and batch.value() else ""
    return f"{_spelled(fields['training.iterations'])} iterations{size}"


def _hyperparameters(fields: _Fields) -> str:
    flags = {name: fields.get(f"hyperparameters.{name}.free") for name in KINDS}
    free = [KINDS[name].symbol for name, flag in flags.items() if flag and flag.value()]
    return f"free: {', '.join(free)}" if free else "none is free"


def _hypergradient(fields: _Fields) -> str:
    strategy = STRATEGIES[fields["meta.optimizer"].value()]
    if strategy.is_one_run:
        return "carried along"
    if strategy.tries:
        return "none needed"
    title = METHODS[_method(fields)].title
    return _with_a_small_letter(title.replace(*_IN_FEW_LETTERS))


def _meta(fields: _Fields) -> str:
    step = fields.get("meta.step")
    if "meta.iterations" not in fields:
        every = f"every {_spelled(fields['meta.update_every'])} iterations"
        return f"{_spelled(fields['meta.optimizer'])}, {every}"
    optimizer, times = fields["meta.optimizer"], fields["meta.iterations"].value()
    if step:
        return f"{_spelled(optimizer)}, {_spelled(fields['meta.iterations'])} × {_spelled(step)}"
    up_to = "up to " if STRATEGIES[optimizer.value()].has_fewer else ""
    return f"{_spelled(optimizer)}, {up_to}{times}"


def _method(fields: _Fields) -> str:
    """The name of the method, which may follow from the strategy."""
    return STRATEGIES[fields["meta.optimizer"].value()].method or str(fields["method"].value())


def _with_a_small_letter(title: str) -> str:
    return title[:1].lower() + title[1:]


def _stopping(fields: _Fields) -> str:
    when = fields.get("stopping.when")
    if when is None or when.value() == "off":
        return "off"
    threshold = fields["stopping.threshold"]
    below = None if threshold.problem else threshold.value()
    chance = f", below {100 * below:g} %" if isinstance(below, float) else ""
    return f"{_spelled(when)}{chance}"


def _spelled(field: Field) -> str:
    """As it reads; "?" for what is wrong."""
    return "?" if field.problem else field.spell(field.value())


_SUMMARIES: Final[dict[str, Callable[[_Fields], str]]] = {
    "data": _data,
    "model": _model,
    "training": _training,
    "hyperparameters": _hyperparameters,
    "hypergradient": _hypergradient,
    "meta": _meta,
    "stopping": _stopping,
}
