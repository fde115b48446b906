"""What starts, holds and ends a comparison, shows it, and exports it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.comparison.left import ComparePanel
from app.comparison.methods_panel import MethodsPanel
from app.comparison.page import ComparePage
from app.comparison.progress import ComparisonProgress
from app.comparison.strategies_panel import StrategiesPanel
from app.comparison.subjects import AnyComparison, has_any, how_far, numbers_of
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
from engine.runs.strategies_compared import (
    SearchesProgress,
    StrategiesEvent,
    StrategiesRecord,
    StrategiesStarted,
)

_AT_FIRST = "Tick methods, then press Compare."
_WAIT = "A run is going on: pause or stop it first, or both would be slower."


class ComparisonControl(QObject):
    """Compares the methods, or the strategies, that are ticked on the experiment in the set-up.

    Args:
        setup: has the experiment.
        run: whose training would slow a comparison down.
        theme: the colours.
        explain: shows the help of a plot beside a widget.

    Attributes:
        runner: the comparison's thread.
        panel, strategies: which methods, or strategies, are to be compared; in turn on the `left`.
        page, progress: what came of it, how far it is.

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
        self.panel, self.strategies = MethodsPanel(), StrategiesPanel()
        self.left = ComparePanel(self.panel, self.strategies)
        self.page = ComparePage(theme)
        self.progress = ComparisonProgress(theme)
        self._explain = explain
        self._record: AnyComparison | None = None
        self._has_begun = self._has_failed = False
        self._standing = ""
        self.runner = Runner(self)
        self.runner.happened.connect(self._take)
        self.runner.state_changed.connect(self._follow_state)
        self.runner.failed.connect(self._fail)
        run.state_changed.connect(self.follow)
        for panel in (self.panel, self.strategies):
            panel.changed.connect(self._say_where_it_stands)
            panel.start_requested.connect(self.start)
            panel.pause_requested.connect(self.pause_or_resume)
            panel.stop_requested.connect(self.stop)
        self.left.turned.connect(self.follow)
        self.page.export_requested.connect(self.export)
        self.page.help_requested.connect(self._help)

    @property
    def record(self) -> AnyComparison | None:
        """The comparison so far; None before the first."""
        return self._record

    @Slot()
    def follow(self) -> None:
        """Take over what is set up, and whether a comparison can start, once somebody looks."""
        if not self.page.isVisible():
            return
        if self.runner.state == "idle":
            ready = self._setup.experiment() if self._setup.is_ready else None
            if ready is None or ready != self._panel.experiment:
                self._panel.set_experiment(ready, _first_mistake(self._setup))
        self.left.set_turnable(self.runner.state == "idle")
        self._panel.follow(self.runner.state, _WAIT if self._would_disturb else "")
        self._say_where_it_stands()

    @property
    def _panel(self) -> MethodsPanel | StrategiesPanel:
        """The one that is shown."""
        return self.strategies if self.left.compares_strategies else self.panel

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
        begin = self._of_strategies() if self.left.compares_strategies else self._of_methods()
        if begin is None:
            return
        self._has_begun = self._has_failed = False
        self.progress.clear()
        begin()

    def _of_methods(self) -> Callable[[], None] | None:
        """What begins a comparison of methods; None if the panel says what is wrong."""
        try:
            contenders = self.panel.contenders()
        except InputError:
            return None
        experiment, studies = self.panel.experiment, self.panel.chosen_studies()
        if experiment is None or not contenders:
            return None
        return partial(self.runner.compare, experiment, contenders, studies)

    def _of_strategies(self) -> Callable[[], None] | None:
        """What begins a comparison of strategies; None if the panel says what is wrong."""
        try:
            rivals, limits = self.strategies.rivals(), self.strategies.limits()
        except InputError:
            return None
        experiment = self.strategies.experiment
        if experiment is None or not rivals or not experiment.free:
            return None
        return partial(self.runner.compare_strategies, experiment, rivals, limits)

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
        if record is None or not has_any(record):
            return
        from app.exporting.export_dialog import ExportDialog

        plots = self.page.plots
        chosen = [plot.key for plot in plots if key in ("", plot.key)]
        showings = {plot.key: self.page.showing(plot.key) for plot in plots}
        what = "strategies" if isinstance(record, StrategiesRecord) else "methods"
        name = f"{record.experiment.name}-{what}"
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

    def _add_numbers(self, record: AnyComparison, paths: list[str]) -> None:
        if not paths:
            return
        folder, contents = Path(paths[0]).parent, numbers_of(record)
        try:
            write_together(folder, contents)
        except OSError as error:
            self.failed.emit(f"{folder}: the table could not be written: {error.strerror}.", "")
            return
        many = "1 file" if len(paths) == 1 else f"{len(paths)} files"
        self.said.emit(f"Exported {many}, and the table, to {folder}.")

    @Slot(object)
    def _take(self, event: ComparisonEvent | StrategiesEvent) -> None:
        self._standing = ""
        match event:
            case Preparing(what):
                self.progress.say(f"{what} …")
                return
            case ComparisonStarted():
                self._record, self._has_begun = ComparisonRecord(event), True
            case StrategiesStarted():
                self._record, self._has_begun = StrategiesRecord(event), True
        record = self._record
        if record is None:
            return
        record.add(event)  # type: ignore[arg-type]  # each record gets events of its own comparison
        match event:
            case PointProgress() if isinstance(record, ComparisonRecord):
                self.progress.follow_method(record, event)
                return
            case PointsProgress(done) | SearchesProgress(done):
                _, total = how_far(record)
                self.progress.say(f"{done} of {total} done elsewhere.")
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
        done, total = how_far(record)
        if is_paused:
            return f"Paused after {done} of {total}."
        if self._is_outdated(record):
            name = record.experiment.title or record.experiment.name
            return f"Of “{name}”, as it was: the set-up has changed since."
        if not record.is_over:
            return f"Stopped after {done} of {total}."
        if isinstance(record, StrategiesRecord):
            failures = sum(not record.of(rival) for rival in record.rivals)
            count = f"{len(record.rivals)} strategies"
        else:
            failures = sum(bool(found.failure) for found in record.measured.values())
            count = f"{len(record.contenders)} methods"
        failed = f" {failures} failed: the table says why." if failures else ""
        return f"Compared {count}.{failed}"

    def _is_outdated(self, record: AnyComparison) -> bool:
        """Whether something else would be compared now than what stands on the page."""
        try:
            if isinstance(record, StrategiesRecord):
                rivals = tuple(self.strategies.rivals())
                known = self.strategies.experiment or record.experiment
                return (known, rivals) != (record.experiment, record.rivals)
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
