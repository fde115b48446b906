"""What is where in the window: set-up left; gallery, wait or run right; the timeline below."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.diverged_banner import DivergedBanner
from app.guide.gallery import Gallery
from app.plain_text import PlainLabel
from app.plots.plot_area import PlotArea
from app.setup.setup_panel import SetupPanel
from app.timeline.timeline import Timeline
from app.waiting_page import WaitingPage


class WindowBody(QWidget):
    """Lays the window's parts out; shows the gallery until asked to show the run.

    Args:
        setup: on the left.
        gallery: on the right, in turn with the run.
        waiting: there until a run that was started has plots.
        plot_area: the run.
        timeline: below all of them.
        banner: above the run; hidden at first.
    """

    def __init__(
        self,
        setup: SetupPanel,
        gallery: Gallery,
        waiting: WaitingPage,
        plot_area: PlotArea,
        timeline: Timeline,
        banner: DivergedBanner,
    ) -> None:
        super().__init__()
        self._gallery, self._waiting = gallery, waiting
        self._run = QWidget()
        column = QVBoxLayout(self._run)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._note = PlainLabel()
        self._note.setObjectName("note")
        self._note.hide()
        column.addWidget(self._note)
        column.addWidget(plot_area, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(gallery)
        self._pages.addWidget(waiting)
        self._pages.addWidget(self._run)
        right = QVBoxLayout()
        right.setContentsMargins(4, 0, 8, 0)
        right.addWidget(banner)
        right.addWidget(self._pages, 1)
        banner.hide()
        both = QHBoxLayout()
        both.setSpacing(8)
        both.addWidget(setup)
        both.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(both, 1)
        whole.addWidget(timeline)

    @property
    def shows_gallery(self) -> bool:
        """Whether the gallery is shown, rather than the run."""
        return self._pages.currentWidget() is self._gallery

    @property
    def shows_waiting(self) -> bool:
        """Whether it is shown that a run was started, and has no plots yet."""
        return self._pages.currentWidget() is self._waiting

    def set_note(self, text: str) -> None:
        """Say something above the plots; with "", nothing."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    @property
    def note(self) -> str:
        """What is said above the plots."""
        return self._note.text()

    @Slot()
    def show_waiting(self) -> None:
        """Show what the run waits for."""
        self._pages.setCurrentWidget(self._waiting)

    @Slot()
    def show_gallery(self) -> None:
        """Show the experiments as cards."""
        self._pages.setCurrentWidget(self._gallery)
        self._gallery.setFocus()

    @Slot()
    def show_run(self) -> None:
        """Show the run's plots."""
        self._pages.setCurrentWidget(self._run)
