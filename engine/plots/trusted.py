"""The training images that are trusted least and most, by their example weights."""

from dataclasses import replace
from typing import Final

import numpy as np

from engine.arrays import Floats, Integers
from engine.hyperparameters.values import Hyperparameters
from engine.plots.base import PicturePlot
from engine.plots.kind import PlotKind
from engine.plots.pictures import pictures
from engine.plots.stage import Scene, used_in
from engine.plots.strategies import moves, name_of
from engine.tasks.networks import NetworkTask

_OF_EACH: Final = 6


def trusted(what: PlotKind, scene: Scene) -> PicturePlot | None:
    """Some images with the least and some with the greatest weight, of the first seed."""
    record, task = scene.record, scene.stage.task
    index = scene.moment.meta_iteration
    used = used_in(record, index)
    if not isinstance(task, NetworkTask) or task.dataset.image_shape is None:
        return None
    if not moves(record) or "example_weights" not in record.free or task.learned_per_class:
        return None
    order = by_trust(used, record.meta_iterations[index].hypergradient)
    count = min(_OF_EACH, len(order) // 2)
    chosen = np.concatenate([order[:count], order[::-1][:count]])
    weights, given = used["example_weights"][0], task.given().targets
    labels, names = task.split.train.targets, task.dataset.class_names
    titles = [
        f"{names[labels[i]]} → {names[given[i]]}" if labels[i] != given[i] else names[given[i]]
        for i in chosen
    ]
    least, most = weights[chosen[:count]], weights[chosen[count:]]
    caption = f"{name_of(record, index)}: λ {_ends(least)}, then λ {_ends(most)}"
    caption += "; 8 → 3: an 8 labelled 3" if task.corrupted else ""
    ordered = weights[order]
    if any(ordered[cut - 1] == ordered[cut] for cut in (count, len(order) - count)):
        caption += "; equal λ by how the hypergradient moves them"
    plot = pictures(
        what,
        task.dataset.inputs[task.split.order[chosen]].T,
        task.dataset.image_shape,
        titles,
        "pixel",
        caption,
        "sequential",
        count,
    )
    measured = zip(plot.pictures, weights[chosen].tolist(), strict=True)
    shown = tuple(replace(picture, measured=weight) for picture, weight in measured)
    return replace(plot, pictures=shown, measure="example weight λ")


def _ends(weights: Floats) -> str:
    """As in "= 0", or "= 0.98 to 1"."""
    return "= " + " to ".join(dict.fromkeys(f"{w:.2g}" for w in (weights.min(), weights.max())))


def by_trust(used: Hyperparameters, gradient: Hyperparameters) -> Integers:
    """(N,) the training examples of the first seed, the least trusted first.

    Of equal weights the one is trusted less that the hypergradient would lower more.
    """
    kind = "example_weights"
    by_gradient = -gradient[kind][0] if kind in gradient else np.zeros(used[kind].shape[1])
    return np.lexsort((by_gradient, used[kind][0]))
