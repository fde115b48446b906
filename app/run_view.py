"""The run as it is shown: now, or as it stood at a moment that the timeline is moved to."""

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.plots.plot_area import PlotArea
from app.predicting import Predicting
from app.scene_worker import SceneRequest, SceneWorker
from app.timeline.stopped import mark_stopped, within
from app.timeline.timeline import Timeline
from engine.experiments.amounts import instead_in
from engine.hypergradients.catalogue import METHODS
from engine.plots import Along, AnyPlot, in_order
from engine.plots.live import LivePlots
from engine.plots.steady import Steady
from engine.plots.strategies import standing_of
from engine.runs.best import best_of
from engine.runs.events import (
    Event,
    MetaIterationDone,
    MethodProgress,
    Preparing,
    RunFinished,
    RunStarted,
    SettingsChanged,
)
from engine.runs.moments import Moment
from engine.runs.records import RunRecord

_FRAME_MILLISECONDS = 22


class RunView(QObject):
    """Takes a run's events in, and keeps plots and timeline in step with them.

    Args:
        area: where the plots are.
        timeline: which moment is shown.

    Attributes:
        record: the run so far; None before the first run.
        kept: the id of that run in the library; "" if it is not known to be there.
        opened_as: its name there, if it was opened from it; else "".
        predicting: how its curves are likely to end.

    Signals:
        began: the first event of a run came.
    """

    began = Signal()

    def __init__(self, area: PlotArea, timeline: Timeline, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.record: RunRecord | None = None
        self.kept = self.opened_as = ""
        self._area, self._timeline = area, timeline
        self._worker = SceneWorker(self)
        self.predicting = Predicting(area, self)
        self._live = LivePlots()
        self._then: tuple[Moment, RunRecord] | None = None
        self._scenes: list[AnyPlot] = []
        self._now: list[AnyPlot] = []
        self._steady: Steady | None = None
        self._awaited: SceneRequest | None = None
        self._answered: SceneRequest | None = None
        self._dirty = False
        self._is_over = False
        self._name = ""  # of the experiment that was run last
        self._is_expecting = False
        self._before: Moment | None = None  # what was shown when the run was started
        self._timer = QTimer(
            self, interval=_FRAME_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer
        )
        self._timer.timeout.connect(self.redraw)
        self._worker.ready.connect(self._take_scenes)
        self.predicting.changed.connect(self._draw_again)
        timeline.moved.connect(self._follow_timeline)
        area.reading.chosen.connect(self._go_to)

    @property
    def moment(self) -> Moment | None:
        """The moment that is shown; None: now."""
        return within(self.record, self._timeline.moment) if self.record else None

    @property
    def is_expecting(self) -> bool:
        """Whether a run was started that has not begun; the record is of the one before."""
        return self._is_expecting

    def expect(self) -> None:
        """A run is about to start: what there is of the last one is kept until it has begun."""
        self._before, self._is_expecting = self.moment, True
        self._area.keep_choices()
        self._timeline.clear()

    def give_up(self) -> bool:
        """Show the last run as it was shown before, if the one that was started has not begun.

        Returns:
            Whether that was so.
        """
        was_expecting, self._is_expecting = self._is_expecting, False
        if was_expecting and self.record is None:
            self._timeline.clear()  # nobody waits any more
        if was_expecting and self.record is not None:
            self._fill_timeline(self.record)
            if self._before is not None:
                self._timeline.meta_iteration.go_to(self._before.meta_iteration)
                self._timeline.step.go_to(self._before.step)
            self._dirty = True
            self.redraw()
        return was_expecting

    def start_drawing(self) -> None:
        """Draw what changes, forty-five times a second at most."""
        self._timer.start()

    def stop_drawing(self, *, is_over: bool = False) -> None:
        """Draw once more what has changed, then only when the timeline moves.

        Args:
            is_over: whether the run goes on no more, whatever events have told.
        """
        self._timer.stop()
        if is_over and not self._is_over:
            self._is_over = self._dirty = True
            self.predicting.forget()
        self._catch_up()
        self.redraw()

    def clear(self) -> None:
        """Forget the run."""
        self._timer.stop()
        self._worker.shut_down()
        self.predicting.shut_down()
        self.record, self._scenes = None, []
        self.kept = self.opened_as = ""
        self._awaited = self._answered = None
        self._now, self._steady = [], None
        self._live, self._then = LivePlots(), None
        self._dirty = self._is_expecting = False
        self._area.clear()
        self._timeline.clear()

    def shut_down(self) -> None:
        """Leave neither thread nor timer behind."""
        self._timer.stop()
        self._area.shut_down()
        self._timeline.clear()
        self._worker.shut_down()
        self.predicting.shut_down()

    def take(self, event: Event) -> None:
        """Take note of an event; drawing waits for the next frame."""
        if isinstance(event, RunStarted):
            if self._is_expecting:
                self.clear()
                self.start_drawing()
            self._take_up(RunRecord(event))
            self.began.emit()
            self.redraw()
        elif self.record and not self._is_expecting:
            self.record.add(event)
            self._dirty = True
        self._timeline.step.slider.set_message(_after_training(event))
        if isinstance(event, Preparing):
            self._timeline.show_preparing(event.done, event.total, event.what)
        if isinstance(event, SettingsChanged):
            assert self.record is not None, "a run that changes has begun"
            self._timeline.set_meta_iterations(self.record.planned)
        if self.record and isinstance(event, MetaIterationDone | RunFinished):
            self.mark(is_cut_short=isinstance(event, RunFinished) and event.outcome != "completed")
        if isinstance(event, MetaIterationDone):
            if event.prediction is not None:
                self._timeline.stopped[event.index] = event.prediction.iteration
            self._timeline.set_done(event.index + 1)
            if self._timeline.moment is None and self._wants_scenes():
                self._catch_up()
        if isinstance(event, RunFinished):
            self._then = None  # moments tell of the end, too
            self._catch_up()  # the names of scenes say by now that the last meta-step came after

    def show_recorded(self, record: RunRecord, run: str, name: str) -> None:
        """Show a run that is over, as it was: all its moments can be gone to.

        Args:
            record: of the run.
            run: its id in the library.
            name: there.
        """
        self.clear()
        self.kept, self.opened_as = run, name
        self._take_up(record)
        self._is_over = True
        self._fill_timeline(record)
        self._catch_up()
        self.redraw()

    def _take_up(self, record: RunRecord) -> None:
        """Have plots and timeline show this run from now on."""
        self.record, self._is_over = record, False
        if record.started_from.name != self._name:
            self._name = record.started_from.name
            self._area.forget_choices()
        self._live, self._then = LivePlots(), None
        self._now, self._steady = [], None
        settings = record.started_from.hyperparameters.root
        free = [kind for kind, setting in settings.items() if setting.free]
        self._area.set_highlights(record.started_from.highlights, free)
        self._begin_timeline(record)
        self._dirty = True

    def _fill_timeline(self, record: RunRecord) -> None:
        """Say on the timeline how far a run came that goes on no more."""
        self._begin_timeline(record)
        for done in record.meta_iterations:
            if done.prediction is not None:
                self._timeline.stopped[done.index] = done.prediction.iteration
        self._timeline.set_done(len(record.meta_iterations))
        self.mark(is_cut_short=not _is_completed(record))

    def mark(self, *, is_cut_short: bool) -> None:
        """Mark on the timeline which meta-iteration was best, and where the run ended too early."""
        if self.record is not None:
            done = len(self.record.meta_iterations)
            end = self.record.finished.prediction if self.record.finished else None
            has_ended = is_cut_short or end is not None
            predicted = None if end is None else end.horizon
            self._timeline.mark(best_of(self.record), done if has_ended else None, predicted)
            if is_cut_short:
                self._timeline.step.slider.set_message("")  # nothing is under way any more

    def _begin_timeline(self, record: RunRecord) -> None:
        self._timeline.set_run(
            record.planned,
            record.iterations,
            record.experiment.meta.optimizer,
            goes_back=record.steps > record.iterations,
            instead=instead_in(record.experiment),
            visited=record.visited,
            stretch=record.stretch,
        )

    @Slot()
    def redraw(self) -> None:
        """Draw the run as it is, if that is something new."""
        if not self._dirty or self.record is None or self._is_expecting:
            return
        running = self._timer.isActive()
        if running and self._area.is_drawing:
            return
        self._dirty = False
        began = time.perf_counter()
        moment = self.moment
        made = self._live.plots(self._record_at(self.record, moment))
        shown = self._comparable(in_order([*made, *self._scenes]), moment)
        if moment is None and not self._is_over:
            shown = self.predicting.onto(self.record, shown)
        self._area.show_plots(shown, at_leisure=running)
        self._show_buffer(moment)
        spent = round(1000 * (time.perf_counter() - began))
        self._space_frames(max(_FRAME_MILLISECONDS, 2 * spent))  # long runs: fewer

    def _record_at(self, record: RunRecord, moment: Moment | None) -> RunRecord:
        """The record now; or as it stood at a moment, the same one as long as that is shown."""
        if moment is None:
            return record
        if self._then is None or self._then[0] != moment:
            self._then = moment, record.at(moment)
        return self._then[1]

    def _comparable(self, plots: list[AnyPlot], moment: Moment | None) -> list[AnyPlot]:
        """The plots of now; or those of a moment, on axes that stay as moments are gone through."""
        if moment is None:
            self._now, self._steady = plots, None
            return plots
        self._steady = self._steady or Steady(self._now)
        return [self._steady.hold(plot) for plot in plots]

    def _space_frames(self, milliseconds: int) -> None:
        if self._timer.interval() != milliseconds:  # setting the interval restarts the timer
            self._timer.setInterval(milliseconds)

    def _show_buffer(self, moment: Moment | None) -> None:
        assert self.record is not None, "only a run is drawn"
        if moment is None:
            here, fullest = self.record.buffer_curve[-1], max(self.record.buffer_curve)
            self._timeline.follow(self._step_now(self.record))
        else:
            curve = self.record.meta_iterations[moment.meta_iteration].buffer_curve
            here, fullest = int(curve[moment.step]), int(curve.max())
        self._timeline.show_buffer(here, fullest)
        mark_stopped(self._timeline.step.slider, self.record, moment)
        self._timeline.step.slider.set_ticks(self.record.snapshots)
        method = METHODS[self.record.experiment.method]
        goes_back = "reversible" in method.needs and not self.record.tries
        self._timeline.buffer.setVisible(goes_back)

    def _step_now(self, record: RunRecord) -> int:
        """The step of the meta-iteration under way; of one training run, since the last update."""
        step = len(record.buffer_curve) - 1
        if not record.is_one_run:
            return step
        done = len(record.meta_iterations)
        return record.stretch if done == record.planned else step - record.stretch * done

    def _wants_scenes(self) -> bool:
        """Whether a replay is worth its while: none is under way, and it would be seen."""
        keys = [plot.key for plot in self._scenes]
        return self._awaited is None and (not keys or self._area.is_seen(keys))

    def _catch_up(self) -> None:
        """Ask for the scenes that are to be shown, unless they are there or on their way."""
        request = self._due()
        if request is not None and request != (self._awaited or self._answered):
            self._awaited = request
            self._worker.ask(request)

    def _due(self) -> SceneRequest | None:
        """What the scenes should show now: a moment, or the end of the last training."""
        record, moment = self.record, self.moment
        if record is None or not record.meta_iterations:
            return None
        last = record.meta_iterations[-1]
        shown = moment or record.last_moment(last.index)
        is_latest = moment is None
        standing = standing_of(record, shown.meta_iteration, is_latest=is_latest)
        return SceneRequest(record, shown, standing, is_latest)

    @Slot(str, int)
    def _go_to(self, along: Along, index: int) -> None:
        """Show the moment of a point of a plot that was clicked on, once there are moments."""
        if self.record is not None and self.record.meta_iterations:
            if along == "iterations" and self.record.is_one_run:
                self._go_to_iteration(index)
            elif along != "meta-iterations":
                self._timeline.step.go_to(index)
            elif index > self._timeline.meta_iteration.slider.reach:
                self._timeline.go_live()  # where the run has arrived, there is no moment to go to
            else:
                self._timeline.meta_iteration.go_to(index)

    def _go_to_iteration(self, iteration: int) -> None:
        """Show an iteration of one training run: the update that it came before, and the step."""
        assert self.record is not None, "there is a run"
        unit, step = divmod(iteration, self.record.stretch)
        if unit > self._timeline.last:
            self._timeline.go_live()
            return
        self._timeline.meta_iteration.go_to(unit)
        self._timeline.step.go_to(step)

    @Slot(object)
    def _follow_timeline(self, moment: Moment | None) -> None:
        if self.record is None:
            return
        self._catch_up()
        self._draw_again()

    @Slot()
    def _draw_again(self) -> None:
        self._dirty = True
        if not self._timer.isActive():
            self.redraw()

    @Slot(object, object)
    def _take_scenes(self, request: SceneRequest, scenes: list[AnyPlot]) -> None:
        if request.record is not self.record:
            return
        self._scenes, self._answered = scenes, request
        if self._awaited == request:
            self._awaited = None
        self._dirty = True
        if not self._timer.isActive():
            self._catch_up()  # the run may have gone on while they were made
            self.redraw()


def _is_completed(record: RunRecord) -> bool:
    return record.finished is not None and record.finished.outcome == "completed"


def _after_training(event: Event) -> str:
    """What a method does that neither trains on nor goes back, as the lower lane says it."""
    if not isinstance(event, MethodProgress):
        return ""
    if event.phase == "solving":
        return f"solving, round {event.done:,}"
    which, of = event.part
    if event.phase == "updating":
        return f"update {which:,} of {of:,}"
    return f"training again, run {which:,} of {of:,}" if of > 1 else ""
