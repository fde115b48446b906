"""Tables looked at and read off the window's thread; of several asked for, the latest."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from app.data.giving_way import GivingWay
from app.mailbox import Mailbox
from engine.data import readers
from engine.errors import InputError
from engine.experiments.experiment import Data
from engine.tasks.fitting import open_dataset


@dataclass(frozen=True, eq=False)
class Look:
    """A look at the beginning of a table.

    Attributes:
        file: its path.
        reading: what is said of it.
        target: the column to predict, where it has been imported before.
        is_known: whether it has: then nothing is proposed.
    """

    file: str
    reading: readers.Reading
    target: str | None = None
    is_known: bool = False

    def answer(self, _: Callable[[], object]) -> "readers.Preview":
        """What is seen; raises `InputError` if that is no table."""
        if self.is_known:
            return readers.look_again(self.file, self.target, self.reading)
        return readers.look_at(self.file, self.reading)


class _OutdatedError(Exception):
    """Nobody waits for what is being read any more."""


class _Thread(QThread):
    done = Signal(object, object, str)

    def __init__(
        self, answer: Callable[[Any, Callable[[], object]], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._answer = answer
        self.mailbox = Mailbox[Any]()
        self._way = GivingWay(lambda: self.mailbox.has_news, self)

    def run(self) -> None:
        while (request := self.mailbox.take()) is not None:
            try:
                self.done.emit(request, self._answer(request, self._go_on), "")
            except InputError as error:
                self.done.emit(request, None, str(error))
            except _OutdatedError:
                pass

    def _go_on(self) -> None:
        self._way.hold()
        if self.mailbox.has_news:
            raise _OutdatedError


class TableWorker(QObject):
    """Answers requests, which are known again by their identity.

    A new one ends what is being read for the one before.

    Signals:
        looked: the `Look`, its `Preview` or None, and why there is none.
        read: the `Data`, its `Dataset` or None, and why there is none.
    """

    looked = Signal(object, object, str)
    read = Signal(object, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: dict[str, _Thread] = {}
        self._is_over = False

    def look(self, request: Look) -> None:
        """Look at the beginning of a table."""
        self._ask("look", Look.answer, self._pass_look_on, request)

    def open(self, request: Data) -> None:
        """Read a whole table."""
        self._ask("read", open_dataset, self._pass_read_on, request)

    def shut_down(self) -> None:
        """Leave no thread behind, and start none any more."""
        self._is_over = True
        for thread in self._threads.values():
            thread.done.disconnect()
            thread.mailbox.close()
            thread.wait()
            thread.deleteLater()
        self._threads.clear()

    def _ask(
        self,
        name: str,
        answer: Callable[[Any, Callable[[], object]], object],
        pass_on: Callable[[object, object, str], None],
        request: object,
    ) -> None:
        if self._is_over:
            return
        if name not in self._threads:
            thread = self._threads[name] = _Thread(answer, self)
            thread.done.connect(pass_on)
            thread.start()
        self._threads[name].mailbox.put(request)

    @Slot(object, object, str)
    def _pass_look_on(self, request: object, preview: object, problem: str) -> None:
        self.looked.emit(request, preview, problem)

    @Slot(object, object, str)
    def _pass_read_on(self, request: object, dataset: object, problem: str) -> None:
        self.read.emit(request, dataset, problem)
