"""The ways into the window: cards, recent files, what is dropped on it, and keys that ask."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.comparison.control import ComparisonControl
from app.comparison.subjects import subject_named
from app.dropping import Dropping
from app.guide.gallery import Gallery
from app.guide.gallery_index import GalleryIndex
from app.help_key import HelpKey
from app.own.control import OwnProblems
from app.run_control import RunControl
from app.setup.setup_panel import SetupPanel
from app.window_dialogs import WindowDialogs


class WaysIn(QObject):
    """Lets each of them do what it says.

    Args:
        window: on which things are dropped, and keys pressed.
        gallery, index: the cards, and what stands beside them.
        setup: takes experiments and data.
        control, comparing: run experiments; compare methods on them.
        dialogs: explain.
        show_run, show_comparison: turn to the pages.
        say: says one sentence.

    Attributes:
        own: Python files with losses of one's own.
    """

    def __init__(
        self,
        window: QWidget,
        gallery: Gallery,
        index: GalleryIndex,
        setup: SetupPanel,
        control: RunControl,
        comparing: ComparisonControl,
        dialogs: WindowDialogs,
        show_run: Callable[[], None],
        show_comparison: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._setup, self._control, self._comparing = setup, control, comparing
        self._show_run, self._show_comparison = show_run, show_comparison
        gallery.chosen.connect(self._open_card)
        gallery.run_requested.connect(self._run_card)
        gallery.tour_requested.connect(control.start_tour)
        gallery.open_requested.connect(setup.open_experiment_file)
        index.group_chosen.connect(gallery.show_group)
        self.own = OwnProblems(window, setup, lambda: control.state)
        self.own.opened.connect(show_run)
        self.own.said.connect(say)
        control.ask_first = comparing.ask_first = self.own.ask_first
        index.recent_chosen.connect(self.own.open_any)
        dropping = Dropping(window)
        dropping.experiment_dropped.connect(self.own.open_any)
        dropping.data_dropped.connect(setup.open_data)
        dropping.folder_dropped.connect(dialogs.look_for_data_sets)
        dropping.refused.connect(say)
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
