"""The information buffer as it fills and drains, against what it saves and what it must hold."""

import numpy as np

from engine.dynamics.catalogue import DYNAMICS
from engine.hypergradients.catalogue import METHODS
from engine.plots.base import Line, Plot
from engine.plots.columns import counted, positive
from engine.plots.kind import PlotKind
from engine.plots.strategies import LAST_DONE, after_the_first, name_of, name_of_last_done
from engine.plots.words import bytes_in_words
from engine.runs.records import RunRecord


def memory(what: PlotKind, record: RunRecord) -> Plot | None:
    """Bytes over steps: T of training, then T of going back, if the method does.

    There are no steps where a method finds the minimum without training.
    """
    if not record.trains or record.tries:  # a trial only trains, and needs to keep nothing
        return None
    method = METHODS[record.experiment.method]
    slots = len(DYNAMICS[record.experiment.training.dynamics].slots)
    total = record.iterations
    steps = counted(record.steps + 1)
    depth = np.minimum(steps, 2 * total - steps).astype(np.int64)
    trajectory = 8.0 * slots * record.parameters * depth
    filled = np.array(record.buffer_curve, np.float64)
    reverses = "reversible" in method.needs
    lines = [Line("full trajectory (float64)", steps, positive(trajectory), 1)]
    is_trajectory = record.experiment.method == "stored-trajectory"
    if not is_trajectory and (record.free or filled.any()):
        name = "bit buffer" if reverses else "kept by the method"
        lines.append(Line(name, counted(len(filled)), positive(filled), 0))
    if reverses and record.entropy_bytes is not None:
        bound = positive(record.entropy_bytes[depth])
        lines.append(Line("entropy bound", steps, bound, "reference", "dashed"))
    caption = f"reversal: {after_the_first(record)}"
    if is_trajectory:
        kept = bytes_in_words(trajectory.max())
        caption = f"{method.title.lower()}: no bit buffer; every state is kept, {kept}"
    elif not reverses:
        caption = f"{method.title.lower()}: {after_the_first(record)}"
        if record.meta_iterations:
            held = record.meta_iterations[-1].memory
            ratio = held.trajectory_bytes / held.held_bytes
            told = bytes_in_words(held.held_bytes)
            kept = bytes_in_words(float(record.meta_iterations[-1].buffer_curve.max()))
            caption = (
                f"{method.title.lower()}: {told} held, {kept} of it from step to step; "
                f"the trajectory takes {ratio:.3g} ×"
            )
    elif record.meta_iterations:
        done = record.meta_iterations[-1]
        saved = saving_in_words(
            done.memory.buffer_bytes, done.memory.trajectory_bytes, record.parameters
        )
        came_back = "reversed bit for bit\N{NO-BREAK SPACE}✓"
        end = came_back if done.reversed_exactly else "reversal failed ✗"
        of_the_buffer = "buffer " if done.memory.buffer_bytes else ""
        caption = f"{name_of_last_done(record)}: {end}; {of_the_buffer}{saved}"
    if record.meta_iterations and record.in_curves not in (None, record.meta_iterations[-1].index):
        caption = caption.replace(f", {LAST_DONE}", "")  # which the other one says as well
        caption += f"; drawn: {name_of(record, record.in_curves)}"
    return Plot(
        what.key,
        what.title,
        "step",
        "memory",
        tuple(lines),
        (0, record.steps),
        log_y=True,
        bytes_y=True,
        caption=caption,
        x_unit=f"training to {total:,}, then reversing" if record.steps > total else "training",
        y_unit="bytes",
        along="steps",
    )


def saving_in_words(buffer_bytes: int, trajectory_bytes: int, parameters: int) -> str:
    """How much less the buffer takes than the float64 trajectory, for a caption."""
    if not buffer_bytes:
        return f"no bits dropped; replaces a trajectory of {bytes_in_words(trajectory_bytes)}"
    ratio = trajectory_bytes / buffer_bytes
    bits = 8 * buffer_bytes / parameters
    times = f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"
    return f"{times} × less than in float64; {bits:.3g} bits per parameter"
