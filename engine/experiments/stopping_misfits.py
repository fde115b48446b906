"""What does not go together with stopping early."""

from typing import Any

from engine.experiments.amounts import instead_of_training
from engine.experiments.experiment import Experiment
from engine.experiments.measures import VALIDATION_ACCURACY
from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import task_of


def misfits(experiment: Experiment) -> dict[str, str]:
    """What cannot be stopped early, or not so: a sentence a dotted field."""
    stopping, strategy = experiment.stopping, STRATEGIES[experiment.meta.optimizer]
    found = {}
    if stopping.is_on and (reason := never_stops_in(experiment)):
        found["stopping.when"] = f"expected off, because {reason}."
    if stopping.judged_by == "accuracy" and not measures_accuracy(experiment):
        found["stopping.judged_by"] = (
            f"expected loss with {experiment.model.kind}, whose accuracy is not measured on the "
            "validation part."
        )
    if stopping.is_on and strategy.tries and stopping.least > stopping.points:
        found["stopping.least"] = (
            f"expected at most {stopping.points}, the points of a trial's curve, "
            f"found {stopping.least}."
        )
    return found


def never_stops_in(experiment: Experiment) -> str:
    """Why nothing of an experiment's run is stopped early, as the end of a sentence; or ""."""
    minimise_to = experiment.hypergradient.minimise_to
    return never_stops(experiment.meta.optimizer, experiment.method, minimise_to)


def never_stops(optimizer: str, method: str, minimise_to: Any = None) -> str:
    """Why nothing of a strategy's run is stopped early, as the end of a sentence; "" if it may be.

    Args:
        optimizer: the strategy's name.
        method: the method's.
        minimise_to: what the method is told of a tolerance to minimise to, if it can be told.
    """
    strategy = STRATEGIES[optimizer]
    if strategy.is_one_run:
        return "real time is one training run, which is compared with others of the same length"
    if not strategy.may_stop:
        return "its meta-iterations do not compete with each other"
    if strategy.tries and (instead := instead_of_training(optimizer, method, minimise_to)):
        return f"trials have no learning curves where nothing is trained: {instead}"
    return ""


def measures_accuracy(experiment: Experiment) -> bool:
    """Whether the accuracy on the validation part can be measured."""
    asked = experiment.stopping.model_copy(update={"judged_by": "accuracy"})
    measures = task_of(experiment).measures(experiment.model_copy(update={"stopping": asked}))
    return VALIDATION_ACCURACY in measures
