"""What every plot shows, for people; the texts are in ``resources/help/plots.toml`` by key."""

from engine.experiments.fields import field_texts
from engine.experiments.help_texts import HelpText, read_texts
from engine.plots.catalogue import PLOTS


def plot_texts() -> dict[str, HelpText]:
    """The texts of plots, by their keys; empty where nobody has written one."""
    texts = read_texts("plots.toml")
    return {key: HelpText(kind.title, **texts.get(key, {})) for key, kind in PLOTS.items()}


def help_text(key: str) -> HelpText:
    """What a field or a plot is.

    Args:
        key: a field's dotted name ("training.iterations"), or a plot's key ("memory").

    Raises:
        KeyError: there is nothing of this name.
    """
    return field_texts()[key] if key in field_texts() else plot_texts()[key]
