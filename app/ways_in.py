"""The ways into the window: cards, recent files, what is dropped on it, and keys that ask."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.comparison.subjects import subject_named
from app.dropping import Dropping
from app.help_key import HelpKey

if TYPE_CHECKING:
    from app.main_window import MainWindow


class WaysIn(QObject):
    """Lets each of them do what it says.

    Args:
        window: on which things are dropped, and keys pressed.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._setup, self._control, self._comparing = (
            window.setup,
            window.control,
            window.comparing,
        )
        self._show_run, self._show_comparison = window.show_run, window.show_comparison
        gallery, dialogs = window.gallery, window.dialogs
        gallery.chosen.connect(self._open_card)
        gallery.run_requested.connect(self._run_card)
        gallery.tour_requested.connect(self._control.start_tour)
        gallery.open_requested.connect(self._setup.open_experiment_file)
        window.index.group_chosen.connect(gallery.show_group)
        window.index.recent_chosen.connect(self._setup.open_experiment)
        dropping = Dropping(window)
        dropping.experiment_dropped.connect(self._setup.open_experiment)
        dropping.data_dropped.connect(self._setup.open_data)
        dropping.folder_dropped.connect(dialogs.look_for_data_sets)
        dropping.refused.connect(window.progress.say)
        keys = HelpKey(window)
        keys.field_meant.connect(dialogs.explain_field)
        keys.all_meant.connect(dialogs.open_guide)

    @Slot(str)
    def _open_card(self, name: str) -> None:
        self._control.choose_experiment(name)
        compares = bool(self._setup.shipped[name].compares)
        if compares:
            subject = subject_named(self._setup.shipped[name].compares)
            self._comparing.left.turn_to(subject.words.all)
        (self._show_comparison if compares else self._show_run)()

    @Slot(str)
    def _run_card(self, name: str) -> None:
        if not self._setup.shipped[name].compares:
            self._control.run_experiment(name)
            return
        self._open_card(name)
        if self._setup.experiment_box.value() == name:
            self._comparing.start()
