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
        window.show_run()

    window.gallery.chosen.connect(open_card)
    window.gallery.run_requested.connect(window.control.run_experiment)
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
