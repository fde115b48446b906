"""Schedules changed by hand: what they may hold, and how they are smoothed.

A schedule is (T, G), a value an iteration and group, or (T, 1) when all groups share it. What is
averaged is averaged in the domain's coordinates: learning rates by their logarithms.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.domains import DOMAINS, Domain
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters
from engine.sentences import quoted

_BINOMIAL = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0


def limits_in_words(kind: str, domain: Domain) -> str:
    """The same for people: "more than 0 and at most 2048"."""
    info, transform = KINDS[kind], DOMAINS[domain]
    least, _ = info.limits(domain)
    is_open = info.is_open_below(domain) and not info.least_positive
    low = f"more than {transform.low:g}" if is_open else f"at least {least:g}"
    open_top = transform.high <= info.high
    high = f"less than {transform.high:g}" if open_top else f"at most {info.high:g}"
    return f"{low} and {high}"


def fitting_domain(kind: str, values: Floats, wanted: Domain | None = None) -> Domain:
    """The domain to see a schedule in, which must hold its values.

    Args:
        kind: what the schedule sets.
        values: what it holds.
        wanted: the domain that the kind moves in; by default the usual one.
    """
    domain = wanted or KINDS[kind].usual.domain
    low, high = KINDS[kind].limits(domain)
    return domain if np.all((values >= low) & (values <= high)) else "identity"


def problem(
    kind: str,
    domain: Domain,
    values: Floats,
    group_names: Sequence[str],
    typed: Mapping[tuple[int, int], str] = MappingProxyType({}),
) -> str:
    """What keeps values from being a schedule: one sentence about the first; empty if nothing.

    Args:
        kind: what the schedule sets.
        domain: the coordinate it moves in.
        values: (T, G) or (T, 1).
        group_names: one a column.
        typed: the text of values that somebody typed, by iteration and column.
    """
    low, high = KINDS[kind].limits(domain)
    wrong = np.argwhere(~((values >= low) & (values <= high)))
    if not wrong.size:
        return ""
    iteration, group = (int(index) for index in wrong[0])
    name = KINDS[kind].singular.capitalize()
    text = typed.get((iteration, group))
    found = quoted(text) if text is not None else f"{values[iteration, group]:.15g}"
    return (
        f"{name} at iteration {iteration}, {group_names[group]}: expected "
        f"{limits_in_words(kind, domain)}, found {found}."
    )


def smoothed(values: Floats, domain: Domain) -> Floats:
    """Each column averaged with its two neighbours on either side, nearer ones counting more."""
    transform = DOMAINS[domain]
    reach = len(_BINOMIAL) // 2
    padded = np.pad(transform.to_coordinate(values), ((reach, reach), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(_BINOMIAL), axis=0)
    return transform.to_value(windows @ _BINOMIAL)


def flattened(values: Floats, domain: Domain) -> Floats:
    """Each column at its own average."""
    transform = DOMAINS[domain]
    means = transform.to_coordinate(values).mean(axis=0, keepdims=True)
    return np.broadcast_to(transform.to_value(means), values.shape).copy()


def with_schedule(hyperparameters: Hyperparameters, kind: str, values: Floats) -> Hyperparameters:
    """Hyperparameters with another schedule of one kind.

    Args:
        hyperparameters: the others.
        kind: "learning_rates" or "decays".
        values: (T,), (T, 1) or (T, G).
    """
    columns = values if values.ndim == 2 else values[:, None]
    spread = np.broadcast_to(columns, hyperparameters[kind].shape).copy()
    return hyperparameters.replace(**{kind: spread})
