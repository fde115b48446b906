"""The kinds of hyperparameters, and how an experiment sets them."""

from typing import Annotated, Final, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from engine.arrays import Floats
from engine.hyperparameters.domains import DOMAINS, Domain
from engine.kernels.fixed_point import DECAY_BITS

Kind = Literal[
    "learning_rates", "decays", "initial_scales", "l2_penalties", "training_inputs", "sharing"
]
Granularity = Literal["one", "iteration", "group", "iteration and group", "weight", "entry"]
Number = Annotated[float, Field(strict=True)]
Initial = Number | tuple[Number, ...] | tuple[tuple[Number, ...], ...]


class KindInfo(NamedTuple):
    """What a kind of hyperparameter allows.

    Attributes:
        title: what the interface calls it.
        singular: what it calls one of them.
        symbol: what stands for it in formulas and on axes.
        granularities: how finely it can be set.
        domains: the domains it can move in.
        low, high: the closed range that its values stay in.
    """

    title: str
    singular: str
    symbol: str
    granularities: tuple[Granularity, ...]
    domains: tuple[Domain, ...]
    low: float
    high: float


_SCHEDULE: tuple[Granularity, ...] = ("one", "iteration", "group", "iteration and group")
KINDS: Final[dict[Kind, KindInfo]] = {
    "learning_rates": KindInfo(
        "learning rates", "learning rate", "α", _SCHEDULE, ("log", "identity"), -2048.0, 2048.0
    ),
    "decays": KindInfo(
        "momentum decays",
        "momentum decay",
        "γ",
        _SCHEDULE,
        ("logit", "identity"),
        2.0**-DECAY_BITS,
        1.0,
    ),
    "initial_scales": KindInfo(
        "initial scales", "initial scale", "s", ("one", "group"), ("log", "identity"), 0.0, 1000.0
    ),
    "l2_penalties": KindInfo(
        "L2 penalties",
        "L2 penalty",
        "λ",
        ("one", "group", "weight"),
        ("log", "identity"),
        0.0,
        1e6,
    ),
    "training_inputs": KindInfo(
        "training inputs", "training input", "x", ("entry",), ("identity",), -2048.0, 2048.0
    ),
    "sharing": KindInfo(
        "weight sharing", "weight sharing", "A", ("entry",), ("identity",), -2048.0, 2048.0
    ),
}
OF_SOME_TASKS: Final[tuple[Kind, ...]] = ("training_inputs", "sharing")
"""What only some tasks have; the task says where they start, given one number."""


class Setting(BaseModel):
    """How one kind of hyperparameter starts, and whether and how it moves.

    Attributes:
        initial: starting value in its own unit: one number for all, or an array of the shape that
            the granularity asks for.
        free: whether meta-optimization changes it.
        granularity: how finely it is set.
        domain: the coordinate it moves in.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    initial: Initial
    free: bool = False
    granularity: Granularity = "one"
    domain: Domain = "log"


MISSING: Final[dict[Kind, str]] = {
    "training_inputs": "expected false, because data.learned_per_class asks for none.",
    "sharing": "expected false, because only shared networks share weights.",
}


def setting_problems(kind: Kind, setting: Setting) -> dict[str, str]:
    """What is wrong with a setting whatever the model is: a sentence a dotted field."""
    info, domain = KINDS[kind], DOMAINS[setting.domain]
    prefix = f"hyperparameters.{kind}"
    for name, allowed in (("granularity", info.granularities), ("domain", info.domains)):
        if getattr(setting, name) not in allowed:
            found = getattr(setting, name)
            return {f"{prefix}.{name}": f"expected one of {', '.join(allowed)}, found {found!r}."}
    if kind in OF_SOME_TASKS and not isinstance(setting.initial, float | int):
        return {f"{prefix}.initial": "expected one number."}
    try:
        initial: Floats = np.array(setting.initial, dtype=np.float64)
    except ValueError:
        return {f"{prefix}.initial": "expected rows of the same length."}
    if not np.all((initial >= info.low) & (initial <= info.high)):
        return {f"{prefix}.initial": f"expected {info.low:g} to {info.high:g}."}
    if setting.free and not np.all((initial > domain.low) & (initial < domain.high)):
        limits = f"more than {domain.low:g}"
        if np.isfinite(domain.high):
            limits += f" and less than {domain.high:g}"
        sentence = f"expected {limits}, to be free in the {setting.domain} domain."
        return {f"{prefix}.initial": sentence}
    return {}
