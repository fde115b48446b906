"""What stands above the plots: whose they are, if in doubt, and what cannot be seen in them."""

from pathlib import Path

from app.setup.setup_panel import SetupPanel
from engine.experiments.changes import unanswered
from engine.experiments.experiment import Experiment
from engine.experiments.strategies import STRATEGIES
from engine.runs.records import RunRecord
from engine.runs.remarks import remarks


def amount_in_words(record: RunRecord) -> str:
    """How much of a run is done: "3 of 50 meta-iterations", or of its points or seeds."""
    strategy = STRATEGIES[record.experiment.meta.optimizer]
    return strategy.amount(len(record.meta_iterations), record.planned)


def name_of(experiment: Experiment, opened_as: str = "") -> str:
    """What a run of it is called: its title, and the file of its data if it has one.

    Args:
        experiment: that is run.
        opened_as: the run's name in the library, if it was opened from there; it stands in front.
    """
    title = experiment.title or experiment.name
    file = Path(experiment.data.file).name if experiment.data.file else ""
    named = title if file in title else f"{title} · {file}"
    return f"{opened_as} · {named}" if opened_as not in ("", experiment.name) else named


def what_to_know(
    record: RunRecord | None, setup: SetupPanel, *, is_over: bool, opened_as: str = ""
) -> str:
    """Sentences, a line each; often none.

    Args:
        record: the run whose plots are shown.
        setup: what would be run next; it tells what was decided about the data, too.
        is_over: whether the run has ended.
        opened_as: its name in the library, if it was opened from there.
    """
    if record is None:
        return ""
    experiment = record.experiment
    is_same = setup.is_ready and unanswered(setup.experiment()) == unanswered(experiment)
    if is_over and not is_same:
        name = name_of(experiment)
        if opened_as:
            return f"The plots are of the run {opened_as}: “{name}”. The set-up is another one."
        return f"The plots are of the last run, “{name}”. The set-up has changed since."
    told = setup.data.about.text()
    return "\n".join([*(note for note in record.data.notes if note not in told), *remarks(record)])
