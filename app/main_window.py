"""The window: its parts, and how each responds to the others' signals."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow

from app.appearance import Appearance
from app.comparison.control import ComparisonControl
from app.dress import the_application
from app.enter_key import EnterKey
from app.fitting import Fitting
from app.full_screen import FullScreen
from app.garbage import GarbageCollector
from app.guide.gallery import Gallery
from app.guide.gallery_index import GalleryIndex
from app.library.resume_offer import ResumeOffer
from app.library.runs import Runs
from app.library.shelf import Shelf
from app.message_bar import MessageBar
from app.plots.plot_area import PlotArea
from app.plots.plot_menu import PlotMenu
from app.preferences import Preferences
from app.presentation import Presentation
from app.ready_page import ReadyPage
from app.recent_menu import RecentMenu
from app.run_control import RunControl
from app.run_story import RunStory
from app.run_view import RunView
from app.runner import Runner
from app.setup.during_a_run import DuringARun
from app.setup.other_data import has_other_data
from app.setup.remembered import remembered
from app.setup.setup_panel import SetupPanel
from app.theme import Choice, Theme
from app.timeline.timeline import Timeline
from app.waiting_page import WaitingPage
from app.ways_in import WaysIn
from app.what_to_know import name_of
from app.where_runs_go import WhereRunsGo
from app.window_actions import WindowActions
from app.window_body import WindowBody
from app.window_dialogs import WindowDialogs
from engine.experiments.experiment import Experiment
from engine.runs.records import RunRecord


class MainWindow(QMainWindow):
    """Retrograde's window.

    Args:
        experiments: what gallery and set-up panel offer, by name.
        theme: "system", "light" or "dark".
        library: the file that runs are recorded in; None: they are not.

    Attributes:
        setup: the experiment that Run will start, as fields.
        gallery: the experiments as cards; shown until there is a run.
        plot_area, timeline: the run, and the moment of it that is shown.
        runner: the run's thread.
        view: keeps the record of the run.
        dialogs: what opens on top of the window.
        control: starts, holds and ends runs.
        comparing: starts, holds and shows comparisons of methods.
        during: takes edits of the set-up to the run.
        library, runs, offer: recorded runs, what shows them, and the offer to go on with one.
        actions_: all that can be done.
        plot_menu: the run's plots, each shown or closed.
    """

    def __init__(
        self,
        experiments: dict[str, Experiment],
        theme: Choice = "system",
        library: Path | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle("Retrograde")
        self.preferences = Preferences()
        self.appearance = Appearance(the_application(), theme, self.preferences.type_size, self)
        dress = self.appearance.theme
        self._garbage = GarbageCollector(self)
        self._garbage.start()  # before anything else has a thread
        self.runner = Runner(self)
        self.library = Shelf(library, self)
        self.runner.library = library
        self.body = WindowBody(self)
        self.setCentralWidget(self.body)
        self.setup = SetupPanel(experiments, self.body.panel)
        self.gallery = Gallery(experiments, dress, self.body.pages)
        self.index = GalleryIndex(self.gallery.groups, self.body.panel)
        self.plot_area = PlotArea(dress, self.body.pages)
        self.timeline = Timeline(dress, self.preferences.reduced_motion, self.body)
        self.view = RunView(self.plot_area, self.timeline, self)
        self.progress = self.timeline.status
        self.ready = ReadyPage(dress)
        self.waiting = WaitingPage()
        self.message_bar = MessageBar()
        self.dialogs = WindowDialogs(self, self.setup, self.view, self.plot_area)
        self.comparing = ComparisonControl(
            self.setup, self.runner, self.view, dress, self.dialogs.help.show_help, self
        )
        self.control = RunControl(self.runner, self.setup, self.view, self.dialogs, self)
        self.offer = ResumeOffer(self.library, self.message_bar, self.control, self.runner, self)
        parts = self.setup, self.comparing, self.gallery, self.index, self.message_bar
        self.runs = Runs(self.library, self.runner, self.control, *parts, dress, self)
        self.during = DuringARun(self.setup, self.runner, self)
        self.where = WhereRunsGo()
        self.setup.put_below(self.where)
        self.actions_ = WindowActions(self)
        self.actions_.add_theme_menu(theme, self.set_theme)
        self.plot_menu = PlotMenu(self.plot_area, self)
        self.recent = RecentMenu(self.preferences, self)
        self.body.furnish(
            self.actions_.bar,
            self.setup,
            self.index,
            self.gallery,
            self.ready,
            self.waiting,
            self.plot_area,
            self.comparing,
            self.message_bar,
            self.timeline,
        )
        below = self.plot_area, self.timeline, self.message_bar
        self.story = RunStory(
            self.runner, self.setup, self.view, self.body, self.waiting, *below, self
        )
        self.full_screen = FullScreen(self, self.actions_["full_screen"])
        self.presentation = Presentation(
            self, self.body, self.actions_, *below, self.comparing, self.full_screen
        )
        self._build()
        self._connect()
        self._restore()
        self._dress(dress)

    @property
    def record(self) -> RunRecord | None:
        """The record of the run so far; None before the first run."""
        return self.view.record

    @Slot()
    def run(self) -> None:
        """Start the experiment in the set-up panel."""
        self.control.run()

    @Slot()
    def show_gallery(self) -> None:
        """Show the experiments as cards; the run, if there is one, continues in the background."""
        self.body.show_page("gallery")

    @Slot()
    def show_run(self) -> None:
        """Show the set-up beside the run's plots, or what it waits for, or what would be run."""
        self.story.show_run()

    @Slot()
    def show_comparison(self) -> None:
        """Show methods side by side on the experiment that is set up."""
        self.body.show_page("compare")
        self.comparing.follow()

    def set_theme(self, choice: Choice) -> None:
        """Dress the window and its plots."""
        self.preferences.theme = choice
        self.appearance.choose(choice)

    @Slot(bool)
    def set_presentation(self, on: bool) -> None:
        """Plots in large type and little else on the whole screen, for an audience, or not."""
        if on and self.body.page == "gallery":
            self.show_run()
        self.presentation.set_on(on)

    @Slot()
    def shut_down(self) -> None:
        """End the background work and wait for it."""
        self.waiting.stop()
        for part in (self.dialogs, self.own, self.runner, self.comparing, self.runs, self.library):
            part.shut_down()
        self.view.shut_down()
        self.setup.shut_down()
        self._garbage.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how the window was, and end the run before it goes.

        Whoever closes it by its frame is asked first if that would lose a run.
        """
        if event.spontaneous():
            event.ignore()
            self.control.leave()
            return
        self.presentation.set_on(False)
        self.preferences.geometry = self.saveGeometry()
        self.preferences.setup = remembered(self.setup) or self.preferences.setup
        if self.plot_area.enlarged_key is None:
            self.preferences.arrangement = self.plot_area.arrangement()
        self.shut_down()
        super().closeEvent(event)

    @Slot()
    def _export(self) -> None:
        compares = self.body.page == "compare"
        shown = self.runs.export if self.runs.are_shown else self.comparing.export
        (shown if compares else self.dialogs.export_all)()

    @Slot()
    def _follow_page(self) -> None:
        page = self.body.page
        self.actions_[page if page in ("gallery", "compare") else "explore"].setChecked(True)
        compared = None if self.runs.are_shown else self.comparing.record
        record = {"run": self.record, "compare": compared}.get(page)
        shown = record.experiment if record else None
        opened_as = self.view.opened_as if page == "run" else ""
        self.actions_.bar.title.setText(name_of(shown, opened_as) if shown else "")

    @Slot()
    def _follow_setup(self) -> None:
        ready = self.setup.is_ready
        self.gallery.set_current(self.setup.experiment_box.value())
        other = has_other_data(self.setup.origin.own, self.setup.data.given)
        shown = self.setup.experiment() if ready else None
        self.ready.show_experiment(shown, has_other_data=other)
        if self.runner.state == "idle":
            self.progress.say("Ready. Press Run." if ready else "Fix the marked fields, then run.")
        self._update_actions()

    @Slot(str, object)
    def _take_schedule(self, kind: str, values: object) -> None:
        self.setup.take_hyperparameters({kind: values})
        self.progress.say("The next run starts from this schedule, and all else as in the set-up.")

    @Slot(bool)
    def _follow_enlarged(self, enlarged: bool) -> None:
        is_wanted = self.actions_["setup_panel"].isChecked()
        self.body.panel.setVisible(not enlarged and is_wanted)

    @Slot(str)
    def _note_file(self, path: str) -> None:
        self.recent.note(path)
        self.index.set_recent(self.recent.paths)

    @Slot()
    def _find_field(self) -> None:
        self.show_run()
        self.actions_["setup_panel"].setChecked(True)
        self.body.panel.setVisible(True)
        self.setup.head.start_search()

    def _resize_type(self, steps: int | None) -> None:
        self.appearance.resize_type(steps)
        self.preferences.type_size = self.appearance.size

    @Slot(object)
    def _note_closed(self, keys: frozenset[str]) -> None:
        self.preferences.closed_plots = sorted(keys)
        self.plot_menu.renew()

    @Slot(object)
    def _dress(self, theme: Theme) -> None:
        for part in (
            self.plot_area,
            self.timeline,
            self.gallery,
            self.ready,
            self.actions_,
            self.comparing,
            self.dialogs,
            self.runs,
        ):
            part.set_theme(theme)
        self.body.set_type_size(self.appearance.size)
        self.presentation.follow_type()
        self._update_actions()

    @Slot(bool)
    def _set_reduced_motion(self, on: bool) -> None:
        self.preferences.reduced_motion = on
        self.timeline.set_reduced_motion(on)

    @Slot()
    def _update_actions(self) -> None:
        state = self.runner.state
        self.story.say_what_is_shown()
        self.comparing.follow()
        exportable = self.comparing.record if self.body.page == "compare" else self.record
        can_export = bool(self.runs.page.plots) if self.runs.are_shown else exportable is not None
        self.actions_.follow(
            state,
            self.record,
            ready=self.setup.is_ready,
            can_export=can_export,
            compares=self.comparing.runner.state == "running",
        )
        self._follow_page()

    def _connect(self) -> None:
        self.actions_.connect(
            run=lambda: (self.comparing.start if self.comparing.is_shown else self.control.run)(),
            pause=self.control.pause_or_resume,
            step=self.control.step,
            stop=self.control.stop,
            gallery=self.show_gallery,
            explore=self.show_run,
            compare=self.show_comparison,
            compare_methods=self.comparing.start_or_show,
            export=self._export,
            animate=self.dialogs.animate,
            open=self.setup.data.choose_file,
            data_sets=self.dialogs.open_data_sets,
            open_experiment=self.setup.open_experiment_file,
            save_experiment=self.setup.save_experiment_file,
            copy_script=self.control.copy_as_python,
            import_hyperparameters=self.dialogs.importing.ask,
            own_values=self.setup.reset_to_own,
            find=lambda: (self.runs.find if self.body.page == "compare" else self._find_field)(),
            preferences=self.where.open,
            live=self.timeline.live.click,
            edit_learning_rates=self.dialogs.edit_learning_rates,
            edit_decays=self.dialogs.edit_decays,
            arrange=self.plot_area.arrange,
            setup_panel=lambda on: self.body.panel.setVisible(on),
            presentation=self.set_presentation,
            full_screen=self.full_screen.set_on,
            larger=lambda: self._resize_type(1),
            smaller=lambda: self._resize_type(-1),
            usual_size=lambda: self._resize_type(None),
            predict=self.view.predicting.set_on,
            reduced_motion=self._set_reduced_motion,
            tour=self.control.start_tour,
            cheat_sheet=lambda: self.dialogs.open_cheat_sheet(self.actions_.by_menu),
            guide=self.dialogs.open_guide,
            about=self.dialogs.open_about,
            quit=self.control.leave,
        )
        for part in (self.story, self.comparing, self.runs):
            part.turned.connect(self._update_actions)
        self.setup.edited.connect(self._follow_setup)
        self.during.restart_requested.connect(self.control.stop_and_run)
        tellers = self.setup, self.during, self.control, self.dialogs, self.offer, self.runs.control
        for teller in tellers:
            teller.said.connect(self.progress.say)
        self.setup.filed.connect(self._note_file)
        self.setup.opened.connect(self.show_run)
        self.setup.said_problem.connect(self.message_bar.show_message)
        self.setup.help_requested.connect(self.dialogs.explain_field)
        self.setup.edit_requested.connect(self.dialogs.edit_initial_schedule)
        self.control.cleared.connect(self.story.follow_clearing)
        self.control.starting.connect(self.story.follow_start)
        self.control.opened.connect(self.story.follow_opening)
        self.runs.control.failed.connect(self.message_bar.show_message)
        self.runs.control.resume_requested.connect(self.offer.resume)
        self.runs.explanation_requested.connect(self.dialogs.help.show_help)
        self.control.left.connect(self.close)
        self.body.page_changed.connect(self._update_actions)
        self.comparing.page_requested.connect(self.show_comparison)
        self.comparing.said.connect(self.comparing.progress.say)
        self.comparing.failed.connect(self.message_bar.show_message)
        parts = self.gallery, self.index, self.setup, self.control, self.comparing, self.dialogs
        ways = WaysIn(self, *parts, self.show_run, self.show_comparison, self.progress.say)
        self.own = ways.own
        self.own.answer_to(self.actions_, self.recent, self.message_bar)
        self.plot_area.export_requested.connect(self.dialogs.export_one)
        self.plot_area.help_requested.connect(self.dialogs.explain_plot)
        self.plot_area.enlarged.connect(self._follow_enlarged)
        self.plot_area.closed_changed.connect(self._note_closed)
        self.dialogs.said_problem.connect(self.message_bar.show_message)
        self.dialogs.schedule_taken.connect(self._take_schedule)
        self.message_bar.applied.connect(self.setup.change)
        self.appearance.changed.connect(self._dress)
        the_application().aboutToQuit.connect(self.shut_down)

    def _build(self) -> None:
        self.actions_.add_history(
            self.setup.history.createUndoAction(self, "Undo"),
            self.setup.history.createRedoAction(self, "Redo"),
        )
        self.actions_.menus["&View"].insertMenu(self.actions_["arrange"], self.plot_menu)
        self.actions_.menus["&File"].insertMenu(self.actions_["save_experiment"], self.recent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.resize(1280, 800)

    def _restore(self) -> None:
        """Bring back how the window was."""
        self.actions_["setup_panel"].setChecked(True)
        self.actions_["predict"].setChecked(self.view.predicting.is_on)
        self.actions_["reduced_motion"].setChecked(self.preferences.reduced_motion)
        self.restoreGeometry(self.preferences.geometry)
        arrangement = self.preferences.arrangement
        Fitting(self)
        EnterKey(self)
        if not arrangement.isEmpty():
            self.plot_area.restore(arrangement)
        self.plot_area.set_closed(self.preferences.closed_plots)
        self.index.set_recent(self.recent.paths)
        self.show_gallery()
