"""An experiment whose data are no longer the ones that it was written for, in words."""

from pathlib import Path

from engine.data.datasets import BUILT_IN
from engine.experiments.experiment import Data, Experiment


def has_other_data(own: Experiment, data: Data) -> bool:
    """Whether the data are not the experiment's."""
    return (data.source, data.file) != (own.data.source, own.data.file)


def title_and_description(own: Experiment, data: Data) -> dict[str, str]:
    """What the experiment is called and said to be with these data.

    Args:
        own: as it was opened.
        data: in use now.
    """
    if not has_other_data(own, data):
        return {"title": own.title, "description": own.description}
    name, called = _name(data), own.title or own.name
    changed = f"Changed: the data are {name} now, and the other settings are those of “{called}”."
    written = f" That experiment: {own.description}" if own.description else ""
    return {"title": f"{called}, with {name}", "description": f"{changed}{written}"}


def _name(data: Data) -> str:
    if data.file is not None:
        return Path(data.file).name
    source = str(data.source)
    return BUILT_IN[source].title if source in BUILT_IN else source
