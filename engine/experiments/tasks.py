"""The catalogue of tasks: what can be trained, and on which data.

What an experiment may choose, and what views need to know of it, is here; the work is done in
`engine.tasks`, which is loaded by the name that an entry gives.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.errors import InputError
from engine.experiments.experiment import Episodes, Experiment, Series
from engine.experiments.measures import (
    DETECTION,
    TEST_ACCURACY,
    TEST_ACCURACY_ERROR,
    VALIDATION_ACCURACY,
    Measure,
    Part,
    losses_of,
)
from engine.experiments.own_problem import OwnProblem


@dataclass(frozen=True)
class Fit:
    """What goes with a kind of data.

    Attributes:
        models: that can learn them; the simplest one last.
        losses: of the model, the usual one first; none where the data are the loss.
        objectives: the usual one first.
        has: what the data have, as the end of a sentence: "have class labels".
    """

    models: tuple[str, ...]
    losses: tuple[str, ...]
    objectives: tuple[str, ...]
    has: str


@dataclass(frozen=True)
class TaskKind:
    """What there is to say of a kind of task.

    Attributes:
        name: what it is called here.
        made_by: "module:function" that makes a `Task` of an `Experiment`.
        fits: by kind of data, see `engine.data.dataset.Kind`: what goes with them.
        kinds: the kinds of hyperparameters that an experiment's task has.
        measures: what an experiment's trained parameters are judged by.
        groups: how many parameter groups an experiment's model has.
        ignores: the fields of an experiment that make no difference, and why each does not.
        own: the fields that make a difference with it alone.
        deep: the models that have hidden layers.
        inputs_have_penalties: whether the inputs of its first layer can have L2 penalties of their
            own.
    """

    name: str
    made_by: str
    fits: Mapping[str, Fit]
    kinds: Callable[[Experiment], tuple[str, ...]]
    measures: Callable[[Experiment], tuple[Measure, ...]]
    groups: Callable[[Experiment], int]
    ignores: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    deep: tuple[str, ...] = ()
    inputs_have_penalties: bool = False

    @property
    def models(self) -> tuple[str, ...]:
        """All models of this kind of task."""
        return tuple(dict.fromkeys(model for fit in self.fits.values() for model in fit.models))


_BOTH = ("validation", "training")


def _kinds_of_examples(experiment: Experiment) -> tuple[str, ...]:
    learned = experiment.data.learned_per_class is not None
    has_vectors = experiment.model.kind == "softmax regression"
    return (
        "initial_scales",
        "l2_penalties",
        "example_weights",
        *(("training_inputs",) if learned else ()),
        *(("interactions",) if has_vectors else ()),
    )


def _kinds_of_sharing(experiment: Experiment) -> tuple[str, ...]:
    return ("initial_scales", "l2_penalties", "sharing")


def _kinds_of_penalties(experiment: Experiment) -> tuple[str, ...]:
    return ("initial_scales", "l2_penalties")


def _kinds_of_episodes(experiment: Experiment) -> tuple[str, ...]:
    return ("initial_scales", "representation")


def _kinds_of_series(experiment: Experiment) -> tuple[str, ...]:
    return ("initial_scales", "l2_penalties", "past_weights")


def _kinds_of_kernel_ridge(experiment: Experiment) -> tuple[str, ...]:
    return ("initial_scales", "l2_penalties", "kernel_widths")


def _measures_of_numbers(experiment: Experiment) -> tuple[Measure, ...]:
    return losses_of(("training", "validation", "test"), "squared error")


def _measures_of_examples(experiment: Experiment) -> tuple[Measure, ...]:
    unit = "nats" if experiment.model.loss == "cross-entropy" else "squared error"
    return (*losses_of(("training", "validation", "test"), unit), TEST_ACCURACY)


def _measures_of_episodes(experiment: Experiment) -> tuple[Measure, ...]:
    losses = losses_of(("training", "validation", "test"), "nats")
    return (*losses, TEST_ACCURACY, TEST_ACCURACY_ERROR)


def _measures_of_classes(experiment: Experiment) -> tuple[Measure, ...]:
    by_accuracy = experiment.stopping.judged_by == "accuracy"
    has_classes = experiment.model.kind != "linear regression"
    more = (VALIDATION_ACCURACY,) if by_accuracy and has_classes else ()
    return _measures_of_examples(experiment) + more


def _measures_of_training_examples(experiment: Experiment) -> tuple[Measure, ...]:
    return _measures_of_classes(experiment) + (DETECTION if experiment.data.corrupted else ())


def _measures_of_surface(experiment: Experiment) -> tuple[Measure, ...]:
    return losses_of(("training",), "")


def _groups_of_layers(experiment: Experiment) -> int:
    """The weights and the biases of every layer."""
    return 2 * (len(experiment.model.hidden) + 1)


def _groups_of_classifiers(experiment: Experiment) -> int:
    """The weights and the biases of all classifiers."""
    return 2


def _groups_of_coefficients(experiment: Experiment) -> int:
    """A coefficient of all regressions of a series each."""
    return len(experiment.series.coefficients)


def _kinds_of_own_losses(experiment: Experiment) -> tuple[str, ...]:
    return ("initial_scales", *experiment.problem.possible_kinds)


def _measures_of_own_losses(experiment: Experiment) -> tuple[Measure, ...]:
    tests: tuple[Part, ...] = ("test",) if experiment.problem.tests else ()
    return losses_of(("training", "validation", *tests), "")


def _groups_of_a_file(experiment: Experiment) -> int:
    """What the file declares."""
    return max(1, len(experiment.problem.groups))


def _one_group(experiment: Experiment) -> int:
    return 1


_LABELS: Final = ("data.corrupted", "data.corruption_seed")
_NOISE: Final = ("data.noise_inputs", "data.noise_seed")
_LEARNED: Final = ("data.learned_per_class",)
_PARTS: Final = ("data.train", "data.validation", "data.test")
_DEALING: Final = ("data.seed", "data.dealt_by")
_BATCHES: Final = ("training.batch_size", "training.order")


def _because(*reasons: tuple[str, tuple[str, ...]]) -> dict[str, str]:
    """The reason for each of some fields."""
    return {field: reason for reason, fields in reasons for field in fields}


TASKS: Final[dict[str, TaskKind]] = {
    "examples": TaskKind(
        "examples",
        "engine.tasks.networks:make",
        {
            "classification": Fit(
                ("dense network", "softmax regression"),
                ("cross-entropy", "squared"),
                _BOTH,
                "have class labels",
            ),
            "regression": Fit(
                ("dense network", "linear regression"),
                ("squared",),
                _BOTH,
                "have numeric targets",
            ),
        },
        _kinds_of_examples,
        _measures_of_training_examples,
        _groups_of_layers,
        deep=("dense network",),
        inputs_have_penalties=True,
    ),
    "kernel ridge": TaskKind(
        "kernel ridge",
        "engine.tasks.kernel_ridge:make",
        {
            "regression": Fit(
                ("kernel ridge",), ("squared",), ("validation",), "have numeric targets"
            )
        },
        _kinds_of_kernel_ridge,
        _measures_of_numbers,
        _one_group,
        ignores=_because(
            ("Not offered with kernel ridge.", (*_LABELS, *_NOISE, *_LEARNED)),
            ("Kernel ridge learns from all examples at once.", _BATCHES),
            ("Kernel ridge computes in double precision.", ("training.precision",)),
        ),
    ),
    "series": TaskKind(
        "series",
        "engine.tasks.series:make",
        {
            "series": Fit(
                ("walk-forward regression",), ("squared",), ("validation",), "are a series"
            )
        },
        _kinds_of_series,
        _measures_of_numbers,
        _groups_of_coefficients,
        ignores=_because(
            ("A series is standardised by its training part.", ("data.scaling",)),
            ("A series is divided in its own order.", _DEALING),
            ("A series has no classes.", (*_LABELS, *_LEARNED)),
            ("A series is forecast from its own past alone.", _NOISE),
            ("Each forecast learns from all values before it.", _BATCHES),
            ("A series is computed in double precision.", ("training.precision",)),
        ),
        own=tuple(f"series.{name}" for name in Series.model_fields),
    ),
    "logistic regression": TaskKind(
        "logistic regression",
        "engine.tasks.logistic:make",
        {
            "classification": Fit(
                ("logistic regression",), ("cross-entropy",), _BOTH, "have class labels"
            )
        },
        _kinds_of_penalties,
        _measures_of_classes,
        _one_group,
        ignores=_because(
            ("Not offered with logistic regression.", (*_LABELS, *_NOISE, *_LEARNED)),
            ("Logistic regression learns from all examples at once.", _BATCHES),
            ("Logistic regression computes in double precision.", ("training.precision",)),
        ),
    ),
    "shared networks": TaskKind(
        "shared networks",
        "engine.tasks.sharing:make",
        {
            "several tasks": Fit(
                ("shared networks",), ("cross-entropy", "squared"), _BOTH, "contain several tasks"
            )
        },
        _kinds_of_sharing,
        _measures_of_examples,
        _groups_of_layers,
        ignores=_because(
            ("Not offered with shared networks.", (*_LABELS, *_NOISE)),
            ("Each training run divides its drawings afresh.", _DEALING),
            ("Shared networks learn from all drawings at once.", ("training.order",)),
        ),
        deep=("shared networks",),
    ),
    "episodes": TaskKind(
        "episodes",
        "engine.tasks.episodes:make",
        {
            "several tasks": Fit(
                ("convolutional representation", "dense representation"),
                ("cross-entropy",),
                ("validation",),
                "contain several tasks",
            )
        },
        _kinds_of_episodes,
        _measures_of_episodes,
        _groups_of_classifiers,
        ignores=_because(
            ("Episodes are drawn at random instead.", (*_PARTS, *_DEALING)),
            ("Drawings are not scaled.", ("data.scaling",)),
            ("Not offered with episodes.", (*_NOISE, *_LEARNED)),
            ("A classifier learns from all drawings of its episode.", _BATCHES),
        ),
        own=tuple(f"episodes.{name}" for name in Episodes.model_fields),
        deep=("convolutional representation", "dense representation"),
    ),
    "own losses": TaskKind(
        "own losses",
        "engine.tasks.own:make",
        {
            "own losses": Fit(
                ("own losses",), (), ("validation",), "are what a file of your own has"
            )
        },
        _kinds_of_own_losses,
        _measures_of_own_losses,
        _groups_of_a_file,
        ignores=_because(
            (
                "The file has its own data.",
                (*_PARTS, "data.scaling", *_DEALING, *_LABELS, *_NOISE, *_LEARNED, *_BATCHES),
            ),
            ("The file has the loss.", ("model.loss",)),
            ("Losses of your own are computed as they are written.", ("training.precision",)),
        ),
        own=tuple(f"problem.{name}" for name in OwnProblem.model_fields),
    ),
    "surface": TaskKind(
        "surface",
        "engine.tasks.surface:make",
        {"surface": Fit(("two weights",), (), ("training",), "are a curved surface")},
        _kinds_of_penalties,
        _measures_of_surface,
        _one_group,
        ignores=_because(
            (
                "There are no examples on the curved surface.",
                (*_PARTS, "data.scaling", *_DEALING, *_LABELS, *_NOISE, *_LEARNED, *_BATCHES),
            ),
            ("The curved surface is the loss.", ("model.loss",)),
        ),
    ),
}


def fit_of(data_kind: str, model: str | None = None) -> Fit:
    """What goes with a kind of data.

    Args:
        data_kind: see `engine.data.dataset.Kind`.
        model: which of the tasks that fit is meant, if it is one of their models; else the first.
    """
    fits = [task.fits[data_kind] for task in TASKS.values() if data_kind in task.fits]
    return next((fit for fit in fits if model in fit.models), fits[0])


def models_of(data_kind: str) -> tuple[str, ...]:
    """All models that can learn a kind of data, the simplest one of each task last."""
    fits = (task.fits[data_kind] for task in TASKS.values() if data_kind in task.fits)
    return tuple(model for fit in fits for model in fit.models)


def all_models() -> dict[str, TaskKind]:
    """The kind of task of each model that an experiment can name."""
    return {model: task for task in TASKS.values() for model in task.models}


def task_of(experiment: Experiment) -> TaskKind:
    """The kind of task that an experiment trains."""
    return all_models()[experiment.model.kind]


def misfit(experiment: Experiment, data_kind: str) -> InputError | None:
    """What keeps an experiment's model from learning this kind of data; None if nothing does.

    Args:
        experiment: whose model is asked about.
        data_kind: see `engine.data.dataset.Kind`.
    """
    model = experiment.model
    fit = fit_of(data_kind, model.kind)
    because = f"because the data {fit.has}."
    if fit.losses and model.loss not in fit.losses:
        return InputError("model.loss", f"expected {' or '.join(fit.losses)}, {because}")
    if model.kind not in fit.models:
        wanted = " or ".join(reversed(models_of(data_kind)))
        return InputError("model.kind", f"expected {wanted}, {because}")
    if experiment.meta.objective not in fit.objectives:
        return InputError("meta.objective", f"expected {' or '.join(fit.objectives)}, {because}")
    return None
