"""What lies on top of the corners of the area when a run starts."""

from dataclasses import replace

import pytest
from driving import press, tick
from plots_to_show import plot_of, shown
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.main_window import MainWindow
from app.plots.plot_area import PlotArea
from app.theme import LIGHT
from engine.experiments.files import list_experiments, override
from engine.plots import Plot
from engine.plots.help_texts import plot_texts

ALWAYS = ("losses", "learning_curves", "memory", "hypergradient")


def named(*keys: str) -> list[Plot]:
    return [replace(plot_of(), key=key) for key in keys]


@pytest.fixture
def area(qtbot: QtBot) -> PlotArea:
    make_application()
    made = PlotArea(LIGHT)
    shown(qtbot, made, 930, 660)
    return made


def on_top(area: PlotArea) -> set[str]:
    QApplication.processEvents()
    return {key for key in area.docks if area.is_seen([key])}


@pytest.mark.parametrize(
    ("keys", "together"),
    [
        (
            ("sweep_loss", "sweep_hypergradient", "lyapunov_exponent", *ALWAYS[1:3]),
            {"sweep_loss", "sweep_hypergradient", "lyapunov_exponent"},
        ),
        (("learning_rates", "learned_pictures", *ALWAYS), {"learned_pictures", "losses"}),
        (("learning_rates", "sharing", *ALWAYS), {"sharing", "losses"}),
        (
            ("learning_rates", "loss_surface", "naive_reversal", *ALWAYS),
            {"loss_surface", "naive_reversal"},
        ),
        (("mean_hypergradient", "mean_hypergradient_decays", *ALWAYS), {"mean_hypergradient"}),
    ],
)
def test_what_belongs_together_is_seen_at_once(
    area: PlotArea, keys: tuple[str, ...], together: set[str]
) -> None:
    area.show_plots(named(*keys))
    assert together <= on_top(area)


def test_what_is_free_stands_in_front_of_what_is_not(window: MainWindow, qtbot: QtBot) -> None:
    tick(qtbot, window, "hyperparameters.learning_rates.free", False)
    tick(qtbot, window, "hyperparameters.decays.free", True)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=60_000)
    docks = window.plot_area.docks
    qtbot.waitUntil(lambda: not docks["decays"].visibleRegion().isEmpty())
    assert docks["learning_rates"].visibleRegion().isEmpty()


def test_highlights_lie_on_top_of_what_would_else(area: PlotArea) -> None:
    keys = ("learning_rates", "initial_scales", *ALWAYS)
    area.show_plots(named(*keys))
    assert "learning_rates" in on_top(area)
    area.set_highlights(["initial_scales", "hypergradient"])
    assert {"initial_scales", "hypergradient"} <= on_top(area)
    area.show_plots(named(*keys[1:]))
    area.show_plots(named(*keys))
    assert {"initial_scales", "hypergradient"} <= on_top(area)


def test_of_two_highlights_in_a_corner_the_first_lies_on_top(area: PlotArea) -> None:
    area.set_highlights(["decays", "learning_rates"])
    area.show_plots(named("learning_rates", "decays", *ALWAYS))
    assert "decays" in on_top(area)


def test_a_plot_that_appears_takes_only_its_own_corner(area: PlotArea) -> None:
    keys = ("learning_rates", "decays", *ALWAYS)
    area.show_plots(named(*keys))
    area.docks["decays"].raise_()
    area.show_plots(named(*keys, "comparison"))
    assert {"decays", "comparison"} <= on_top(area)


def test_a_tab_that_was_chosen_is_forgotten_for_good_where_no_plots_are_shown(
    area: PlotArea,
) -> None:
    area.show_plots(named(*ALWAYS))
    area.docks["hypergradient"].raise_()
    assert "hypergradient" in on_top(area)
    area.clear()
    area.arrange()
    area.keep_choices()  # as the next run does when it is started
    area.show_plots(named(*ALWAYS))
    assert "losses" in on_top(area)


def test_a_tab_that_was_chosen_stays_in_front_until_another_experiment_is_shown(
    area: PlotArea,
) -> None:
    keys = ("learning_rates", "decays", *ALWAYS)
    area.show_plots(named(*keys))
    assert {"learning_rates", "losses"} <= on_top(area)
    area.docks["decays"].raise_()
    on_top(area)
    for _ in range(2):
        area.clear()
        area.show_plots(named("losses"))
        area.show_plots(named(*keys))
        assert {"decays", "losses"} <= on_top(area)
    area.clear()
    area.show_plots(named("learning_rates", *ALWAYS))
    assert "learning_rates" in on_top(area), "the chosen one is not there"
    area.clear()
    area.forget_choices()
    area.show_plots(named(*keys))
    assert "learning_rates" in on_top(area)


def test_the_same_experiment_keeps_the_tab_that_was_chosen_and_another_does_not(
    window: MainWindow, qtbot: QtBot
) -> None:
    docks = window.plot_area.docks
    for name, expected in ((None, "losses"), (None, "hypergradient"), ("moons", "losses")):
        if name:
            window.setup.set_experiment(
                override(list_experiments()[name], {"meta.iterations": "2"})
            )
        press(qtbot, window, "run")
        qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=60_000)
        qtbot.waitUntil(lambda key=expected: docks[key].is_seen)
        docks["hypergradient"].raise_()
        qtbot.waitUntil(lambda: docks["hypergradient"].is_seen)


def test_every_plot_has_a_help_text(area: PlotArea) -> None:
    assert area.docks.keys() <= plot_texts().keys()
