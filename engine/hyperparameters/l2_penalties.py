"""L2 penalties λ in Σ λᵢ wᵢ²: one for all, one a group, one an input or one a weight.

With one an input, the weights that go out from an input share a penalty, so that a large one takes
the input out of the model (Bengio 2000, "Gradient-based optimization of hyperparameters", section
5; MacKay and Neal call the Bayesian sibling automatic relevance determination). Biases have none.
The weights of all later layers, if there are any, share one more, for without it they could grow as
those of the first layer shrink.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.groups import ParameterGroup
from engine.hyperparameters.extents import OverParameters, Sizes
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

Groups = Sequence[ParameterGroup]

L2_PENALTIES = Kind(
    name="l2_penalties",
    singular="L2 penalty",
    plural="L2 penalties",
    symbol="λ",
    unit="λ",
    tip="L2 penalty λ in Σ λ w².",
    extent=OverParameters(),
    domains=("log", "identity"),
    low=0.0,
    high=1e6,
    usual=Setting(initial=0.0),
    constraints=("non-negative", "simplex", "L1 ball", "sum"),
    neutral=0.0,
)

NO_PENALTIES: Final = np.zeros(0)


class Spread(NamedTuple):
    """How penalties of one granularity reach every parameter.

    Attributes:
        to_parameters: own penalties, and the groups → (P,) a penalty for each parameter.
        scale: own penalties, the groups, and w (P,) → (P,) each parameter times its penalty.
        gather: (…, P) derivatives by those, and the groups → derivatives by the own penalties, in
            the last axis.
    """

    to_parameters: Callable[[Floats, Groups], Floats]
    scale: Callable[[Floats, Groups, Floats], Floats]
    gather: Callable[[Floats, Groups], Floats]


def check_penalties(own: Floats, granularity: str, groups: Groups) -> None:
    """Refuse penalties that are not as many as their granularity says, unless there are none.

    Raises:
        ValueError: saying how many were expected.
    """
    expected = L2_PENALTIES.extent.shape(granularity, Sizes(1, tuple(groups)))
    if own.size and own.shape != expected:
        raise ValueError(f"expected penalties of shape {expected}, found {own.shape}")


def _one_for_all(own: Floats, groups: Groups) -> Floats:
    return np.full(groups[-1].stop, own[0])


def _one_a_group(own: Floats, groups: Groups) -> Floats:
    return np.repeat(own, [group.size for group in groups])


def _scaled_by_group(own: Floats, groups: Groups, w: Floats) -> Floats:
    scaled = np.zeros_like(w)
    for group, penalty in zip(groups, own, strict=True):
        if penalty:  # a direction moves few
            np.multiply(w[group.span], penalty, out=scaled[group.span])
    return scaled


def _one_an_input(own: Floats, groups: Groups) -> Floats:
    sizes, by_parameter = Sizes(1, tuple(groups)), np.zeros(groups[-1].stop)
    first = groups[0]
    by_parameter[first.span] = np.repeat(own[: sizes.inputs], first.size // sizes.inputs)
    for group in _later_weights(groups):
        by_parameter[group.span] = own[-1]
    return by_parameter


def _gathered_by_input(by_parameter: Floats, groups: Groups) -> Floats:
    sizes, first = Sizes(1, tuple(groups)), groups[0]
    weights = by_parameter[..., first.span]
    own: Floats = weights.reshape(*weights.shape[:-1], sizes.inputs, -1).sum(axis=-1)
    if not sizes.is_deep:
        return own
    later: Any = sum(by_parameter[..., group.span].sum(axis=-1) for group in _later_weights(groups))
    return np.concatenate([own, np.asarray(later)[..., None]], axis=-1)


def _later_weights(groups: Groups) -> list[ParameterGroup]:
    return [group for group in groups if group.layer and group.role == "weights"]


SPREADS: Final[dict[str, Spread]] = {
    "one": Spread(
        _one_for_all,
        lambda own, _, w: own[0] * w,
        lambda by_parameter, _: by_parameter.sum(axis=-1, keepdims=True),
    ),
    "group": Spread(
        _one_a_group,
        _scaled_by_group,
        lambda by_parameter, groups: np.stack(
            [by_parameter[..., group.span].sum(axis=-1) for group in groups], axis=-1
        ),
    ),
    "input": Spread(
        _one_an_input,
        lambda own, groups, w: _one_an_input(own, groups) * w,
        _gathered_by_input,
    ),
    "weight": Spread(
        lambda own, _: own.copy(),
        lambda own, _, w: own * w,
        lambda by_parameter, _: by_parameter,
    ),
}
"""By granularity."""
