"""What is new in a catalogue of the engine is in the panel, which knows nothing of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from driving import choose_field, click, tick, type_into
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from setup_hall import Hall, Halls

from app.setup.fields import ChoiceField
from engine.dynamics.catalogue import DYNAMICS
from engine.dynamics.momentum_sgd import MomentumSGD
from engine.experiments.strategies import STRATEGIES
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.stored_trajectory import StoredTrajectory
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.learning_rates import LEARNING_RATES
from engine.hyperparameters.settings import Setting
from engine.plots.help_texts import help_text

NOISE = replace(
    LEARNING_RATES,
    name="noise_levels",
    singular="noise level",
    plural="noise levels",
    symbol="ν",
    unit="ν",
    tip="Initial noise level ν.",
    domains=("log", "identity"),
    low=0.0,
    high=5.0,
    usual=Setting(initial=0.25),
    constraints=("simplex",),
)


class Langevin(MomentumSGD):
    """A dynamics with noise in place of momentum, which cannot be undone."""

    name = "langevin"
    title = "Langevin dynamics"
    schedules = ("learning_rates", "noise_levels")
    is_reversible = False


@dataclass(frozen=True)
class OnlySchedules(StoredTrajectory):
    name = "only-schedules"
    title = "Only schedules"
    gives = frozenset({"schedule"})


@pytest.fixture(scope="module")
def _halls(qapp: QApplication) -> Iterator[Halls]:
    """Halls that open when the catalogues have new entries."""
    careful = replace(STRATEGIES["sgd"], name="careful", title="Careful SGD")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, "noise_levels", NOISE)
        patch.setitem(DYNAMICS, "langevin", Langevin())
        patch.setitem(METHODS, "only-schedules", OnlySchedules)
        patch.setitem(STRATEGIES, "careful", careful)
        several = Halls()
        yield several
        several.close()


def offered(hall: Hall, key: str) -> list[str]:
    field = hall.setup.field(key)
    assert isinstance(field, ChoiceField)
    return [field.box.itemText(place) for place in range(field.box.count())]


def shown(hall: Hall, kind: str) -> set[str]:
    """Which fields of a kind have a row."""
    prefix = f"hyperparameters.{kind}."
    return {
        key.removeprefix(prefix)
        for key, field in hall.setup.fields.items()
        if key.startswith(prefix) and field.isVisible()
    }


def test_a_new_kind_has_its_rows_while_the_dynamics_owns_it(qtbot: QtBot, hall: Hall) -> None:
    click(qtbot, hall.setup.form.sections["hyperparameters"].button)
    assert shown(hall, "noise_levels") == set()
    assert "free" in shown(hall, "decays")
    choose_field(qtbot, hall, "training.dynamics", "langevin")
    assert shown(hall, "noise_levels") == {"free", "initial"}
    choose_field(qtbot, hall, "method", "stored-trajectory")
    tick(qtbot, hall, "hyperparameters.noise_levels.free", True)
    assert shown(hall, "noise_levels") >= {"free", "initial", "domain", "constraint"}
    tick(qtbot, hall, "hyperparameters.noise_levels.free", False)
    assert shown(hall, "decays") == set()


def test_a_new_kind_is_set_freed_and_constrained(qtbot: QtBot, hall: Hall) -> None:
    click(qtbot, hall.setup.form.sections["hyperparameters"].button)
    choose_field(qtbot, hall, "training.dynamics", "langevin")
    choose_field(qtbot, hall, "method", "stored-trajectory")
    type_into(qtbot, hall, "hyperparameters.noise_levels.initial", "0.5")
    tick(qtbot, hall, "hyperparameters.noise_levels.free", True)
    choose_field(qtbot, hall, "hyperparameters.noise_levels.granularity", "iteration")
    choose_field(qtbot, hall, "hyperparameters.noise_levels.domain", "identity")
    choose_field(qtbot, hall, "hyperparameters.noise_levels.constraint", "simplex")
    type_into(qtbot, hall, "hyperparameters.noise_levels.bound", "3")
    experiment = hall.setup.experiment()
    assert experiment.training.dynamics == "langevin"
    assert experiment.hyperparameters["noise_levels"] == Setting(
        initial=0.5,
        free=True,
        granularity="iteration",
        domain="identity",
        constraint="simplex",
        bound=3.0,
    )


def test_a_new_kind_says_what_it_is_and_what_it_may_be(qtbot: QtBot, hall: Hall) -> None:
    choose_field(qtbot, hall, "training.dynamics", "langevin")
    tip = hall.setup.field("hyperparameters.noise_levels.initial").toolTip()
    assert tip.startswith("Initial noise level ν. Range: 0 to 5, more than 0 to be free")
    assert help_text("hyperparameters.noise_levels.free").title == "Noise levels: free"
    type_into(qtbot, hall, "hyperparameters.noise_levels.initial", "7")
    complaint = hall.setup.field("hyperparameters.noise_levels.initial").complaint
    assert complaint.text() == "Expected 0 to 5, found “7”."


def test_a_method_that_cannot_undo_the_dynamics_says_so_below_it(qtbot: QtBot, hall: Hall) -> None:
    complaint = hall.setup.field("method").complaint
    choose_field(qtbot, hall, "training.dynamics", "langevin")
    assert "because Langevin dynamics cannot be undone" in complaint.text()
    assert complaint.isVisible()
    assert not hall.setup.is_ready
    choose_field(qtbot, hall, "method", "stored-trajectory")
    assert not complaint.isVisible()


def test_a_method_that_does_not_give_what_is_free_says_so_below_it(
    qtbot: QtBot, hall: Hall
) -> None:
    choose_field(qtbot, hall, "method", "only-schedules")
    assert "because the initial scales are free" in hall.setup.field("method").complaint.text()
    tick(qtbot, hall, "hyperparameters.initial_scales.free", False)
    assert not hall.setup.field("method").complaint.isVisible()


def test_the_buffer_counts_only_where_training_is_undone(qtbot: QtBot, hall: Hall) -> None:
    buffer = hall.setup.field("training.buffer_megabytes")
    assert buffer.line.isEnabled()
    choose_field(qtbot, hall, "method", "stored-trajectory")
    assert not buffer.line.isEnabled()


def test_a_new_strategy_can_be_chosen_and_has_its_constants(qtbot: QtBot, hall: Hall) -> None:
    click(qtbot, hall.setup.form.sections["meta"].button)
    assert "Careful SGD" in offered(hall, "meta.optimizer")
    choose_field(qtbot, hall, "meta.optimizer", "careful")
    assert hall.setup.field("meta.momentum").isVisible()
    assert not hall.setup.field("meta.beta1").isVisible()
    assert hall.setup.experiment().meta.optimizer == "careful"


@pytest.mark.parametrize("key", ["training.dynamics", "meta.optimizer", "method"])
def test_choices_are_called_by_their_titles(hall: Hall, key: str) -> None:
    catalogue = {"training.dynamics": DYNAMICS, "meta.optimizer": STRATEGIES, "method": METHODS}
    titles = [
        f"{one.title} (not installed)" if getattr(one, "missing", "") else one.title
        for one in catalogue[key].values()
    ]
    assert offered(hall, key) == titles
