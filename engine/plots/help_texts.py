"""What every plot shows, for people; the texts are in ``resources/help/plots.toml`` by key."""

from typing import Final

from engine.experiments.fields import field_texts
from engine.experiments.help_texts import HelpText, read_texts
from engine.plots.catalogue import PLOTS

_OF_COMPARISONS: Final = "comparison_"


def plot_texts() -> dict[str, HelpText]:
    """The texts of plots, by their keys; empty where nobody has written one."""
    texts = read_texts("plots.toml")
    return {key: HelpText(kind.title, **texts.get(key, {})) for key, kind in PLOTS.items()}


def comparison_texts() -> dict[str, HelpText]:
    """The texts of plots of a comparison, by what their keys begin with."""
    return {key: HelpText(**text) for key, text in read_texts("comparisons.toml").items()}


def help_text(key: str) -> HelpText:
    """What a field or a plot is.

    Args:
        key: a field's dotted name ("training.iterations"), or a plot's key ("memory"); of a plot of
            a comparison of methods with "comparison_" in front.

    Raises:
        KeyError: there is nothing of this name.
    """
    if key.startswith(_OF_COMPARISONS):
        return comparison_texts()[key.removeprefix(_OF_COMPARISONS).split("_")[0]]
    return field_texts()[key] if key in field_texts() else plot_texts()[key]
