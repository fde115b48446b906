"""What is where in the window: bar at the top, panel left, page right, timeline below."""

from itertools import pairwise
from typing import Final, Literal

from PySide6.QtCore import QRect, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.comparison.control import ComparisonControl
from app.guide.gallery import Gallery
from app.guide.gallery_index import GalleryIndex
from app.message_bar import MessageBar
from app.plots.plot_area import PlotArea
from app.ready_page import ReadyPage
from app.setup.setup_panel import SetupPanel
from app.timeline.timeline import Timeline
from app.top_bar import TopBar
from app.waiting_page import WaitingPage

Page = Literal["gallery", "ready", "waiting", "run", "compare"]

_PANEL: Final = 320  # pixels, in type of the usual size


class WindowBody(QWidget):
    """Lays the window's parts out; shows the gallery until asked for something else.

    The gallery has its groups on the left; every other page has the set-up. It is there before
    its parts, which are made where they belong: a style sheet makes it slow to move them.

    Attributes:
        panel, pages: hold what is in turn on the left, and on the right.

    Signals:
        page_changed: another page is shown.
    """

    page_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = QStackedWidget(self)
        self.pages = QStackedWidget(self)
        self._is_over = False

    def furnish(
        self,
        bar: TopBar,
        setup: SetupPanel,
        index: GalleryIndex,
        gallery: Gallery,
        ready: ReadyPage,
        waiting: WaitingPage,
        plot_area: PlotArea,
        comparing: ComparisonControl,
        message_bar: MessageBar,
        timeline: Timeline,
    ) -> None:
        """Put the parts into their places.

        Args:
            bar: at the top.
            setup: on the left.
            index: there in turn, for the gallery.
            gallery: on the right, in turn with what a run shows.
            ready: there until a run was started.
            waiting: there until a run that was started has plots.
            plot_area: the run.
            comparing: comparisons of methods and strategies, with a panel and a timeline.
            message_bar: above these.
            timeline: below all of them.
        """
        self._setup, self._index, self._gallery, self._methods = (
            setup,
            index,
            gallery,
            comparing.left,
        )
        self._bar, self._timeline, self._message_bar = bar, timeline, message_bar
        self._named: dict[Page, QWidget] = {
            "gallery": gallery,
            "ready": ready,
            "waiting": waiting,
            "run": plot_area,
            "compare": comparing.pages,
        }
        for page in self._named.values():
            self.pages.addWidget(page)
        for side in (index, setup, comparing.left):
            self.panel.addWidget(side)
        right = QVBoxLayout()
        right.setContentsMargins(4, 0, 4, 0)
        right.setSpacing(4)
        right.addWidget(message_bar)
        right.addWidget(self.pages, 1)
        message_bar.hide()
        self._both = QHBoxLayout()
        self._both.setSpacing(4)
        self._both.addWidget(self.panel)
        self._both.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addLayout(self._both, 1)
        self._below = QStackedWidget()
        for lanes in (timeline, comparing.lanes):
            self._below.addWidget(lanes)
        self._below.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        whole.addWidget(self._below)
        stops = (bar.export_button, index.groups, index.recent, *gallery.stops)
        for one, after in pairwise(stops):  # and only then what is below them
            QWidget.setTabOrder(one, after)
        self.set_type_size(1.0)

    @property
    def page(self) -> Page:
        """What is shown on the right."""
        shown = self.pages.currentWidget()
        return next(name for name, page in self._named.items() if page is shown)

    @Slot()
    def show_page(self, page: Page) -> None:
        """Show something else on the right, with what belongs to it on the left."""
        self.pages.setCurrentWidget(self._named[page])
        beside = {"gallery": self._index, "compare": self._methods}
        self.panel.setCurrentWidget(beside.get(page, self._setup))
        self._below.setCurrentIndex(1 if page == "compare" else 0)
        self._message_bar.tell_notes(page not in ("gallery", "compare"))
        if page == "gallery":
            self._gallery.focus_card()
        self.page_changed.emit()

    def set_type_size(self, size: float) -> None:
        """Make room on the left for type that is so many times as large as usual."""
        self.panel.setFixedWidth(round(_PANEL * size))

    def lay_over(self, over: bool) -> None:
        """Lay the panel over the page, or beside it again."""
        if over == self._is_over:
            return
        self._is_over = over
        self.panel.setAutoFillBackground(over)
        if over:
            self._both.removeWidget(self.panel)
            self._place_panel()
            self.panel.raise_()
        else:
            self._both.insertWidget(0, self.panel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel that lies over the page is as high as the page."""
        super().resizeEvent(event)
        self._place_panel()

    def _place_panel(self) -> None:
        if self._is_over:
            top = self._bar.height()
            height = self.height() - top - self._below.height()
            self.panel.setGeometry(QRect(0, top, self.panel.width(), height))
