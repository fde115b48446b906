"""How much of the window drawing areas fill: what lies within axes, and pictures.

The real window, offscreen, while an experiment runs; with the set-up beside the plots, and
presenting.

    python -m bench.drawing_share [EXPERIMENT …]
"""

import argparse

from PySide6.QtCore import QSize

from app.application import make_window
from app.main_window import MainWindow
from app.plots.map_view import MapView
from app.plots.picture_view import PictureView
from app.plots.plot_card import PlotCard
from app.plots.plot_view import PlotView
from app.preferences import Preferences
from bench.event_loop import lateness
from bench.frame_rate import wait_for
from bench.screens import application_on

EXPERIMENTS = ("schedules", "moons", "toy", "weight-sharing")
SIZES = (QSize(1280, 800), QSize(1920, 1080))
LEAST = {False: 28.0, True: 45.0}


def drawing_area(card: PlotCard) -> float:
    """Pixels that a plot is drawn in."""
    match card.view:
        case PlotView() as view:
            frame = view.frame()
            return frame.width() * frame.height()
        case MapView() as view:
            frame = view.axes.frame()
            return frame.width() * frame.height()
        case PictureView() as view:
            return view.grid.width() * view.grid.height()


def share(window: MainWindow) -> float:
    """Of the window's pixels, in per cent."""
    cards = [
        card
        for card in window.findChildren(PlotCard)
        if card.plot is not None and not card.visibleRegion().isEmpty()
    ]
    return 100 * sum(map(drawing_area, cards)) / (window.width() * window.height())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", default=EXPERIMENTS)
    names = parser.parse_args().names
    application = application_on(SIZES)
    Preferences().asks_before_losing = False
    window = make_window(theme="light")
    window.show()
    lateness(1.2)  # it may fit itself to the screen
    print("Per cent of the window that drawing areas fill\n")
    print("| experiment | size | with the set-up | presenting |")
    print("| --- | --- | --- | --- |")
    for name in names:
        window.control.run_experiment(name)
        wait_for(
            lambda: (
                window.runner.state == "idle"
                or (window.record and len(window.record.meta_iterations) > 2)
            )
        )
        for screen in application.screens():
            window.setGeometry(screen.geometry())
            found = []
            for presenting in (False, True):
                window.set_presentation(presenting)
                lateness(1.5)
                found.append(share(window))
            window.set_presentation(False)
            shares = " | ".join(f"{value:.1f}" for value in found)
            print(f"| {name} | {screen.name()} | {shares} |", flush=True)
        window.actions_["stop"].trigger()
        wait_for(lambda: window.runner.state == "idle")
    print(f"\nAimed at: {LEAST[False]:g} with the set-up, {LEAST[True]:g} presenting.")
    window.close()


if __name__ == "__main__":
    main()
