"""What a section of the set-up holds, in a few words."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from app.setup.field import Field
from engine.hyperparameters.kinds import KINDS

_Fields = Mapping[str, Field]


def summary(section: str, fields: _Fields, idle: Collection[str]) -> str:
    """A few words for a section, by its name.

    Args:
        section: its name.
        fields: all fields, by dotted name.
        idle: those that do not count now.
    """
    return _SUMMARIES[section]({key: one for key, one in fields.items() if key not in idle})


def _data(fields: _Fields) -> str:
    return _spelled(fields["data.source"])


def _model(fields: _Fields) -> str:
    hidden = fields.get("model.hidden")
    if hidden and hidden.value():
        return f"{_spelled(hidden)} {_spelled(fields['model.activation'])}"
    return _spelled(fields["model.kind"])


def _training(fields: _Fields) -> str:
    if "training.iterations" not in fields:
        return "solved, without training"
    batch = fields.get("training.batch_size")
    size = f", batch {_spelled(batch)}" if batch and batch.value() else ""
    if (iterations := fields.get("training.iterations")) is None:
        return "to the minimum"
    return f"{_spelled(iterations)} iterations{size}"


def _hyperparameters(fields: _Fields) -> str:
    flags = {name: fields.get(f"hyperparameters.{name}.free") for name in KINDS}
    free = [KINDS[name].symbol for name, flag in flags.items() if flag and flag.value()]
    return f"free: {', '.join(free)}" if free else "none is free"


def _hypergradient(fields: _Fields) -> str:
    return _spelled(fields["method"]).lower() if "method" in fields else "carried along"


def _meta(fields: _Fields) -> str:
    step = fields.get("meta.step")
    length = f" × {_spelled(step)}" if step else ""
    if "meta.iterations" not in fields:
        every = f"every {_spelled(fields['meta.update_every'])} iterations"
        return f"{_spelled(fields['meta.optimizer'])}, {every}"
    times = _spelled(fields["meta.iterations"])
    return f"{_spelled(fields['meta.optimizer'])}, {times}{length}"


def _stopping(fields: _Fields) -> str:
    when = fields.get("stopping.when")
    if when is None or when.value() == "off":
        return "off"
    below = fields["stopping.threshold"].value()
    chance = f", below {100 * below:g} %" if isinstance(below, float) else ""
    return f"{_spelled(when)}{chance}"


def _spelled(field: Field) -> str:
    return field.spell(field.value())


_SUMMARIES: Final[dict[str, Callable[[_Fields], str]]] = {
    "data": _data,
    "model": _model,
    "training": _training,
    "hyperparameters": _hyperparameters,
    "hypergradient": _hypergradient,
    "meta": _meta,
    "stopping": _stopping,
}
