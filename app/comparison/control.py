"""What starts, holds and ends a comparison, shows it, and exports it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.comparison.decisions_panel import DecisionsPanel
from app.comparison.left import ComparePanel
from app.comparison.methods_panel import MethodsPanel
from app.comparison.page import ComparePage
from app.comparison.panel import ComparisonPanel
from app.comparison.progress import ComparisonProgress
from app.comparison.strategies_panel import StrategiesPanel
from app.comparison.subject import Comparison
from app.comparison.subjects import (
    DECISIONS,
    METHODS,
    STRATEGIES,
    subject_begun_by,
    subject_named,
    subject_of,
)
from app.dress import plot_font
from app.exporting.folders import folder_for_a_run, remembered_base
from app.run_view import RunView
from app.runner import Runner
from app.setup.setup_panel import SetupPanel
from app.theme import Theme
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.files import write_together
from engine.runs.events import Preparing

_WAIT = "A run is going on: pause or stop it first, or both would be slower."


class Beside(QWidget):
    """A page that is shown in turn with comparisons."""

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, or not."""
        raise NotImplementedError

    def settle(self) -> None:
        """Share the room out now, rather than soon, so that all is painted once."""
        raise NotImplementedError


class ComparisonControl(QObject):
    """Compares what is ticked, methods or strategies, on the experiment in the set-up, or replays.

    Args:
        setup: has the experiment.
        run: whose training would slow a comparison down.
        view: shows the run, whose curves may be replayed.
        theme: the colours.
        explain: shows the help of a plot beside a widget.

    Attributes:
        runner: the comparison's thread.
        panel, strategies: which methods, or strategies, are to be compared.
        decisions: which curves are replayed, and under which rule.
        panels: these by subject, in turn on the `left`.
        page, progress: what came of it, how far it is.
        pages, lanes: these, in turn with what is put beside them.

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
        view: RunView,
        theme: Theme,
        explain: Callable[[str, QWidget], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._setup, self._run, self._view, self._window = setup, run, view, parent
        self.panel, self.strategies = MethodsPanel(), StrategiesPanel()
        self.decisions = DecisionsPanel()
        self.panels: dict[str, ComparisonPanel[Any]] = {
            METHODS.words.all: self.panel,
            STRATEGIES.words.all: self.strategies,
            DECISIONS.words.all: self.decisions,
        }
        self.left = ComparePanel(self.panels)
        self.page = ComparePage(theme)
        self.progress = ComparisonProgress(theme)
        self.pages, self.lanes = QStackedWidget(), QStackedWidget()
        self.pages.addWidget(self.page)
        self.lanes.addWidget(self.progress)
        self._explain = explain
        self._beside: Beside | None = None
        self._record: Comparison | None = None
        self._has_begun = self._has_failed = False
        self._standing = self._of = self._before = ""
        self.ask_first: Callable[[Experiment, Callable[[], object], str], object] | None = None
        self.runner = Runner(self)
        self.runner.happened.connect(self._take)
        self.runner.state_changed.connect(self._follow_state)
        self.runner.failed.connect(self._fail)
        run.state_changed.connect(self.follow)
        for panel in self.panels.values():
            panel.changed.connect(self._follow_what_is_asked)
            panel.start_requested.connect(self.start)
            panel.pause_requested.connect(self.pause_or_resume)
            panel.stop_requested.connect(self.stop)
        self.left.turned.connect(self._turn)
        self.page.export_requested.connect(self.export)
        self.page.help_requested.connect(self._help)

    @property
    def record(self) -> Comparison | None:
        """The comparison so far; None before the first."""
        return self._record

    def put_beside(
        self, title: str, what: str, panel: QWidget, page: Beside, lanes: QWidget
    ) -> None:
        """Offer something else on the page, in turn with comparisons.

        Args:
            title: on its button.
            what: what it is for.
            panel: on the left.
            page: on the right.
            lanes: below.
        """
        self.left.put_beside(title, what, panel)
        self._beside = page
        self.pages.addWidget(page)
        self.lanes.addWidget(lanes)

    @property
    def is_shown(self) -> bool:
        """Whether the page is, with comparisons, and not with what is beside them."""
        return self.page.isVisible()

    @Slot()
    def _turn(self) -> None:
        for stack in (self.pages, self.lanes):
            stack.setCurrentIndex(int(self.left.is_beside))
        self.follow()
        self.turned.emit()

    @Slot()
    def follow(self) -> None:
        """Take over what is set up, and whether a comparison can start, once somebody looks."""
        if not self.page.isVisible():
            return
        if self.runner.state == "idle":
            is_over = self._run.state == "idle" and self._view.record is not None
            self.decisions.set_run(self._view.record if is_over else None)
            ready = self._setup.experiment() if self._setup.is_ready else None
            self._turn_to_what_it_compares(ready)
            if ready is None or ready != self._panel.experiment:
                self._panel.set_experiment(ready, _first_mistake(self._setup))
        self.left.set_turnable(self.runner.state == "idle")
        self._panel.follow(self.runner.state, _WAIT if self._would_disturb else "")
        self._say_where_it_stands()

    @Slot()
    def _follow_what_is_asked(self) -> None:
        """Show at once what needs nothing new to be worked out."""
        record = self._record
        if record is not None and self.runner.state == "idle" and self._panel.adapt(record):
            self.page.show_record(record)
        self._say_where_it_stands()

    def _turn_to_what_it_compares(self, ready: Experiment | None) -> None:
        """Turn to the subject of a card that compares, once it is set up."""
        if ready is not None and ready.name != self._of:
            self._of = ready.name
            if ready.compares:
                self.left.turn_to(subject_named(ready.compares).words.all)

    @property
    def _panel(self) -> ComparisonPanel[Any]:
        """The one that is shown."""
        return self.panels[self.left.subject]

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
            self.left.turn_to(self.left.subject)
            self.page_requested.emit()

    @Slot()
    def start(self) -> None:
        """Compare."""
        self.follow()
        if self.runner.state != "idle" or self._would_disturb:
            return
        begin = self._panel.beginning(self.runner)
        if begin is None:
            return
        if self.ask_first is not None and self._setup.is_ready:
            self.ask_first(self._setup.experiment(), self._begin, "")
        else:
            self._begin()

    def _begin(self) -> None:
        begin = self._panel.beginning(self.runner)
        if begin is None:
            return
        self._has_begun = self._has_failed = False
        self._before = ""
        self.progress.clear()
        begin()

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
        if record is None or not subject_of(record).has_any(record):
            return
        from app.exporting.beside import reports
        from app.exporting.export_dialog import ExportDialog

        plots = self.page.plots
        chosen = [plot.key for plot in plots if key in ("", plot.key)]
        showings = {plot.key: self.page.showing(plot.key) for plot in plots}
        name = f"{subject_of(record).name(record)}-{subject_of(record).words.all}"
        folder = folder_for_a_run(remembered_base(), name)
        now = None if record.is_over else lambda: self.page.plots
        beside = reports(lambda: record)
        dialog = ExportDialog(plots, chosen, folder, self._window, showings, now, beside)
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
        if self._beside is not None:
            self._beside.set_presentation(on)

    def settle(self) -> None:
        """Share the room out now, rather than soon, so that all is painted once."""
        self.page.settle()
        if self._beside is not None:
            self._beside.settle()

    def shut_down(self) -> None:
        """End the comparison and wait for it."""
        self.runner.shut_down()

    def _add_numbers(self, record: Comparison, paths: list[str]) -> None:
        if not paths:
            return
        folder, contents = Path(paths[0]).parent, subject_of(record).files().numbers(record)
        try:
            write_together(folder, contents)
        except OSError as error:
            self.failed.emit(f"{folder}: the table could not be written: {error.strerror}.", "")
            return
        many = "1 file" if len(paths) == 1 else f"{len(paths)} files"
        self.said.emit(f"Exported {many}, and the table, to {folder}.")

    @Slot(object)
    def _take(self, event: Any) -> None:
        self._standing = ""
        if isinstance(event, Preparing):
            self._before = self._before or self.progress.status.text()
            self.progress.say(f"{event.what} …")
            return
        if self._before:  # what follows need not say anything itself
            self.progress.say(self._before)
            self._before = ""
        if begun := subject_begun_by(event):
            self._record, self._has_begun = begun.record(event), True
        record = self._record
        if record is None:
            return
        record.add(event)
        subject = subject_of(record)
        if isinstance(event, subject.elsewhere):
            _, total = subject.how_far(record)
            self.progress.say(f"{event.done} of {total} done elsewhere.")
        else:
            self.progress.follow(record, event)
        if not isinstance(event, subject.within):
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
            return "Paused." if is_paused else self._panel.words.at_first
        subject = subject_of(record)
        done, total = subject.how_far(record)
        if is_paused:
            return f"Paused after {done} of {total}."
        if self._is_outdated(record):
            return subject.says_when_outdated(record)
        if not record.is_over:
            return f"Stopped after {done} of {total}."
        failures = subject.failures(record)
        failed = f" {failures} failed: the table says why." if failures else ""
        return f"{subject.says_at_the_end(record)}{failed}"

    def _is_outdated(self, record: Comparison) -> bool:
        """Whether something else would be compared now than what stands on the page."""
        try:
            return self.panels[subject_of(record).words.all].differs_from(record)
        except InputError:
            return False  # the panel says what is wrong

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
