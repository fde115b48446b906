"""Few-shot episodes that cannot be drawn, because there are too few characters."""

from engine.data.datasets import BUILT_IN
from engine.experiments.experiment import Episodes, Experiment


def too_many_ways(settings: Episodes, learned_from: int | None, held_out: int | None) -> str:
    """Why there are too few characters for episodes; empty if there are enough.

    Args:
        settings: of the episodes.
        learned_from: characters to learn from, turned ones and all; None: not known.
        held_out: those that are held out.
    """
    for count, whose in ((learned_from, "to learn from"), (held_out, "that are held out")):
        if count is not None and settings.ways > count:
            return f"expected at most the {count} characters {whose}, found {settings.ways}."
    return ""


def counts_of_characters(experiment: Experiment) -> tuple[int | None, int | None]:
    """How many there are to learn from and held out, as far as that is known before loading."""
    settings = experiment.episodes
    known = _known(experiment.data.source)
    if settings.test_source is None:
        known, others = known[:-1], known[-1:]
    else:
        others = _known(settings.test_source)
    return settings.turns * sum(known) or None, settings.test_turns * sum(others) or None


def _known(source: str | None) -> tuple[int, ...]:
    return BUILT_IN[source].characters if source in BUILT_IN else ()
