"""Animating a plot over the meta-iterations: which plot, how large, how fast, which file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QVBoxLayout, QWidget

from app.exporting.count_box import CountBox
from app.exporting.writing_dialog import (
    Writer,
    WritingDialog,
    as_shown_box,
    caption_of,
    describe,
)
from engine.figures.animations import MOTIONS, Motion, animate, captioned, meta_iterations_in_words
from engine.figures.figure import Size
from engine.files import write_whole
from engine.plots import AS_THE_PLOT_SAYS, AnyPlot, Showing

_NAMES: dict[Motion, str] = {
    "gif": "GIF, displays everywhere",
    "apng": "APNG, in full colour",
}
_USUAL_FRAMES, _MOST_FRAMES = 100, 200  # all frames are held in memory
_SECONDS_AT_END = 1.5


@dataclass(frozen=True)
class MovingPlot:
    """A plot as it was at any meta-iteration.

    Attributes:
        key: its name in files.
        title: for people.
        at: the plot as it stood when a meta-iteration, counted from 0, was done; called in another
            thread than the window's.
        showing: how the window shows it.
        is_judged: whether there is one more, of where the last meta-step led.
    """

    key: str
    title: str
    at: Callable[[int], AnyPlot]
    showing: Showing = AS_THE_PLOT_SAYS
    is_judged: bool = False

    def last(self, total: int) -> int:
        """Which comes last after so many meta-iterations."""
        return total if self.is_judged else total - 1


@dataclass(frozen=True)
class _Film:
    """The chosen settings: see `animate`."""

    plot: MovingPlot
    chosen: list[int]
    names: list[str]
    kind: Motion
    size: Size
    frames_a_second: int
    loop: bool
    showing: Showing


class _FilmWriter(Writer):
    """Gathers the frames, draws them, and writes one file."""

    def __init__(self, film: _Film, folder: Path, parent: QObject) -> None:
        super().__init__(folder, parent)
        self._film = film

    def work(self) -> None:
        film = self._film
        frames = []
        for index in film.chosen:
            self.go_on()
            frames.append(film.plot.at(index))
        path = self.folder / f"{film.plot.key}.{film.kind}"
        content = animate(
            frames,
            film.kind,
            film.size,
            1 / film.frames_a_second,
            names=film.names,
            loop=film.loop,
            seconds_at_end=_SECONDS_AT_END,
            showing=film.showing,
            progress=self._tell,
        )
        self.go_on()
        write_whole(path, content)
        self.written.append(str(path))

    def _tell(self, done: int) -> None:
        self.go_on()
        total = len(self._film.chosen)
        self.moved.emit(done, total, "frames" if done < total else "frames; writing the file …")


class AnimationDialog(WritingDialog):
    """Writes an animation of a plot over the meta-iterations, off the window's thread.

    Args:
        plots: what can be animated; not empty.
        meta_iterations: how many are done.
        chosen: key of the plot that is chosen at first; None: the first.
        folder: where to at first.

    Attributes:
        plot, kind, speed, every, loop: what is asked for.
        as_shown: whether frames look as the plot does in the window.
        summary: how many frames that makes, and how long it takes to watch.

    Signals:
        exported: the path of the file written, in a list.
    """

    def __init__(
        self,
        plots: Sequence[MovingPlot],
        meta_iterations: int,
        chosen: str | None = None,
        folder: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Export an animation", "Export", folder, parent)
        self._plots = list(plots)
        self._total = meta_iterations
        self.plot = QComboBox()
        self.plot.addItems([plot.title for plot in plots])
        keys = [plot.key for plot in plots]
        self.plot.setCurrentIndex(keys.index(chosen) if chosen in keys else 0)
        describe(self.plot, "Plot", "The plot to animate")
        self.kind = QComboBox()
        for kind in MOTIONS:
            self.kind.addItem(_NAMES[kind], kind)
        remembered = str(QSettings().value("animation/kind", "gif", type=str))
        self.kind.setCurrentIndex(max(self.kind.findData(remembered), 0))
        describe(
            self.kind,
            "Format",
            "GIF has 256 colours; APNG has full colour, for browsers and slides",
        )
        self.speed = CountBox(1, 30, " frames per second", " frame per second")
        self.speed.setValue(cast(int, QSettings().value("animation/speed", 10, type=int)))
        describe(self.speed, "Speed", "Frames per second")
        self.every = CountBox(max(1, -(-self._total // _MOST_FRAMES)), max(self._total, 1), "")
        self.every.setValue(-(-self._total // _USUAL_FRAMES))
        describe(self.every, "Meta-iterations per frame", "1 shows all of them; 2 every other one")
        self.loop = QCheckBox("&Loop")
        self.loop.setChecked(bool(QSettings().value("animation/loop", True, type=bool)))
        describe(self.loop, "Loop", "Repeat the animation; otherwise it stops at the last frame")
        self.as_shown = as_shown_box()
        self.as_shown.toggled.connect(self._preview)
        self.summary = QLabel()
        self.summary.setObjectName("muted")
        self.summary.setWordWrap(True)
        self._build()
        for box in (self.plot, self.size_box):
            box.currentIndexChanged.connect(self._preview)
        self.kind.currentIndexChanged.connect(self._check)
        for number in (self.speed, self.every):
            number.valueChanged.connect(self._check)
        self.folder.textChanged.connect(self._check)
        self._check()
        self._preview()

    def names(self) -> list[str]:
        """The file of the animation."""
        return [f"{self._plots[self.plot.currentIndex()].key}.{self._chosen_kind}"]

    def writer(self, folder: Path) -> Writer:
        """What draws and writes the animation."""
        chosen = self._chosen()
        film = _Film(
            self._plots[self.plot.currentIndex()],
            chosen,
            meta_iterations_in_words(chosen, self._total),
            self._chosen_kind,
            self.chosen_size,
            self.speed.value(),
            self.loop.isChecked(),
            self._showing,
        )
        return _FilmWriter(film, folder, self)

    def remember(self) -> None:
        """Keep what was chosen for the next time."""
        super().remember()
        QSettings().setValue("animation/kind", self._chosen_kind)
        QSettings().setValue("animation/speed", self.speed.value())
        QSettings().setValue("animation/loop", self.loop.isChecked())

    def set_busy(self, busy: bool) -> None:
        """Enable the controls, or disable them while the file is being written."""
        super().set_busy(busy)
        for part in (self.plot, self.kind, self.speed, self.every, self.loop, self.as_shown):
            part.setEnabled(not busy)

    @property
    def _chosen_kind(self) -> Motion:
        return cast(Motion, self.kind.currentData())

    @property
    def _showing(self) -> Showing:
        shown = self._plots[self.plot.currentIndex()].showing
        return shown if self.as_shown.isChecked() else AS_THE_PLOT_SAYS

    def _chosen(self) -> list[int]:
        """The meta-iterations that are shown, up to the last."""
        last = self._plots[self.plot.currentIndex()].last(self._total)
        return list(range(last, -1, -self.every.value()))[::-1] if self._total else []

    @Slot()
    def _check(self) -> None:
        self.forget_outcome()
        frames = len(self._chosen())
        self.write.setEnabled(bool(frames and self.folder.text().strip()))
        if not frames:
            self.summary.setText("No meta-iteration is complete yet.")
        elif not self.folder.text().strip():
            self.summary.setText("Choose a folder.")
        else:
            seconds = (frames - 1) / self.speed.value() + _SECONDS_AT_END
            many = "1 frame" if frames == 1 else f"{frames} frames"
            name = f"{self._plots[self.plot.currentIndex()].key}.{self._chosen_kind}"
            ends = "" if frames == 1 else f", the last of {_SECONDS_AT_END} s"
            self.summary.setText(f"{many}{ends}: {seconds:.1f} s, as {name}")

    @Slot()
    def _preview(self) -> None:
        self._check()
        if self._total:
            plot = self._plots[self.plot.currentIndex()]
            self.preview.setAccessibleDescription(plot.title)
            last = partial(_last_frame, plot, self._total)
            self.preview.show_figure(last, self.chosen_size, self._showing)

    def _build(self) -> None:
        left = QWidget()
        left.setFixedWidth(288)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for text, control in (
            ("&Plot", self.plot),
            ("Si&ze", self.size_box),
            ("For&mat", self.kind),
            ("Spee&d", self.speed),
            ("M&eta-iterations per frame", self.every),
        ):
            column.addWidget(caption_of(text, control))
            column.addWidget(control)
            column.addSpacing(4)
        column.addWidget(self.as_shown)
        column.addWidget(self.loop)
        column.addSpacing(4)
        column.addWidget(caption_of("&Folder", self.folder))
        column.addLayout(self.folder_row())
        column.addWidget(self.summary)
        column.addStretch(1)
        self.build(left)
        self.resize(960, 600)


def _last_frame(plot: MovingPlot, total: int) -> AnyPlot:
    last = plot.last(total)
    [name] = meta_iterations_in_words([last], total)
    return captioned(plot.at(last), name)
