"""What a caption says of plots over meta-iterations: how far they go, and what was changed."""

from engine.experiments.changes import in_words
from engine.experiments.stopping import STOPPED_BY_HAND
from engine.plots.strategies import name_of, name_of_last_done
from engine.runs.records import RunRecord


def up_to_the_last(caption: str, record: RunRecord) -> str:
    """A caption of a plot that ends where the last meta-iteration is done, and the next not yet."""
    if record.under_way is None or not record.meta_iterations:
        return caption
    told = f"up to {name_of_last_done(record)}"
    return f"{caption}; {told}" if caption else told


def with_changes(caption: str, record: RunRecord) -> str:
    """A caption of a plot over meta-iterations, and from when on which settings are others."""
    changes = [change for change in record.changes if {*change.settings} != {STOPPED_BY_HAND}]
    if not changes:  # what a person answered is no setting
        return caption
    names = [name_of(record, change.meta_iteration) for change in changes]
    if len(names) == 1:
        what = in_words(changes[0].settings, record.started_from)
        told = f"from {names[0]}: {what}"
    else:
        told = f"settings changed at {names[0]}, {', '.join(one.split()[-1] for one in names[1:])}"
    return f"{caption}; {told}" if caption else told
