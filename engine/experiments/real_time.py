"""What does not go together with hyperparameters that move while one training run goes on."""

from collections.abc import Callable

from engine.experiments.experiment import Experiment
from engine.hypergradients.forward import Forward
from engine.hyperparameters.kinds import KINDS


def misfits(experiment: Experiment, called: Callable[[str], str] = str) -> dict[str, str]:
    """What real time cannot do in an experiment: a sentence a dotted field.

    Args:
        experiment: whose strategy is real time.
        called: what methods are called, by their names.
    """
    found = {}
    if experiment.method != Forward.name:
        found["method"] = (
            f"expected {called(Forward.name)}, because real time carries tangents along with "
            "training."
        )
    if experiment.hypergradient.megabytes is not None:
        found["hypergradient.megabytes"] = (
            "expected none, because real time needs all tangents at once."
        )
    if experiment.meta.new_seed:
        found["meta.new_seed"] = "expected false, because real time is one training run."
    for kind, setting in experiment.hyperparameters.items():
        if not setting.free:
            continue
        if KINDS[kind].enters not in Forward.gives:
            found[f"hyperparameters.{kind}.free"] = (
                "expected false, because real time moves nothing that only the start of training "
                "depends on."
            )
        elif KINDS[kind].enters == "schedule" and "iteration" in setting.granularity:
            found[f"hyperparameters.{kind}.granularity"] = (
                f"expected one or group, because real time learns a value of the "
                f"{KINDS[kind].plural} for each iteration as training gets there."
            )
    return found
