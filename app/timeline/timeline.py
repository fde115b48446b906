"""The timeline: a lane for the run, and one for the training within a meta-iteration."""

from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QHideEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app import icons
from app.run_status import RunStatus
from app.theme import Theme
from app.timeline.at_the_end import BufferBar, LiveButton
from app.timeline.lane import Lane
from app.timeline.look import style_sheet
from app.timeline.playback import Direction
from app.timeline.time_slider import BEST, ENDED, PREDICTED, TimeSlider
from app.timeline.transport import Transport, dressed
from app.timeline.words import name_of_lower, name_of_upper, step_in_words, to_update
from engine.experiments.strategies import STRATEGIES
from engine.plots import bytes_in_words
from engine.runs.moments import Moment

_BUFFER_PARTS = 1000  # a progress bar counts in 32 bits, bytes do not fit
_PARTS: Final = ("training →", "← reversing")
_SOLVED: Final = ("solving",)


class Timeline(QWidget):
    """Two lanes below all: how far the run is, and which moment of it the plots show.

    A lane is filled as far as the run is; its handle is where the plots are. When live, both
    handles follow the run. Moving or playing one leaves live mode, the upper one for the end of a
    training; "Live" returns, and so does the end of a run that is over.

    Args:
        theme: the colours.
        reduced_motion: whether to play in few, larger steps.

    Attributes:
        status: what is said of the run.
        stopped: the last training iteration of trials that were stopped, by their number.

    Signals:
        moved: the `Moment` to show, or None to follow the run.
    """

    moved = Signal(object)

    def __init__(
        self, theme: Theme, reduced_motion: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._points = theme, self.font().pointSizeF()
        self._meta_iterations = self._iterations = self._steps = self._done = self._step = 0
        self._visited = self._stretch = 0
        self._live = True
        self.stopped: dict[int, int] = {}
        outer = TimeSlider(*name_of_upper(STRATEGIES["adam"]), theme)
        inner = TimeSlider(*name_of_lower(goes_back=True, trains=True), theme)
        self.meta_iteration = Lane(outer, reduced_motion, self)
        self.step = Lane(inner, reduced_motion, self)
        self._lanes = self.meta_iteration, self.step
        self._touched = self.meta_iteration
        self.transport = Transport()
        self.live = dressed(LiveButton(), "Live", "Follow the run live (F8)")
        self.live.setText("Live")
        self.live.setObjectName("live")
        self.live.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.live.setCheckable(True)
        self.status = RunStatus()
        self.where = QLabel()
        self.when = QLabel()
        self.buffer = BufferBar()
        self.buffer.setAccessibleName("Bit buffer")
        self.buffer.setToolTip("How full the bit buffer is at this moment")
        self.buffer.setRange(0, _BUFFER_PARTS)
        policy = self.buffer.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # no row moves when a method has no buffer
        self.buffer.setSizePolicy(policy)
        self._build()
        self.clear()
        self.set_theme(theme)

    @property
    def last(self) -> int:
        """The last meta-iteration that has moments: training after it is only judged."""
        return max(self._done - 1, 0)

    @property
    def moment(self) -> Moment | None:
        """What is to be shown; None follows the run."""
        if self._live:
            return None
        return Moment(self.meta_iteration.slider.value(), self.step.slider.value())

    def set_run(
        self,
        meta_iterations: int,
        iterations: int,
        optimizer: str = "adam",
        *,
        goes_back: bool = True,
        instead: str = "",
        visited: int | None = None,
        stretch: int | None = None,
    ) -> None:
        """Begin with a run that has just started.

        Args:
            meta_iterations: how many it is to have.
            iterations: T.
            optimizer: the strategy, which has a word for what is counted.
            goes_back: whether the method goes back through training.
            instead: what becomes of the training loss where nothing is trained; else "".
            visited: how many of the steps it goes through; None: all.
            stretch: the iterations of a meta-iteration, if all are parts of one training run.
        """
        self._stop()
        self.stopped = {}
        self.meta_iteration.slider.set_crosses(())
        self._strategy = STRATEGIES[optimizer]
        self._stretch = stretch if stretch and self._strategy.is_one_run else 0
        self._meta_iterations, self._iterations, self._live = meta_iterations, iterations, True
        self.meta_iteration.slider.setRange(0, meta_iterations)
        self._steps = self._stretch or iterations * (2 if goes_back else 1)
        self._visited = self._steps if visited is None else min(visited, self._steps)
        self._instead, parts = instead, _SOLVED if instead else _PARTS[: 2 if goes_back else 1]
        self.step.slider.set_parts(*(parts if meta_iterations else ()))
        self.meta_iteration.slider.call(*name_of_upper(self._strategy))
        self.step.slider.call(*name_of_lower(goes_back=goes_back, trains=not instead))
        self.step.slider.setRange(0, self._steps)
        self.step.slider.set_reach(self._visited)
        self.step.slider.set_message("")
        self.step.slider.setValue(0)
        self.mark(None)
        self._step = 0
        self._make_room_for_words()
        self.show_buffer(0, 0)
        self.set_done(0)

    def set_meta_iterations(self, count: int) -> None:
        """The run that goes on is to have another number of meta-iterations."""
        self._meta_iterations = count
        self.meta_iteration.slider.setRange(0, count)
        self._make_room_for_words()
        self.set_done(self._done)

    def set_done(self, count: int) -> None:
        """Set how many meta-iterations are done; the handle moves only while live."""
        self._done = count
        self._set_reach()
        self.meta_iteration.slider.set_progress(count)
        self.meta_iteration.slider.set_crosses(tuple(self.stopped))
        if self._live:
            self.meta_iteration.slider.setValue(count)
        self._update()

    def mark(self, best: int | None, ended: int | None = None, end: int | None = None) -> None:
        """Mark the best meta-iteration, in which the run ended early, and its predicted end."""
        for sign, place in ((BEST, best), (ENDED, ended), (PREDICTED, end)):
            self.meta_iteration.slider.set_mark(sign, place)
        self._set_reach()

    def show_preparing(self, done: int, total: int, what: str = "") -> None:
        """Say how much of what a run waits for is there; 0 of 0: not known.

        It fills the lower lane, unless that shows the moments of a run that has begun.
        """
        slider, told = self.step.slider, f"{done:,} of {total:,}" if total else "…"
        if not self._meta_iterations:
            slider.setRange(0, total)
            slider.set_progress(done)
        slider.set_message(f"{what} {told}".strip() if self._meta_iterations else told)

    def follow(self, step: int) -> None:
        """Set the position of the run's training and reversal; the handle follows while live."""
        self._step = step
        if self._live:
            self.step.slider.setValue(step)
            self._update_words()
        self._fill_lower_lane()

    def clear(self) -> None:
        """There is no run."""
        self.set_run(0, 0)
        self.buffer.hide()  # whether a run has one is said once it has started

    def show_buffer(self, bytes_now: int, fullest: int) -> None:
        """Show how full the bit buffer is.

        Args:
            bytes_now: what it holds at the moment shown.
            fullest: what it holds when training turns round.
        """
        self.buffer.setUpdatesEnabled(False)  # a bar would be painted before the labels beside it
        self.buffer.setValue(round(_BUFFER_PARTS * bytes_now / fullest) if fullest else 0)
        self.buffer.setFormat(f"bit buffer {bytes_in_words(bytes_now)}")
        self.buffer.setUpdatesEnabled(True)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        for lane in self._lanes:
            lane.set_theme(theme)
        self.transport.set_theme(theme)
        self.live.setIcon(icons.icon("live", theme))
        self._dress()

    def set_type(self, points: float) -> None:
        """Write in type of this size."""
        self._points = points
        self._dress()
        self._make_room_for_words()

    def set_reduced_motion(self, on: bool) -> None:
        """Play in few, larger steps, or not; takes effect when playing next starts."""
        for lane in self._lanes:
            lane.playback.reduced_motion = on

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop playing when hidden."""
        self._stop()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop playing."""
        self._stop()
        super().closeEvent(event)

    def _dress(self) -> None:
        self.setStyleSheet(style_sheet(self._theme, self._points))

    def _stop(self) -> None:
        for lane in self._lanes:
            lane.playback.stop()

    @Slot()
    def _follow_meta_iteration(self) -> None:
        place = self.meta_iteration.slider.value()
        if place > self.last:
            self.go_live()
            return
        if self._live or place in self.stopped:  # where training ended, and not undone again
            end = self.stopped.get(place, self._stretch or self._iterations)
            self.step.slider.setValue(end)
        self._leave_live()

    @Slot()
    def _follow_step(self) -> None:
        if self._live:
            self.meta_iteration.slider.setValue(self.last)
        self._leave_live()

    def _leave_live(self) -> None:
        self._live = False
        self._update()
        self.moved.emit(self.moment)

    def go_live(self) -> None:
        """Follow the run again."""
        if not self._live:
            self._stop()
            self._live = True
            self.set_done(self._done)
            self.moved.emit(None)

    @Slot()
    def _toggle_live(self) -> None:
        if not self._live:
            self.go_live()
        else:
            self.meta_iteration.go_to(self.last)

    @Slot()
    def _stop_steps(self) -> None:
        self.step.playback.stop()

    @Slot()
    def _stop_meta_iterations(self) -> None:
        self.meta_iteration.playback.stop()

    @Slot()
    def _go_first(self) -> None:
        self.meta_iteration.go_to(0)

    @Slot()
    def _go_last(self) -> None:
        lane = self.meta_iteration
        if lane.slider.value() <= lane.slider.reach:  # live, it may be further already
            lane.go_to(lane.slider.reach)

    @Slot(int)
    def _play(self, direction: Direction) -> None:
        self._touched.play(direction)

    @Slot()
    def _note_touched(self) -> None:
        lane = self.sender()
        if isinstance(lane, Lane):
            self._touched = lane

    @Slot()
    def _show_playing(self) -> None:
        self.transport.show_direction(sum(lane.playback.direction for lane in self._lanes))

    @Slot(float)
    def _set_speed(self, speed: float) -> None:
        for lane in self._lanes:
            lane.playback.set_speed(speed)

    def _set_reach(self) -> None:
        """As far as there are moments; of a run that is over, as far as it came."""
        slider = self.meta_iteration.slider
        is_over = self._done >= self._meta_iterations or ENDED in slider.marks
        slider.set_reach(self._done if is_over else self.last)

    def _update(self) -> None:
        can_browse = self._done > 0
        for part in (*(lane.slider for lane in self._lanes), *self.transport.buttons, self.live):
            part.setEnabled(can_browse)
        self.live.setChecked(self._live and self._meta_iterations > 0)
        self.live.setText("Go live" if can_browse and not self._live else "Live")
        self._fill_lower_lane()
        self._update_words()

    def _fill_lower_lane(self) -> None:
        """As far as the run is in the meta-iteration that is chosen: what was before is over."""
        is_over = not self._live and self.meta_iteration.slider.value() < self._done
        done = self.stopped.get(self.meta_iteration.slider.value(), self._visited)
        self.step.slider.set_progress(done if is_over else self._step)

    def _update_words(self) -> None:
        place = self.meta_iteration.slider.value()
        if not self._meta_iterations:
            self.where.clear()
            self.when.clear()
        else:
            self.where.setText(self._strategy.place(place, self._meta_iterations))
            step = place * self._stretch + self.step.slider.value()
            if self._stretch:
                step = min(step, self._iterations)
                update = min(place + 1, self._meta_iterations)
                self.step.slider.set_parts(to_update(self._stretch, update))
            words = step_in_words(step, self._iterations)
            self.when.setText(self._instead or words)
        self.status.set_shown("" if self._live else self._strategy.name_of(place))
        for label, lane in zip((self.where, self.when), self._lanes, strict=True):
            lane.slider.setAccessibleDescription(label.text())

    def _make_room_for_words(self) -> None:
        """Labels keep their width while their numbers change, and in most cases from run to run."""
        total, iterations = max(self._meta_iterations, 50), max(self._iterations, 100)
        longest = (
            self._strategy.place(total, total),
            step_in_words(iterations + 1, iterations),
            step_in_words(iterations, iterations),
        )
        width = max(self.fontMetrics().horizontalAdvance(text) for text in longest)
        for label in (self.where, self.when):
            label.setMinimumWidth(width + 4)
        self.buffer.setMinimumWidth(self.fontMetrics().horizontalAdvance("bit buffer 999 kB") + 12)

    def _build(self) -> None:
        self.meta_iteration.moved.connect(self._follow_meta_iteration)
        self.meta_iteration.begun.connect(self._stop_steps)
        self.step.moved.connect(self._follow_step)
        self.step.begun.connect(self._stop_meta_iterations)
        for lane in self._lanes:
            lane.touched.connect(self._note_touched)
            lane.playback.state_changed.connect(self._show_playing)
        self.transport.first_wanted.connect(self._go_first)
        self.transport.last_wanted.connect(self._go_last)
        self.transport.play_wanted.connect(self._play)
        self.transport.speed_chosen.connect(self._set_speed)
        self.live.clicked.connect(self._toggle_live)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 2, 12, 2)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        grid.addWidget(self.status, 0, 0, 2, 1)
        grid.addWidget(self.transport, 0, 1, 2, 1)
        rows = ((self.where, self.live), (self.when, self.buffer))
        for index, (lane, (label, last)) in enumerate(zip(self._lanes, rows, strict=True)):
            grid.addWidget(lane.slider, index, 2)
            grid.addWidget(label, index, 3)
            grid.addWidget(last, index, 4)
        outer, inner = (lane.slider for lane in self._lanes)
        for before, after in pairwise((*self.transport.buttons, outer, inner, self.live)):
            QWidget.setTabOrder(before, after)
