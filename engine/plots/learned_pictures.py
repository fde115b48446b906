"""Learned training inputs in the shape of the images: figure 7 of the paper."""

from engine.plots.base import PicturePlot
from engine.plots.kind import PlotKind
from engine.plots.losses import judgements
from engine.plots.pictures import MOST_PICTURES, pictures
from engine.plots.strategies import moves
from engine.runs.records import RunRecord


def learned_pictures(what: PlotKind, record: RunRecord) -> PicturePlot | None:
    """One picture an example, where inputs are learned and data are images."""
    inputs, shape = record.current.get("training_inputs"), record.data.image_shape
    if not moves(record) or inputs is None or shape is None:
        return None
    classes = record.data.class_names
    per_class = max(len(inputs) // max(len(classes), 1), 1)
    names = [
        name if per_class == 1 else f"{name}, {number + 1}"
        for name in classes
        for number in range(per_class)
    ]
    chosen = range(len(inputs))
    if len(inputs) > MOST_PICTURES:  # rather one of each class than all of a few
        chosen = range(0, len(inputs), per_class)
    caption = "one picture per class, learned pixel by pixel"
    judged = judgements(record)
    if judged and judged[-1].test_accuracy is not None:
        caption += f"; trained on these alone: test accuracy {judged[-1].test_accuracy:.1%}"
    return pictures(
        what,
        inputs[chosen].T,
        shape,
        [names[index] for index in chosen],
        "pixel",
        caption,
    )
