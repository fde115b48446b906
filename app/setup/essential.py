"""Which fields the set-up shows first, and which answer to a search."""

from collections.abc import Mapping
from typing import Any, Final

from app.setup.field import Field
from engine.experiments.strategies import STRATEGIES

_ESSENTIAL: Final = (
    "data.source",
    "data.target",
    "model.kind",
    "model.hidden",
    "episodes.ways",
    "episodes.shots",
    "series.lags",
    "series.weights",
    "training.iterations",
    "method",
    "meta.iterations",
    "meta.update_every",
    "meta.step",
    "meta.seed",
)
_IF_SET: Final = ("data.corrupted", "data.noise_inputs")
_OF_FREE_KINDS: Final = ("free", "initial", "granularity", "bound")


def essential(values: Mapping[str, Any]) -> set[str]:
    """The fields that everyone needs.

    Args:
        values: what all fields hold, by dotted name; kinds of hyperparameters that are free count.
    """
    free = [key.removesuffix(".free") for key, value in values.items() if _is_free(key, value)]
    corrupted = {key for key in _IF_SET if values.get(key)}
    idle = {"method"} if STRATEGIES[values["meta.optimizer"]].tries else set()
    of_kinds = (f"{kind}.{name}" for kind in free for name in _OF_FREE_KINDS)
    return {*_ESSENTIAL, *corrupted, *of_kinds} - idle


def found(fields: Mapping[str, Field], words: str) -> set[str]:
    """The fields whose names or tips have all of these words, or beginnings of words."""
    wanted = words.lower().split()
    return {
        key
        for key, field in fields.items()
        if all(word in f"{field.label} {field.title} {field.tip}".lower() for word in wanted)
    }


def _is_free(key: str, value: Any) -> bool:
    return key.startswith("hyperparameters.") and key.endswith(".free") and bool(value)
