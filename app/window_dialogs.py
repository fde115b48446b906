"""What opens on top of the window: exports, the schedule editor, help, the tour, and about.

Some of it brings matplotlib along, or all that training needs; that is loaded when it is opened, so
that the window need not wait for it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QDialog, QWidget

from app.exporting.folders import folder_for_a_run, remembered_base
from app.guide.help_popover import HelpPopover
from app.losing import LosingQuestion
from app.plots.plot_area import PlotArea
from app.preferences import Preferences
from app.run_view import RunView
from app.runner import State
from app.setup.hyperparameter_import import HyperparameterImport
from app.setup.setup_panel import SetupPanel
from app.theme import LIGHT, Theme
from engine.data.datasets import BUILT_IN
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments
from engine.experiments.help_texts import method_text
from engine.experiments.strategies import STRATEGIES
from engine.groups import ParameterGroup
from engine.hyperparameters.values import Hyperparameters
from engine.plots import PLOTS, AnyPlot, Showing, in_order, plots
from engine.runs.moments import Moment
from engine.runs.records import RunRecord

if TYPE_CHECKING:
    from app.data.data_dialog import DataDialog
    from app.guide.tour import Tour
    from app.plots.prediction_popover import PredictionPopover
    from app.schedules.hand_editing import HandEditing


class WindowDialogs(QObject):
    """Opens them, with what they need of the window.

    Args:
        window: that they belong to.
        setup, view, area: its parts.

    Signals:
        said, said_problem: one sentence for the window to show.
        schedule_taken: kind and values of a schedule to start from.
    """

    said = Signal(str)
    said_problem = Signal(str)
    schedule_taken = Signal(str, object)

    def __init__(self, window: QWidget, setup: SetupPanel, view: RunView, area: PlotArea) -> None:
        super().__init__(window)
        self._window, self._setup, self._view, self._area = window, setup, view, area
        self._theme: Theme = LIGHT
        self.help = HelpPopover(window)
        self.prediction: PredictionPopover | None = None  # once it is asked for
        self.importing = HyperparameterImport(window, setup, self)
        self.importing.said.connect(self.said)
        self.importing.said_problem.connect(self.said_problem)
        self.editing: HandEditing | None = None
        self.tour: Tour | None = None
        self._folder: tuple[RunRecord, Path] | None = None  # of the figures of a run
        self._exported: tuple[RunRecord | None, object] = None, None  # and how far it was
        for dock in area.docks.values():
            dock.prediction_requested.connect(self.explain_prediction)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.help.set_theme(theme)
        if self.prediction:
            self.prediction.set_theme(theme)
        if self.editing:
            self.editing.set_theme(theme)

    def ask_before_losing(
        self, action: str, state: Callable[[], State], then: Callable[[], object]
    ) -> None:
        """Do something that would lose the run, or edits of a schedule; ask before.

        A run that is in the library is not lost.

        Whoever exports the run instead loses nothing any more; as long as something would still be
        lost then, the question comes again.

        Args:
            action: what is to be done, as a button says it.
            state: of the run, as it is by then.
            then: does it.
        """
        again = partial(self.ask_before_losing, action, state, then)
        if self.editing:
            then = partial(self.editing.ask_before_losing, then)
        record, preferences = self._view.record, Preferences()
        done = len(record.meta_iterations) if record else 0
        is_exported = self._exported == (record, record and _stage(record))
        is_safe = bool(self._view.kept) or (state() == "idle" and is_exported)
        if record is None or not done or is_safe or not preferences.asks_before_losing:
            then()
            return
        question = LosingQuestion(record, state(), action, self._window)

        def answer(button: QAbstractButton) -> None:
            if button is question.lose:
                preferences.asks_before_losing = not question.never_again.isChecked()
                then()
            elif button is question.export:
                self._open_export(record, None).finished.connect(lambda _: again())

        question.buttonClicked.connect(answer)
        self._open(question)

    @Slot()
    def export_all(self) -> None:
        """Ask where to export the plots to, as they are shown, all of them ticked."""
        if self._view.record:
            self._open_export(self._view.record, None)

    @Slot(str)
    def export_one(self, key: str) -> None:
        """Ask where to export one plot to."""
        if self._view.record:
            self._open_export(self._view.record, key)

    @Slot()
    def animate(self) -> None:
        """Ask which plot to export as an animation over the meta-iterations."""
        record = self._view.record
        if record is None or not record.meta_iterations:
            return
        from app.exporting.animation_dialog import AnimationDialog, MovingPlot
        from engine.plots.past import Past

        last, past = len(record.meta_iterations), Past(record)
        then = plots(record.at(record.last_moment(last - 1)))
        of_moments = [plot for plot in self._area.shown if PLOTS[plot.key].changes == "moment"]
        moving = [
            MovingPlot(
                plot.key,
                plot.title,
                partial(past.plot, plot.key),
                self._showing(plot.key),
                past.is_judged(plot.key),
            )
            for plot in in_order([*then, *of_moments])
        ]
        dialog = AnimationDialog(moving, last, None, self._folder_of(record), self._window)
        dialog.exported.connect(self._say_exported)
        self._open(dialog)

    @Slot(str)
    def edit_schedule(self, kind: str) -> None:
        """Edit a schedule by hand: of the moment that is shown, or the one at the start."""
        moment, record = self._view.moment, self._view.record
        is_other = record is None or record.experiment != self._experiment_or_none()
        if record is None or record.is_one_run or is_other:
            self.edit_initial_schedule(kind)
            return
        then = record if moment is None else record.at(moment)
        index = len(record.meta_iterations) - 1 if moment is None else moment.meta_iteration
        self._edit(kind, record.experiment, then.current, record.groups, max(index, 0))

    @Slot()
    def edit_learning_rates(self) -> None:
        """Edit the learning rates by hand."""
        self.edit_schedule("learning_rates")

    @Slot()
    def edit_decays(self) -> None:
        """Edit the momentum decays by hand."""
        self.edit_schedule("decays")

    def shut_down(self) -> None:
        """Close the schedule editor, and wait for what is read."""
        self.close_editor()
        self.importing.shut_down()

    @Slot()
    def close_editor(self) -> None:
        """Close the schedule editor, if it is open."""
        if self.editing:
            self.editing.close()

    @Slot(str)
    def explain_plot(self, key: str) -> None:
        """Explain a plot, beside it."""
        self.help.show_help(key, self._area.docks[key].card.head.more_button)

    @Slot(str)
    def explain_prediction(self, key: str) -> None:
        """Say how a plot's curve is likely to end, and which families of curves speak."""
        from app.plots.prediction_popover import PredictionPopover

        if self.prediction is None:
            self.prediction = PredictionPopover(self._window)
            self.prediction.set_theme(self._theme)
            self.prediction.model_chosen.connect(self._view.predicting.set_model)
            self._view.predicting.changed.connect(self._renew_prediction)
        self.prediction.key = key
        button = self._area.docks[key].card.head.more_button
        self._fill_prediction(self.prediction)
        self.prediction.open_at(button.mapToGlobal(QPoint(0, button.height())))

    @Slot()
    def _renew_prediction(self) -> None:
        if self.prediction and self.prediction.isVisible():
            self._fill_prediction(self.prediction)

    def _fill_prediction(self, popover: "PredictionPopover") -> None:
        predicting, key = self._view.predicting, popover.key
        then = self._view.moment is not None
        silence = "An earlier moment is shown; go live (F8)." if then else predicting.silence(key)
        prediction = None if then else predicting.prediction(key)
        popover.show_prediction(prediction, silence, predicting.model)

    @Slot(str)
    def explain_field(self, key: str) -> None:
        """Explain a field of the set-up, beside it."""
        field = self._setup.fields.get(key, self._setup)
        if key == "method":  # what is chosen says more than what methods are
            self.help.show_text(method_text(self._setup.field(key).value()), field)
        else:
            self.help.show_help(key, field)

    @Slot()
    def start_tour(self) -> None:
        """Show the window, and a run of the first experiment in place of any other."""
        from app.guide.tour import Tour
        from app.guide.tour_steps import FIRST, tour_steps

        if self.tour:
            self.tour.end()
        self._setup.head.search.clear()  # it points at fields
        self.tour = Tour(self._window, tour_steps(FIRST, self._window))
        self.tour.start()

    def open_cheat_sheet(self, actions: Mapping[str, Sequence[QAction]]) -> None:
        """Show all keyboard shortcuts and mouse gestures."""
        from app.guide.cheat_sheet import CheatSheet

        self._open(CheatSheet(actions, self._window))

    @Slot()
    def open_data_sets(self) -> None:
        """Show which data sets can be downloaded, and download them."""
        self._show_data_sets()

    @Slot(str)
    def look_for_data_sets(self, folder: str) -> None:
        """Show which data sets there are, those of a folder among them from now on."""
        self._show_data_sets().look_in(folder)

    def _show_data_sets(self) -> "DataDialog":
        from app.data.data_dialog import DataDialog

        dialog = DataDialog(self._window)
        dialog.arrived.connect(self._take_sets)
        self._open(dialog)
        return dialog

    @Slot()
    def open_guide(self) -> None:
        """Show the user's guide."""
        from app.guide.guide_dialog import GuideDialog

        self._open(GuideDialog(self._window))

    @Slot()
    def open_about(self) -> None:
        """Show what the program is, and its versions."""
        from app.guide.about_dialog import AboutDialog

        self._open(AboutDialog(self._window))

    def _experiment_or_none(self) -> Experiment | None:
        try:
            return self._setup.experiment()
        except InputError:
            return None

    @Slot(str)
    def edit_initial_schedule(self, kind: str) -> None:
        """Edit the schedule in the set-up; what it trains has to be built first."""
        from engine.runs.layouts import make_layout
        from engine.tasks.catalogue import make_task

        try:
            experiment = self._setup.experiment()
            task = make_task(experiment)
            layout = make_layout(experiment, task)
        except InputError as error:
            self.said_problem.emit(str(error))
            return
        values = layout.values(layout.initial_vector())
        self._edit(kind, experiment, values, task.groups, 0)

    def _edit(
        self,
        kind: str,
        experiment: Experiment,
        values: Hyperparameters,
        groups: Sequence[ParameterGroup],
        meta_iteration: int,
    ) -> None:
        from app.schedules.hand_editing import HandEditing

        if self.editing is None:
            self.editing = HandEditing(self._window)
            self.editing.taken.connect(self.schedule_taken)
        self.editing.open(kind, experiment, values, groups, meta_iteration, self._theme)

    def _open_export(self, record: RunRecord, key: str | None) -> QDialog:
        from app.exporting.beside import hyperparameters, reports
        from app.exporting.export_dialog import ExportDialog

        available = self._area.shown
        chosen = [plot.key for plot in available if key in (None, plot.key)]
        showings = {plot.key: self._showing(plot.key) for plot in available}
        folder, stage = self._folder_of(record), _stage(record)

        def now() -> list[AnyPlot]:
            nonlocal stage
            self._view.redraw()
            stage = _stage(record)
            return self._area.shown

        def note_exported() -> None:
            self._exported = record, stage

        beside = [*reports(self._shown_record), *hyperparameters(record, lambda: self._view.moment)]
        moment = self._view.moment
        standing = _standing(record, moment) if moment else ""
        dialog = ExportDialog(
            available, chosen, folder, self._window, showings, now, beside, standing
        )
        dialog.exported.connect(self._say_exported)
        if key is None:
            dialog.exported.connect(note_exported)
        self._open(dialog)
        return dialog

    def _shown_record(self) -> RunRecord:
        """The run as it is shown: now, or at a moment."""
        record, moment = self._view.record, self._view.moment
        assert record is not None, "an export is of a run"
        return record if moment is None else record.at(moment)

    def _showing(self, key: str) -> Showing:
        """How the window shows a plot."""
        return self._area.docks[key].card.showing

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def _take_sets(self, names: list[str]) -> None:
        """Let experiments opened from now on use data sets that have arrived."""
        shipped, renewed = self._setup.shipped, list_experiments()
        shipped.update({name: one for name, one in renewed.items() if name in shipped})
        titles = " and ".join(BUILT_IN[name].title for name in names)
        self.said.emit(f"{titles} available; experiments in the gallery now use them.")

    def _folder_of(self, record: RunRecord) -> Path:
        """Where the figures of a run go: to a folder of its own, or where they went before."""
        if self._folder is None or self._folder[0] is not record:
            folder = folder_for_a_run(remembered_base(), record.experiment.name)
            self._folder = record, folder
        return self._folder[1]

    @Slot(list)
    def _say_exported(self, paths: list[str]) -> None:
        if paths and self._view.record:
            self._folder = self._view.record, Path(paths[0]).parent
        many = "1 file" if len(paths) == 1 else f"{len(paths)} files"
        self.said.emit(f"Exported {many}.")


def _standing(record: RunRecord, moment: Moment) -> str:
    """That figures show an earlier moment."""
    name = STRATEGIES[record.experiment.meta.optimizer].name_of(moment.meta_iteration)
    return f"The figures show {name}, as the timeline does: later ones are not in them."


def _stage(record: RunRecord) -> tuple[int, bool]:
    """How far a run is: its meta-iterations, and whether it has ended."""
    return len(record.meta_iterations), record.finished is not None
