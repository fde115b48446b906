"""Which of the events that wait for a transaction are written, and which as one."""

from dataclasses import replace
from typing import Any

import numpy as np

from engine.runs.events import (
    Event,
    MetaIterationDone,
    ResumePoint,
    ReversalProgress,
    RunFinished,
    TrainingProgress,
)


def in_stacks(events: list[Event]) -> list[list[Event]]:
    """The same, meta-iterations that are done one after another together.

    Resume points between them are left out, but for the last one that a meta-iteration follows; it
    comes before all meta-iterations.
    """
    found: list[list[Event]] = []
    for event in only_last_point(events):
        follows = found and isinstance(found[-1][0], MetaIterationDone)
        if isinstance(event, ResumePoint):
            found.insert(len(found) - 1 if follows else len(found), [event])
        elif follows and isinstance(event, MetaIterationDone):
            found[-1].append(event)
        else:
            found.append([event])
    return found


def only_last_point(events: list[Event]) -> list[Event]:
    """The same with the last resume point alone of those that a meta-iteration follows."""
    points = [place for place, one in enumerate(events) if isinstance(one, ResumePoint)]
    done = [place for place, one in enumerate(events) if isinstance(one, MetaIterationDone)]
    counts = [place for place in points if done and place < done[-1]][-1:]
    left_out = {*points} - {*counts}
    return [one for place, one in enumerate(events) if place not in left_out]


def point_to_come(events: list[Event]) -> list[Event]:
    """The resume point that no meta-iteration follows yet, if there is one: it waits for that."""
    for event in reversed(events):
        if isinstance(event, MetaIterationDone | RunFinished):
            break
        if isinstance(event, ResumePoint):
            return [event]
    return []


def together(events: list[Event]) -> list[Event]:
    """Progress of the same training run as one event; a record of it is the same."""
    found: list[Event] = []
    for event in events:
        last = found[-1] if found else None
        if (
            isinstance(event, TrainingProgress)
            and isinstance(last, TrainingProgress)
            and last.replicate == event.replicate
            and last.growing.keys() == event.growing.keys()
            and event.iteration > last.iteration
        ):
            found[-1] = replace(
                event,
                losses=_joined(last.losses, event.losses),
                buffer_bytes=_joined(last.buffer_bytes, event.buffer_bytes),
                growing={
                    kind: _joined(last.growing[kind], lengths)
                    for kind, lengths in event.growing.items()
                },
            )
        elif isinstance(event, ReversalProgress) and isinstance(last, ReversalProgress):
            joined = _joined(last.buffer_bytes, event.buffer_bytes)
            found[-1] = replace(event, buffer_bytes=joined)
        else:
            found.append(event)
    return found


def _joined(before: np.ndarray[Any, Any], after: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.concatenate([before, after])
