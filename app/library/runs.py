"""Recorded runs in the window: on the page Compare, in the gallery, and shown in Explore."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.comparison.control import ComparisonControl
from app.comparison.subjects import subject_of
from app.exporting.folders import folder_for_a_run, remembered_base
from app.guide.gallery import Gallery
from app.guide.gallery_index import GalleryIndex
from app.library.control import RunsControl
from app.library.overlay_page import OverlayPage
from app.library.recent_runs import RecentRuns
from app.library.runs_panel import RunsPanel
from app.library.shelf import Shelf
from app.message_bar import MessageBar
from app.run_control import RunControl
from app.runner import Runner
from app.setup.setup_panel import SetupPanel
from app.theme import Theme

_FOLDER = "runs"
_WHAT = "Every run that was recorded: open it, or lay several over each other"


class Runs(QObject):
    """Makes what shows recorded runs, and puts it where it belongs.

    Args:
        shelf: the library.
        runner, control: of the run that goes on.
        setup: takes an experiment that is set up again.
        comparing: whose page it is.
        gallery, index: offer the latest runs.
        bar: tells of what was deleted.
        theme: the colours.
        window: on which dialogs open.

    Attributes:
        panel: on the left of the page Compare.
        page: on its right: ticked runs, laid over each other.
        recent: in the gallery.
        control: opens them, sets them up again, and deletes them.

    Signals:
        turned: other things can be done now than before.
        explanation_requested: of a plot, by its key, beside a widget.
    """

    turned = Signal()
    explanation_requested = Signal(str, object)

    def __init__(
        self,
        shelf: Shelf,
        runner: Runner,
        control: RunControl,
        setup: SetupPanel,
        comparing: ComparisonControl,
        gallery: Gallery,
        index: GalleryIndex,
        bar: MessageBar,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._window, self._comparing = window, comparing
        self.panel = RunsPanel(shelf)
        self.page = OverlayPage(self.panel.table, shelf, theme)
        comparing.put_beside("Runs", _WHAT, self.panel, self.page, self.page.lanes)
        self.recent = RecentRuns(gallery, index, shelf, theme, self)
        self.control = RunsControl(self.panel, shelf, runner, control, setup, bar, self)
        self.recent.chosen.connect(self.control.open)
        self.page.export_requested.connect(self.export)
        self.page.help_requested.connect(self._explain)
        self.page.drawn.connect(self.turned)
        comparing.turned.connect(self._follow_comparison)
        self.panel.compared.clicked.connect(self._show_comparison)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.panel.set_theme(theme)
        self.page.set_theme(theme)
        self.recent.set_theme(theme)

    @Slot()
    def find(self) -> None:
        """Bring the keyboard to the line that finds runs."""
        self._comparing.left.turn_beside()
        self.panel.start_search()

    @Slot()
    def _follow_comparison(self) -> None:
        record = self._comparing.record
        if record is not None:
            subject = subject_of(record)
            on = f", on {subject.title(record)}" if subject.title(record) else ""
            self.panel.set_compared(f"{subject.count(record)} {subject.words.all}{on}")

    @Slot()
    def _show_comparison(self) -> None:
        record = self._comparing.record
        if record is not None:
            self._comparing.left.turn_to(subject_of(record).words.all)

    @property
    def are_shown(self) -> bool:
        """Whether runs are laid over each other on the page that is seen."""
        return self.page.isVisible()

    @Slot()
    @Slot(str)
    def export(self, key: str = "") -> None:
        """Ask where to export the plots of ticked runs to, as they are shown."""
        plots = self.page.plots
        if not plots:
            return
        from app.exporting.export_dialog import ExportDialog

        chosen = [plot.key for plot in plots if key in ("", plot.key)]
        showings = {plot.key: self.page.showing(plot.key) for plot in plots}
        folder = folder_for_a_run(remembered_base(), _FOLDER)
        dialog = ExportDialog(plots, chosen, folder, self._window, showings, None)
        dialog.exported.connect(self._say_exported)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def _say_exported(self, paths: list[str]) -> None:
        if paths:
            many = "1 file" if len(paths) == 1 else f"{len(paths)} files"
            self.page.lanes.say(f"Exported {many}.")

    @Slot(str)
    def _explain(self, key: str) -> None:
        self.explanation_requested.emit(key, self.page.card_button(key))

    def shut_down(self) -> None:
        """Ask the library nothing more."""
        self.recent.look_away()
