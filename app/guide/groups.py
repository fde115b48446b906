"""What the gallery's experiments teach: its groups, and which experiment is in which."""

from collections.abc import Iterable
from typing import Final

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "First steps": ("toy", "one-number", "regression", "moons", "momentum", "spirals"),
    "Reversible learning": (
        "long-way-back",
        "pixel-penalties",
        "initial-hypergradient",
        "learned-data",
        "weight-sharing",
        "chaos",
        "schedules",
    ),
    "Forward and reverse": ("hyper-cleaning", "real-time", "task-interactions"),
    "Learning to learn": ("hyper-representation",),
    "At the optimum": (
        "inputs-pruned",
        "hoag",
        "hoag-per-input",
        "kernel-ridge",
        "weights-on-the-past",
    ),
    "Comparisons": ("six-ways", "forward-or-reverse", "with-or-without", "race"),
}
"""Names of experiments, by the title of their group."""

_OTHERS: Final = "More"


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """Experiments by the title of their group; those that are in none come last."""
    left = list(names)
    found = {}
    for title, members in GROUPS.items():
        found[title] = [name for name in members if name in left]
        left = [name for name in left if name not in members]
    found[_OTHERS] = left
    return {title: members for title, members in found.items() if members}
