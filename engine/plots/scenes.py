"""What a training run looks like from inside, at any moment of it: plots that need its parameters.

A record keeps no parameters, which may be many; a stage replays the training run instead, forwards
or in exact reversal, to the moment that is asked for.
"""

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.hyperparameters.values import Hyperparameters
from engine.kernels.blas import one_blas_thread
from engine.plots.base import AnyPlot, MapPlot, PicturePlot, Points
from engine.plots.pictures import pictures
from engine.plots.surface_scenes import PLACES, loss_surface, reversal_map
from engine.runs.moments import Moment, iteration_at
from engine.runs.records import RunRecord
from engine.runs.replay import Replay, replay_key
from engine.tasks.catalogue import make_task
from engine.tasks.networks import NetworkTask
from engine.tasks.surface import SurfaceTask

_MOST_POINTS = 400


class Stage:
    """Shows scenes of one run.

    Args:
        experiment: of the run.

    Raises:
        InputError: its data cannot be used any more.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._task = make_task(experiment)
        self._replays: dict[int, Replay] = {}
        self._paths: dict[int, Floats] = {}
        self._naive: MapPlot | None = None

    @property
    def has_scenes(self) -> bool:
        """Whether there is anything to show."""
        task = self._task
        if isinstance(task, NetworkTask):
            return task.data.image_shape is not None or _is_in_the_plane(task)
        return isinstance(task, SurfaceTask)

    def scenes(self, record: RunRecord, moment: Moment) -> list[AnyPlot]:
        """The scenes of a moment in one of the run's finished meta-iterations.

        Raises:
            DivergedError: the training run cannot be replayed.
        """
        task, index = self._task, moment.meta_iteration
        used = record.meta_iterations[index].hyperparameters
        iteration = iteration_at(moment, record.iterations)
        if isinstance(task, SurfaceTask):
            paths = [self._path(record, i) for i in range(index + 1)]
            return [loss_surface(paths, moment), self._reversal_map(task, record)]
        found: list[AnyPlot] = []
        if isinstance(task, NetworkTask) and self.has_scenes:
            w = self._parameters(index, used, iteration)
            if _is_in_the_plane(task):
                found.append(decision_regions(task, w, iteration))
            if task.data.image_shape is not None:
                found.append(weight_pictures(task, w, iteration))
        return found

    def _parameters(self, index: int, used: Hyperparameters, iteration: int) -> Floats:
        if index not in self._replays:  # one at a time is kept: its buffer may be large
            self._replays = {
                index: Replay(
                    self._task, self._experiment, replay_key(self._experiment, index), used
                )
            }
        replay = self._replays[index]
        replay.seek(iteration)
        return replay.w

    def _path(self, record: RunRecord, index: int) -> Floats:
        """(T + 1, 2) where training went in a meta-iteration."""
        if index not in self._paths:
            used = record.meta_iterations[index].hyperparameters
            every = range(record.iterations + 1)
            self._paths[index] = np.array([self._parameters(index, used, t) for t in every])
        return self._paths[index]

    def _reversal_map(self, task: SurfaceTask, record: RunRecord) -> MapPlot:
        if self._naive is None:
            first = record.meta_iterations[0].hyperparameters
            self._naive = reversal_map(
                task, self._experiment, replay_key(self._experiment, 0), first
            )
        return self._naive


def final_scenes(record: RunRecord) -> list[AnyPlot]:
    """The scenes at the end of training in a run's last finished meta-iteration."""
    if not record.meta_iterations:
        return []
    stage = Stage(record.experiment)
    moment = Moment(len(record.meta_iterations) - 1, record.iterations)
    with one_blas_thread():
        return stage.scenes(record, moment)


def decision_regions(task: NetworkTask, w: Floats, iteration: int) -> MapPlot:
    """Which class a network gives to each place of the plane, and how surely."""
    train = task.split.train
    low, high = train.inputs.min(axis=0), train.inputs.max(axis=0)
    margin = 0.08 * (high - low)
    x, y = (np.linspace(low[i] - margin[i], high[i] + margin[i], PLACES) for i in (0, 1))
    places = np.stack([axis.ravel() for axis in np.meshgrid(x, y)], axis=1)
    outputs = task.network.outputs(w, places)
    if task.network.loss == "cross-entropy":
        outputs = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    outputs = np.maximum(outputs, 0)
    total = outputs.sum(axis=1)
    classes = outputs.shape[1]
    share = np.where(total > 0, outputs.max(axis=1) / np.where(total > 0, total, 1), 1 / classes)
    sure = np.clip((share - 1 / classes) / (1 - 1 / classes), 0, 0.999)
    names = task.data.class_names
    shown = slice(0, _MOST_POINTS)
    inputs, targets = train.inputs[shown], train.targets[shown]
    points = tuple(
        Points(name, inputs[targets == number, 0], inputs[targets == number, 1], number)
        for number, name in enumerate(names)
    )
    loss = float(task.network.mean_loss(w, train.inputs, train.targets))
    return MapPlot(
        "decision_regions",
        "Decision regions",
        task.dataset.feature_names[0],
        task.dataset.feature_names[1],
        x,
        y,
        (outputs.argmax(axis=1) + sure).reshape(PLACES, PLACES),
        "classes",
        ", ".join(names),
        points,
        caption=f"after {iteration} iterations: training loss {loss:.3g}",
    )


def weight_pictures(task: NetworkTask, w: Floats, iteration: int) -> PicturePlot:
    """The first layer's weights in the shape of the images: one a class, or one a hidden unit."""
    shape = task.data.image_shape
    assert shape is not None, "pictures are made of pixels"
    features, units = task.network.sizes[:2]
    matrix = w[: features * units].reshape(features, units)
    are_classes = len(task.network.sizes) == 2 and units == len(task.data.class_names)
    names = task.data.class_names if are_classes else [f"unit {i + 1}" for i in range(units)]
    return pictures(
        "weight_pictures",
        "Weights as pictures",
        matrix,
        shape,
        names,
        "weight",
        f"after {iteration} iterations",
    )


def _is_in_the_plane(task: NetworkTask) -> bool:
    return task.data.features == 2 and len(task.data.class_names) > 0
