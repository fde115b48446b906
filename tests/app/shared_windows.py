"""The real window for one test after another, as new each time."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QSize, QThread, QTimer
from PySide6.QtWidgets import QApplication, QScrollBar, QWidget
from pytestqt.qtbot import QtBot
from qt_manners import LASTING, let_go

from app.application import make_application
from app.main_window import MainWindow
from app.plots.plot_card import PlotCard
from engine.experiments.experiment import Experiment

_TURNS: Final = 3  # of the event loop, after which all is laid out


class Windows:
    """A window for one test after another, on an experiment, in the gallery, without a run.

    What a test leaves is cleared away as a person would do it. Where that does not make the window
    like a new one, it goes, and there is a new one for the next test.

    Args:
        shipped: all experiments that ship.
        experiment: that is set up.
    """

    def __init__(self, shipped: Mapping[str, Experiment], experiment: Experiment) -> None:
        self._shipped, self._experiment = shipped, experiment
        self._window: MainWindow | None = None
        self._size, self._as_new = QSize(), dict[str, object]()

    def enter(self, qtbot: QtBot) -> MainWindow:
        """The window, shown."""
        make_application()
        if self._window is None:
            self._window = window = MainWindow(dict(self._shipped), theme="light")
            window.setup.set_experiment(self._experiment)
            window.setup.history.clear()
            LASTING.append(window)
            window.show()
            qtbot.waitExposed(window)
            qtbot.waitUntil(lambda: _fits(window))
            _settle()
            self._size, self._as_new = window.size(), _state_of(window)
        self._window.activateWindow()
        return self._window

    def leave(self) -> None:
        """Clear away what a test has left."""
        window = self._window
        assert window is not None
        if not window.isVisible() or window.setup.data.is_reading:
            self.close()
            return
        self._clear(window)
        _settle()
        if _state_of(window) != self._as_new:
            self.close()

    def close(self) -> None:
        """Nobody comes any more."""
        if self._window is not None:
            window, self._window = self._window, None
            window.close()
            busy = _busy_in(window)
            let_go(window)
            assert not busy, f"threads are still running, or timers, of {busy}"

    def _clear(self, window: MainWindow) -> None:
        while (popup := QApplication.activePopupWidget()) is not None and popup.close():
            pass
        for other in QApplication.topLevelWidgets():
            if other.isVisible() and other is not window and _belongs_to(other, window):
                other.close()
        window.set_presentation(False)
        window.control.clear()
        window.comparing.shut_down()
        if window.appearance.theme.name != "light":
            window.set_theme("light")
        window.plot_area.arrange()
        window.plot_area.forget_choices()
        setup = window.setup
        setup.set_editable(True)
        setup.set_experiment(self._experiment)
        setup.head.essential_button.setChecked(True)
        setup.head.about_button.setChecked(False)
        for section in setup.form.sections.values():
            section.button.setChecked(False)
        setup.history.clear()
        window.actions_["setup_panel"].setChecked(True)
        window.message_bar.clear()
        window.show_gallery()
        if (focused := window.focusWidget()) is not None:
            focused.clearFocus()
        window.resize(self._size)
        for bar in window.findChildren(QScrollBar):
            bar.setValue(bar.minimum())


def _fits(window: MainWindow) -> bool:
    """Whether it is no higher than the screen, with its frame: it becomes so soon."""
    return window.frameGeometry().height() <= window.screen().availableGeometry().height()


def _busy_in(window: MainWindow) -> set[str]:
    """What in it has a thread that is running, or a timer that is active."""
    threads = [thread for thread in window.findChildren(QThread) if thread.isRunning()]
    timers = [timer for timer in window.findChildren(QTimer) if timer.isActive()]
    return {type(one.parent()).__name__ for one in (*threads, *timers)}


def _settle() -> None:
    for _ in range(_TURNS):
        QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _belongs_to(part: QWidget | None, window: QWidget) -> bool:
    while part is not None and part is not window:
        part = part.parentWidget()
    return part is not None


def _state_of(window: MainWindow) -> dict[str, object]:
    """What tests change and look at."""
    setup, head, area = window.setup, window.setup.head, window.plot_area
    compared = window.comparing
    return {
        "busy": _busy_in(window) - {"Fitting"},  # which looks for a second
        "seen": _seen(window),
        "parts": sorted(type(part).__name__ for part in window.children()),
        "size": (window.size(), window.isFullScreen(), window.isMaximized()),
        "page": (window.body.page, window.windowTitle()),
        "actions": [
            (one.isEnabled(), one.isChecked(), one.isVisible(), one.text(), one.toolTip())
            for one in window.actions()
        ],
        "theme": (window.appearance.theme, window.appearance.choice, window.appearance.size),
        "run": (window.record, window.runner.state, window.timeline.moment),
        "compared": (compared.record, compared.runner.state, compared.left.subject),
        "plots": (area.closed, area.enlarged_key, [*area.shown]),
        "docks": {
            key: (dock.isHidden(), dock.isFloating(), area.dockWidgetArea(dock))
            for key, dock in area.docks.items()
        },
        "cards": [
            one.key
            for one in window.findChildren(PlotCard)
            if one.plot or one.smoothing.share or one.head.axis.wanted
        ],
        "messages": (window.message_bar.note, window.message_bar.question),
        "predicts": (window.view.predicting.is_on, window.view.predicting.seconds),
        "tour": window.dialogs.tour,
        "recent": (window.recent.paths, window.where.words.text()),
        "set-up": (
            head.shows_all,
            head.search.text(),
            [section.is_open for section in setup.form.sections.values()],
            setup.experiment_box.box.count(),
            setup.experiment_box.box.isEnabled(),
            setup.problems,
            setup.is_ready and setup.experiment(),
            setup.origin.own,
            setup.origin.path,
            setup.history.count(),
        ),
        "fields": {
            key: (field.isVisibleTo(setup), field.isEnabled(), field.is_changed, field.problem)
            for key, field in setup.fields.items()
        },
    }


def _seen(whole: QWidget) -> list[object]:
    """What can be seen in a widget, from the outside in."""
    told: list[object] = []
    for part in whole.children():
        if isinstance(part, QWidget) and not part.isWindow() and part.isVisible():
            text = part.text() if hasattr(part, "text") else ""
            place = part.geometry().getRect()
            told.append((place, type(part).__name__, part.isEnabled(), text, *_seen(part)))
    return sorted(told, key=str)  # a panel that lay over the page is the last one from then on
