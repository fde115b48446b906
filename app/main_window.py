"""The window: set-up on the left, four plots on the right, the run's switches above."""

import time
from collections.abc import Callable
from typing import get_args

from PySide6.QtCore import QSettings, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import theme as themes
from app.export_dialog import ExportDialog
from app.plot_pane import PlotPane
from app.progress_strip import ProgressStrip
from app.runner import Runner
from app.setup_panel import SetupPanel
from app.theme import Choice
from engine.events import Event, RunFinished, RunStarted
from engine.experiments import Experiment
from engine.plots import plots
from engine.records import RunRecord

_PANES = ("learning_rates", "losses", "learning_curves", "memory")
_FRAME_MILLISECONDS = 33


class MainWindow(QMainWindow):
    """Retrograde's window.

    Args:
        experiments: what the set-up panel offers, by name.
        theme: "system", "light" or "dark".
    """

    def __init__(self, experiments: dict[str, Experiment], theme: Choice = "system") -> None:
        super().__init__()
        self.setWindowTitle("Retrograde")
        self.record: RunRecord | None = None
        self.runner = Runner(self)
        self.setup = SetupPanel(experiments)
        self._theme_choice: Choice = theme
        self._theme = themes.resolve(theme)
        self.panes = [PlotPane(key, self._theme) for key in _PANES]
        self.progress = ProgressStrip()
        self.banner = _Banner()
        self.hint = _Welcome()
        self._dirty = False
        self._redraw_timer = QTimer(self, interval=_FRAME_MILLISECONDS)
        self._redraw_timer.timeout.connect(self._redraw)

        self.run_action = self._action("Run", "run", "F5", self.run)
        self.pause_action = self._action("Pause", "pause", "F6", self.pause_or_resume)
        self.step_action = self._action("Step", "step", "F10", self.step)
        self.stop_action = self._action("Stop", "stop", "Shift+F5", self.stop)
        self.reset_action = self._action("Reset", "reset", "Ctrl+Backspace", self.reset)
        self.export_action = self._action("Export…", "export", "Ctrl+E", self.export_all)
        self.open_action = self._action("Open file…", "open", "Ctrl+O", self.setup.data.choose_file)
        for action, what in (
            (self.run_action, "Start the meta-optimization"),
            (self.pause_action, "Hold the run, or let it go on"),
            (self.step_action, "Go on for one meta-iteration, then pause"),
            (self.stop_action, "End the run and keep what it has shown"),
            (self.reset_action, "Clear the run, ready to start again"),
            (self.export_action, "Export figures as SVG, PDF, PNG or CSV"),
            (self.open_action, "Use a CSV, NPZ or IDX file as the data set"),
        ):
            action.setToolTip(f"{what} ({action.shortcut().toString()})")
            action.setStatusTip(what)
        self._build()
        self.runner.happened.connect(self._take)
        self.runner.state_changed.connect(self._follow_state)
        self.runner.failed.connect(self._show_failure)
        self.setup.edited.connect(self._follow_setup)
        _application().aboutToQuit.connect(self.shut_down)
        self.set_theme(theme)
        self._update_actions()

    @Slot()
    def run(self) -> None:
        """Start the experiment in the set-up panel."""
        self._start(one_step=False)

    @Slot()
    def step(self) -> None:
        """Go on for one meta-iteration, starting the run if there is none."""
        if self.runner.state == "paused":
            self.runner.resume(one_step=True)
        elif self.runner.state == "idle":
            self._start(one_step=True)

    @Slot()
    def pause_or_resume(self) -> None:
        """Hold the run, or let it go on."""
        if self.runner.state == "paused":
            self.runner.resume()
        else:
            self.runner.pause()

    @Slot()
    def stop(self) -> None:
        """End the run; what it has shown stands."""
        self.runner.stop()

    @Slot()
    def reset(self) -> None:
        """Clear the run."""
        self.runner.shut_down()
        self.record = None
        self._dirty = False
        self.banner.hide()
        self.progress.reset()
        self._show_plots_or_hint()
        self._update_actions()

    @Slot()
    def export_all(self) -> None:
        """Ask where to export the run's plots to, all of them ticked."""
        self._open_export(None)

    @Slot(str)
    def export_one(self, key: str) -> None:
        """Ask where to export one plot to."""
        self._open_export(key)

    def set_theme(self, choice: Choice) -> None:
        """Dress the window and its plots."""
        self._theme_choice = choice
        self._theme = themes.resolve(choice)
        themes.apply_to_application(_application(), self._theme)
        for pane in self.panes:
            pane.set_theme(self._theme)
        for action, name in self._icons.items():
            action.setIcon(themes.icon(name, self._theme))
        self._update_actions()
        QSettings().setValue("theme", choice)

    @Slot()
    def shut_down(self) -> None:
        """End whatever runs in the background and wait for it."""
        self._redraw_timer.stop()
        self.runner.shut_down()
        self.setup.shut_down()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the run before the window goes."""
        self.shut_down()
        super().closeEvent(event)

    def _start(self, *, one_step: bool) -> None:
        if not self.setup.is_ready:
            return
        self.reset()
        self.runner.start(self.setup.experiment(), one_step=one_step)

    def _open_export(self, key: str | None) -> None:
        if self.record is None:
            return
        available = plots(self.record)
        chosen = [plot.key for plot in available if key in (None, plot.key)]
        dialog = ExportDialog(available, chosen, self)
        dialog.exported.connect(self._say_exported)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def _say_exported(self, paths: list[str]) -> None:
        self.progress.say(f"Exported {len(paths)} files.")

    @Slot(object)
    def _take(self, event: Event) -> None:
        """Take note of an event; drawing waits for the next frame."""
        if isinstance(event, RunStarted):
            self.record = RunRecord(event)
            self._show_plots_or_hint()
            self._update_actions()
        elif self.record:
            self.record.add(event)
        self.progress.add(event)
        self._dirty = self.record is not None
        if isinstance(event, RunFinished) and event.outcome == "diverged":
            self.banner.show_message(event.message)

    @Slot()
    def _redraw(self) -> None:
        if not self._dirty or self.record is None:
            return
        self._dirty = False
        began = time.perf_counter()
        current = plots(self.record)
        for pane in self.panes:
            pane.show_plots(current)
        spent = round(1000 * (time.perf_counter() - began))
        self._redraw_timer.setInterval(max(_FRAME_MILLISECONDS, 4 * spent))  # long runs: fewer

    @Slot(str)
    def _follow_state(self, state: str) -> None:
        if state in ("running", "stopping"):
            self._redraw_timer.start()
        else:
            self._redraw_timer.stop()
            self._redraw()
        if state == "idle" and self.record and not self.record.finished:
            done = len(self.record.meta_iterations)
            self.progress.say(f"Stopped after {done} meta-iterations.")
        if state == "paused" and self.record:
            done, total = len(self.record.meta_iterations), self.record.experiment.meta.iterations
            self.progress.say(f"Paused; {done} of {total} meta-iterations done.")
        self._update_actions()

    @Slot()
    def _follow_setup(self) -> None:
        ready = self.setup.is_ready
        self.progress.say("Ready. Press Run." if ready else "Mend what is marked, then run.")
        self._update_actions()

    @Slot(str, str)
    def _show_failure(self, sentence: str, report: str) -> None:
        self.banner.show_message(sentence, report)
        self.setup.show_problem(sentence)
        self.progress.say("The run failed.")

    @Slot()
    def _update_actions(self) -> None:
        state = self.runner.state
        busy = state != "idle"
        paused = state == "paused"
        self.run_action.setEnabled(not busy and self.setup.is_ready)
        self.step_action.setEnabled(paused or (not busy and self.setup.is_ready))
        self.pause_action.setEnabled(state in ("running", "paused"))
        self.pause_action.setText("Resume" if paused else "Pause")
        self.pause_action.setIcon(themes.icon("run" if paused else "pause", self._theme))
        self.stop_action.setEnabled(state in ("running", "paused"))
        self.reset_action.setEnabled(busy or self.record is not None)
        self.export_action.setEnabled(self.record is not None)
        for pane in self.panes:
            pane.export.setEnabled(self.record is not None)
        self.setup.set_editable(not busy)
        self.open_action.setEnabled(not busy)

    def _show_plots_or_hint(self) -> None:
        has_run = self.record is not None
        self._plots.setVisible(has_run)
        self.hint.setVisible(not has_run)
        if self.record:
            self._dirty = True
            self._redraw()

    def _action(self, text: str, icon: str, keys: str, does: Callable[[], None]) -> QAction:
        if not hasattr(self, "_icons"):
            self._icons: dict[QAction, str] = {}
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(does)
        self._icons[action] = icon
        return action

    def _build(self) -> None:
        toolbar = QToolBar("Run")
        toolbar.setMovable(False)
        toolbar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        run_actions = (
            self.run_action,
            self.pause_action,
            self.step_action,
            self.stop_action,
            self.reset_action,
        )
        toolbar.addActions(run_actions)
        toolbar.addSeparator()
        toolbar.addAction(self.export_action)
        self.addToolBar(toolbar)
        for action in (*run_actions, self.export_action):
            button = toolbar.widgetForAction(action)
            if isinstance(button, QToolButton):
                button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

        file_menu = self.menuBar().addMenu("&File")
        file_menu.addActions([self.open_action, self.export_action])
        file_menu.addSeparator()
        close = file_menu.addAction("&Quit", QKeySequence(QKeySequence.StandardKey.Quit))
        close.triggered.connect(self.close)
        self.menuBar().addMenu("&Run").addActions(run_actions)
        theme_menu = self.menuBar().addMenu("&View").addMenu("&Theme")
        group = QActionGroup(self)
        for choice in get_args(Choice):
            action = theme_menu.addAction(choice.capitalize())
            action.setCheckable(True)
            action.setChecked(choice == self._theme_choice)
            action.setData(choice)
            group.addAction(action)
        group.triggered.connect(self._choose_theme)

        self._plots = QWidget()
        grid = QGridLayout(self._plots)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(10)
        for index, pane in enumerate(self.panes):
            grid.addWidget(pane, index // 2, index % 2)
            grid.setColumnStretch(index % 2, 1)
            grid.setRowStretch(index // 2, 1)
            pane.export_requested.connect(self.export_one)
        right = QVBoxLayout()
        right.setContentsMargins(4, 8, 12, 0)
        right.addWidget(self.banner)
        right.addWidget(self.hint, 1)
        right.addWidget(self._plots, 1)
        self._plots.hide()
        self.banner.hide()
        body = QHBoxLayout()
        body.setSpacing(8)
        body.addWidget(self.setup)
        body.addLayout(right, 1)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addWidget(self.progress)
        self.setCentralWidget(central)
        self.resize(1280, 800)

    @Slot(QAction)
    def _choose_theme(self, action: QAction) -> None:
        self.set_theme(action.data())


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication), "a window needs a QApplication"
    return application


class _Welcome(QWidget):
    """What there is to do before the first run."""

    def __init__(self) -> None:
        super().__init__()
        headline = QLabel("Train forwards. Then backwards, bit for bit.")
        headline.setObjectName("headline")
        steps = QLabel(
            "On the way back, the gradient of the validation loss by every hyperparameter adds up."
            "<ol><li>Choose an experiment, or data, a model and what to tune, on the left.</li>"
            "<li>Tick the hyperparameters that are free.</li>"
            "<li>Press <b>Run</b> (F5) and watch them move; <b>Step</b> (F10) goes one "
            "meta-iteration at a time.</li>"
            "<li><b>Export</b> (Ctrl+E) the plots as figures.</li></ol>"
        )
        steps.setObjectName("muted")
        steps.setWordWrap(True)
        steps.setMaximumWidth(560)
        headline.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 0, 40, 40)
        column.addStretch(1)
        column.addWidget(headline)
        column.addWidget(steps)
        column.addStretch(1)


class _Banner(QFrame):
    """One sentence above the plots about what went wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setAccessibleName("Close the message")
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.addWidget(self.text, 1)
        row.addWidget(self.close_button)

    def show_message(self, sentence: str, report: str = "") -> None:
        """Show a sentence; the report, if any, can be read by hovering over it."""
        self.text.setText(sentence)
        self.text.setToolTip(report)
        self.show()
