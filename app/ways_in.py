"""The ways into the window: cards, recent files, what is dropped on it, and keys that ask."""

from typing import TYPE_CHECKING

from app.dropping import Dropping
from app.help_key import HelpKey

if TYPE_CHECKING:
    from app.main_window import MainWindow


def connect_ways_in(window: "MainWindow") -> None:
    """Let each of them do what it says.

    Args:
        window: whose parts are made.
    """

    def open_card(name: str) -> None:
        window.control.choose_experiment(name)
        compares = bool(window.setup.shipped[name].compares)
        (window.show_comparison if compares else window.show_run)()

    def run_card(name: str) -> None:
        if not window.setup.shipped[name].compares:
            window.control.run_experiment(name)
            return
        open_card(name)
        if window.setup.experiment_box.value() == name:
            window.comparing.start()

    window.gallery.chosen.connect(open_card)
    window.gallery.run_requested.connect(run_card)
    window.gallery.tour_requested.connect(window.control.start_tour)
    window.gallery.open_requested.connect(window.setup.open_experiment_file)
    window.index.group_chosen.connect(window.gallery.show_group)
    window.index.recent_chosen.connect(window.setup.open_experiment)
    dropping = Dropping(window)
    dropping.experiment_dropped.connect(window.setup.open_experiment)
    dropping.data_dropped.connect(window.setup.open_data)
    dropping.folder_dropped.connect(window.dialogs.look_for_data_sets)
    dropping.refused.connect(window.progress.say)
    keys = HelpKey(window)
    keys.plot_meant.connect(window.dialogs.explain_plot)
    keys.field_meant.connect(window.dialogs.explain_field)
    keys.all_meant.connect(window.dialogs.open_guide)
