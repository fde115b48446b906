"""Unexpected errors are reported in a dialog, and the window stays usable."""

import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qFormatLogMessage,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget

from app.failure_dialog import FailureDialog
from app.failure_report import make_report

_SAME_STORM_SECONDS = 2.0
_MOST_ADDED = 20


class CrashGuard(QObject):
    """Catches what no one else does: in slots, in timers, in threads, and what Qt finds critical.

    The first failure opens a `FailureDialog`; what fails while it is open is added to its report.
    After "Continue", the same failure is shown again only after a pause: otherwise a timer that
    fails thirty times a second would keep the dialog open.

    Without a window, a failure is one line on standard error, and the application ends with 1.

    Args:
        application: the application.
        experiment: gives the experiment as TOML, for the report.

    Attributes:
        dialog: the one that is open, if any.
    """

    _caught = Signal(str, str, str)

    def __init__(
        self,
        application: QApplication,
        experiment: Callable[[], str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.dialog: FailureDialog | None = None
        self._application = application
        self._experiment = experiment
        self._installed = False
        self._added = 0
        self._last_seen: dict[str, float] = {}
        self._usual_hook: Callable[..., Any] = sys.excepthook
        self._usual_thread_hook: Callable[..., Any] = threading.excepthook
        self._usual_unraisable_hook: Callable[..., Any] = sys.unraisablehook
        self._usual_message_handler: Any = None
        # Queued: a failure may come in the middle of a paint event, which must be over first.
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch from now on."""
        if self._installed:
            return
        self._installed = True
        self._usual_hook, sys.excepthook = sys.excepthook, self._hook
        self._usual_thread_hook, threading.excepthook = threading.excepthook, self._thread_hook
        self._usual_unraisable_hook = sys.unraisablehook
        sys.unraisablehook = self._unraisable_hook
        self._usual_message_handler = qInstallMessageHandler(self._message_handler)

    def uninstall(self) -> None:
        """Put back what was there before, and close the dialog."""
        if not self._installed:
            return
        self._installed = False
        sys.excepthook = self._usual_hook
        threading.excepthook = self._usual_thread_hook
        sys.unraisablehook = self._usual_unraisable_hook
        qInstallMessageHandler(self._usual_message_handler)
        if self.dialog:
            self.dialog.reject()

    def _hook(
        self, kind: type[BaseException], error: BaseException, where: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            self._catch(error, "")
        else:  # an interrupt from the keyboard, or the way out
            self._usual_hook(kind, error, where)

    def _thread_hook(self, hooked: threading.ExceptHookArgs) -> None:
        if isinstance(hooked.exc_value, Exception):
            name = hooked.thread.name if hooked.thread else "that has ended"
            self._catch(hooked.exc_value, f"In the thread {name}:\n")
        else:
            self._usual_thread_hook(hooked)

    def _unraisable_hook(self, hooked: Any) -> None:
        if isinstance(hooked.exc_value, Exception):
            self._catch(hooked.exc_value, f"{hooked.err_msg or 'While an object was deleted'}:\n")
        else:
            self._usual_unraisable_hook(hooked)

    def _message_handler(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if self._usual_message_handler is not None:
            self._usual_message_handler(kind, context, text)
        elif sys.stderr is not None:
            print(qFormatLogMessage(kind, context, text), file=sys.stderr)
        if kind == QtMsgType.QtCriticalMsg:
            self._caught.emit(f"Qt reported an error: {text}", text, text)

    def _catch(self, error: Exception, before: str) -> None:
        """Pass a failure on to the window's thread, from whichever it happened in."""
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        told = before + "".join(traceback.format_exception(error))
        self._caught.emit(_sentence(error), told, f"{type(error).__name__} {where}")

    @Slot(str, str, str)
    def _show(self, sentence: str, told: str, where: str) -> None:
        now = time.monotonic()
        last = self._last_seen.get(where)
        self._last_seen[where] = now
        if self.dialog is not None:
            if last is None and self._added < _MOST_ADDED:
                self._added += 1
                self.dialog.add(f"\nThen another error occurred:\n\n{told}")
            return
        if last is not None and now - last < _SAME_STORM_SECONDS:
            return
        window = _window_in_front(self._application)
        if window is None:
            print(f"retrograde: {sentence}", file=sys.stderr)
            self._application.exit(1)
            return
        self._added = 0
        self.dialog = FailureDialog(sentence, make_report(told, self._experiment), window)
        self.dialog.quit_requested.connect(self._quit)
        self.dialog.finished.connect(self._forget_dialog)
        self.dialog.open()

    @Slot()
    def _forget_dialog(self) -> None:
        if self.dialog:
            now = time.monotonic()
            self._last_seen = dict.fromkeys(self._last_seen, now)
            self.dialog.deleteLater()
            self.dialog = None

    @Slot()
    def _quit(self) -> None:
        self._application.closeAllWindows()
        self._application.quit()


def _sentence(error: Exception) -> str:
    """The sentence to show; the details are in the report."""
    text = str(error).strip().partition("\n")[0].rstrip(".")
    named = type(error).__name__
    return f"Internal error in Retrograde: {named}{f': {text}' if text else ''}."


def _window_in_front(application: QApplication) -> QWidget | None:
    """The window that a dialog belongs to, if there is one to be seen."""
    modal = application.activeModalWidget()
    if modal is not None:
        return modal
    active = application.activeWindow()
    if active is not None:
        return active
    return next((widget for widget in application.topLevelWidgets() if widget.isVisible()), None)
