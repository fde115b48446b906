"""What starts, holds and ends a comparison, shows it, and exports it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.comparison.methods_panel import MethodsPanel
from app.comparison.page import ComparePage
from app.comparison.progress import ComparisonProgress
from app.dress import plot_font
from app.exporting.folders import folder_for_a_run, remembered_base
from app.runner import Runner
from app.setup.setup_panel import SetupPanel
from app.theme import Theme
from engine.errors import InputError
from engine.files import write_together
from engine.runs.comparison import (
    ComparisonEvent,
    ComparisonRecord,
    ComparisonStarted,
    PointProgress,
    PointsProgress,
)
from engine.runs.events import Preparing

_AT_FIRST = "Tick methods, then press Compare."
_WAIT = "A run is going on: pause or stop it first, or both would be slower."


class ComparisonControl(QObject):
    """Compares the methods that are ticked on the experiment in the set-up.

    Args:
        setup: has the experiment.
        run: whose training would slow a comparison down.
        theme: the colours.
        explain: shows the help of a plot beside a widget.

    Attributes:
        runner: the comparison's thread.
        panel, page, progress: what is to be compared, what came of it, how far it is.

    Signals:
        failed: one sentence, and the traceback to report.
        said: one sentence for the window to show.
        turned: other things can be done now than before.
        page_requested: the page is wanted first.
    """

    failed = Signal(str, str)
    said = Signal(str)
    turned = Signal()
    page_requested = Signal()

    def __init__(
        self,
        setup: SetupPanel,
        run: Runner,
        theme: Theme,
        explain: Callable[[str, QWidget], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._setup, self._run, self._window = setup, run, parent
        self.panel = MethodsPanel()
        self.page = ComparePage(theme)
        self.progress = ComparisonProgress(theme)
        self._explain = explain
        self._record: ComparisonRecord | None = None
        self._has_begun = self._has_failed = False
        self._standing = ""
        self.runner = Runner(self)
        self.runner.happened.connect(self._take)
        self.runner.state_changed.connect(self._follow_state)
        self.runner.failed.connect(self._fail)
        run.state_changed.connect(self.follow)
        self.panel.changed.connect(self._say_where_it_stands)
        self.panel.start_requested.connect(self.start)
        self.panel.pause_requested.connect(self.pause_or_resume)
        self.panel.stop_requested.connect(self.stop)
        self.page.export_requested.connect(self.export)
        self.page.help_requested.connect(self._help)

    @property
    def record(self) -> ComparisonRecord | None:
        """The comparison so far; None before the first."""
        return self._record

    @Slot()
    def follow(self) -> None:
        """Take over what is set up, and whether a comparison can start, once somebody looks."""
        if not self.page.isVisible():
            return
        if self.runner.state == "idle":
            ready = self._setup.experiment() if self._setup.is_ready else None
            if ready is None or ready != self.panel.experiment:
                self.panel.set_experiment(ready, _first_mistake(self._setup))
        self.panel.follow(self.runner.state, _WAIT if self._would_disturb else "")
        self._say_where_it_stands()

    @property
    def _would_disturb(self) -> bool:
        """Whether a run goes on, and a comparison would slow it down, and be slowed down by it."""
        return self._run.state in ("running", "stopping")

    @Slot()
    def start_or_show(self) -> None:
        """Compare; from another page, turn to this one first."""
        if self.page.isVisible():
            self.start()
        else:
            self.page_requested.emit()

    @Slot()
    def start(self) -> None:
        """Compare."""
        self.follow()
        if self.runner.state != "idle" or self._would_disturb:
            return
        try:
            contenders = self.panel.contenders()
        except InputError:
            return  # the panel says why
        experiment, studies = self.panel.experiment, self.panel.chosen_studies()
        if experiment is None or not contenders:
            return
        self._has_begun = self._has_failed = False
        self.progress.clear()
        self.runner.compare(experiment, contenders, studies)

    @Slot()
    def pause_or_resume(self) -> None:
        """Hold the comparison, or let it go on."""
        if self.runner.state == "paused":
            if not self._would_disturb:
                self.runner.resume()
        else:
            self.runner.pause()

    @Slot()
    def stop(self) -> None:
        """End it; what is measured stands."""
        self.runner.stop()

    @Slot()
    @Slot(str)
    def export(self, key: str = "") -> None:
        """Ask where to export plots to; the table and all numbers go there as well."""
        record = self._record
        if record is None or not record.measured:
            return
        from app.exporting.export_dialog import ExportDialog

        plots = self.page.plots
        chosen = [plot.key for plot in plots if key in ("", plot.key)]
        showings = {plot.key: self.page.showing(plot.key) for plot in plots}
        name = f"{record.experiment.name}-methods"
        folder = folder_for_a_run(remembered_base(), name)
        now = None if record.is_over else lambda: self.page.plots
        dialog = ExportDialog(plots, chosen, folder, self._window, showings, now)
        dialog.exported.connect(lambda paths: self._add_numbers(record, paths))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.page.set_theme(theme)
        self.progress.set_theme(theme)

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, or not."""
        self.page.set_presentation(on)
        self.progress.set_type(plot_font(on))

    def shut_down(self) -> None:
        """End the comparison and wait for it."""
        self.runner.shut_down()

    def _add_numbers(self, record: ComparisonRecord, paths: list[str]) -> None:
        if not paths:
            return
        from engine.output.comparisons import comparison_to_json, table_to_csv

        folder = Path(paths[0]).parent
        contents = {
            "comparison.json": comparison_to_json(record).encode(),
            "comparison.csv": table_to_csv(record).encode(),
        }
        try:
            write_together(folder, contents)
        except OSError as error:
            self.failed.emit(f"{folder}: the table could not be written: {error.strerror}.", "")
            return
        many = "1 file" if len(paths) == 1 else f"{len(paths)} files"
        self.said.emit(f"Exported {many}, and the table, to {folder}.")

    @Slot(object)
    def _take(self, event: ComparisonEvent) -> None:
        self._standing = ""
        match event:
            case Preparing(what):
                self.progress.say(f"{what} …")
                return
            case ComparisonStarted():
                self._record, self._has_begun = ComparisonRecord(event), True
        record = self._record
        if record is None:
            return
        record.add(event)
        match event:
            case PointProgress():
                self.progress.follow_method(record, event)
                return
            case PointsProgress(done):
                self.progress.say(f"{done} of {len(record.points)} measured elsewhere.")
            case _:
                self.progress.follow(record)
        self.page.show_record(record)
        self.turned.emit()

    @Slot(str)
    def _follow_state(self, state: str) -> None:
        record = self._record
        if state == "idle":
            self.progress.rest()
            if record and not record.is_over:
                record.current = None
                self.page.show_record(record)
        self._say_where_it_stands()
        self.follow()
        self.turned.emit()

    @Slot()
    def _say_where_it_stands(self) -> None:
        """Unless it goes on: then its events do."""
        if self.runner.state in ("idle", "paused") and not self._has_failed:
            words = self._where_it_stands()
            if words != self._standing:  # what was said besides stays
                self.progress.say(words)
            self._standing = words

    def _where_it_stands(self) -> str:
        record, is_paused = self._record, self.runner.state == "paused"
        if record is None or not self._has_begun:
            return "Paused." if is_paused else _AT_FIRST
        so_far = f"{len(record.measured)} of {len(record.points)}"
        if is_paused:
            return f"Paused after {so_far}."
        if self._is_outdated(record):
            name = record.experiment.title or record.experiment.name
            return f"Of “{name}”, as it was: the set-up has changed since."
        if not record.is_over:
            return f"Stopped after {so_far}."
        failures = sum(bool(found.failure) for found in record.measured.values())
        failed = f" {failures} failed: the table says why." if failures else ""
        return f"Compared {len(record.contenders)} methods.{failed}"

    def _is_outdated(self, record: ComparisonRecord) -> bool:
        """Whether something else would be compared now than what stands on the page."""
        try:
            chosen = self.panel.contenders()
        except InputError:
            return False  # the panel says what is wrong
        others = [one for one in chosen if one != record.reference]
        compared = [one for one in record.contenders if one != record.reference]
        return self.panel.experiment != record.experiment or others != compared

    @Slot(str, str, object)
    def _fail(self, sentence: str, report: str, _cause: object) -> None:
        self._has_failed = True
        self.progress.say("The comparison failed.")
        self.failed.emit(sentence, report)

    @Slot(str)
    def _help(self, key: str) -> None:
        self._explain(f"comparison_{key}", self.page.card_button(key))


def _first_mistake(setup: SetupPanel) -> str:
    """What keeps a set-up from being an experiment, with the field's name; or ""."""
    for key, sentence in setup.problems.items():
        return f"{setup.field(key).title}: {sentence}" if key in setup.fields else sentence
    return ""
