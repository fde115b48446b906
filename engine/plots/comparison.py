"""How what was learned compares with fixed baselines: the table beside figure 9 of the paper."""

from engine.experiments.measures import BEST_SINGLE, LEARNED
from engine.plots.base import Plot
from engine.plots.columns import counted
from engine.plots.final_accuracy import rows_of
from engine.plots.input_bars import are_by_input
from engine.plots.kind import PlotKind
from engine.plots.losses import lines_of_losses, loss_unit
from engine.plots.strategies import at_the_end, is_a_sweep
from engine.plots.words import apart
from engine.runs.records import RunRecord


def comparison(what: PlotKind, record: RunRecord) -> Plot | None:
    """Losses of the baselines and of what was learned, once the run is over."""
    finished = record.end
    if finished is None and are_by_input(record):
        return _awaited(what)
    if is_a_sweep(record) or finished is None or "representation" in record.initial:
        return None
    if finished.measures is None or not finished.baselines or rows_of(record):
        return None  # rows of accuracies have a plot of their own
    if "past_weights" in record.initial:
        return None  # and so have errors of forecasts
    judged = {**finished.baselines, LEARNED: finished.measures}
    parts = ("training_loss", "test_loss")
    told_of = "training and test loss"
    if BEST_SINGLE in judged:
        parts, told_of = ("validation_loss", "test_loss"), "validation and test loss"
    columns = [[each.get(part) for each in judged.values()] for part in parts]
    known = [[loss for loss in column if loss is not None] for column in columns]
    losses = [apart(column, 3) for column in known if column]
    told = [f"{name} {' and '.join(each)}" for name, *each in zip(judged, *losses, strict=True)]
    return Plot(
        what.key,
        what.title,
        "hyperparameters",
        "loss",
        tuple(lines_of_losses(record, counted(len(judged)), list(judged.values()), points=True)),
        (-0.5, len(judged) - 0.5),
        caption=f"{at_the_end(record)}{told_of}: {'; '.join(told)}",
        x_names=tuple(judged),
        y_unit=loss_unit(record),
    )


def _awaited(what: PlotKind) -> Plot:
    """It keeps its place where it stands alone there."""
    caption = "known after the last meta-iteration"
    return Plot(what.key, what.title, "hyperparameters", "loss", (), (0, 1), caption=caption)
