"""Which fields count, given what others hold, and what goes with which data."""

from collections.abc import Mapping
from typing import Any, Final

from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import all_models
from engine.hyperparameters.kinds import KINDS

LAYERED: Final = ("model.hidden", "model.activation")
"""Fields that only those need."""

OF_EXAMPLES: Final = (
    "data.train",
    "data.validation",
    "data.test",
    "data.scaling",
    "data.seed",
    "data.learned_per_class",
    "model.loss",
    "training.batch_size",
    "training.order",
)
"""Fields that mean nothing where there are no examples."""

CONSTANTS: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(f"meta.{field}" for field in strategy.constants)
    for name, strategy in STRATEGIES.items()
}
"""The constants that each meta-optimizer has."""

_OF_KIND: Final = {
    kind: (f"hyperparameters.{kind}.free", f"hyperparameters.{kind}.initial")
    for kind, info in KINDS.items()
    if info.is_set_by_entry
}

OUT_OF_SIGHT: Final = frozenset(
    {"meta.step", "meta.penalty"}.union(*CONSTANTS.values(), *_OF_KIND.values())
)
"""Fields that are left out while they do not count; the others stay to be looked at."""

LEFT_OUT: Final = frozenset({"meta.penalty", *(free for free, _ in _OF_KIND.values())})
"""Fields that the experiment goes without while they do not count: they would be refused."""


def idle(values: Mapping[str, Any], data_kind: str | None) -> set[str]:
    """The fields that do not count now.

    Args:
        values: what the fields hold, by dotted name.
        data_kind: what `engine.data.datasets` calls the kind of the data; None: not known yet.
    """
    found: set[str] = set()
    model, optimizer = values["model.kind"], values["meta.optimizer"]
    if model not in all_models()[model].deep:
        found.update(LAYERED)
    if data_kind == "surface":
        found.update(OF_EXAMPLES)
    if model == "shared networks":
        found.update({"data.seed", "training.order"})  # each training run divides anew
    if model != "shared networks":
        found.update(_OF_KIND["sharing"])
    if values["data.learned_per_class"] is None or data_kind == "surface":
        found.update(_OF_KIND["training_inputs"])
    if not values["hyperparameters.l2_penalties.free"]:
        found.add("meta.penalty")
    if not STRATEGIES[optimizer].uses_step:
        found.add("meta.step")
    for other, constants in CONSTANTS.items():
        if other != optimizer:
            found.update(constants)
    return found
