"""Training that was stopped, on the lower lane: where, and up to where its end is predicted."""

from app.timeline.time_slider import ENDED, PREDICTED, TimeSlider
from engine.runs.moments import Moment
from engine.runs.records import RunRecord


def mark_stopped(slider: TimeSlider, record: RunRecord, moment: Moment | None) -> None:
    """Mark where the training that is shown was stopped, if it was.

    Args:
        slider: the lower lane.
        record: of a run.
        moment: which is shown; None: the latest.
    """
    shown = len(record.meta_iterations) - 1 if moment is None else moment.meta_iteration
    is_done = 0 <= shown < len(record.meta_iterations)
    is_under_way = moment is None and record.under_way is not None
    found = record.meta_iterations[shown].prediction if is_done and not is_under_way else None
    slider.set_mark(ENDED, None if found is None else found.iteration)
    slider.set_mark(PREDICTED, None if found is None else found.horizon)
    if record.tries:
        slider.set_reach(record.visited if found is None else found.iteration)


def within(record: RunRecord, moment: Moment | None) -> Moment | None:
    """The moment itself; of training that was stopped before it, the one where that was."""
    if moment is None or moment.meta_iteration >= len(record.meta_iterations):
        return moment
    last = record.last_moment(moment.meta_iteration)
    stopped = record.meta_iterations[moment.meta_iteration].prediction is not None
    return min(moment, last) if stopped else moment
