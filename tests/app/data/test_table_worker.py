"""Tables are read beside the window: it comes first, and only the latest request counts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread, QTimer
from pytestqt.qtbot import QtBot

from app.data.giving_way import GivingWay
from app.data.table_worker import Look, TableWorker
from engine.data.dataset import Dataset
from engine.data.readers import USUAL
from engine.data.readers.preview import Preview
from engine.experiments.experiment import Data

PATIENCE = 30_000


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[TableWorker]:
    made = TableWorker()
    yield made
    made.shut_down()


def table(folder: Path, rows: int, name: str = "table.csv") -> Data:
    path = folder / name
    path.write_text("a,b,kind\n" + "1.5,2,u\n2.5,3,v\n" * (rows // 2))
    return Data(file=str(path))


def test_a_table_is_looked_at_and_read(worker: TableWorker, qtbot: QtBot, tmp_path: Path) -> None:
    data = table(tmp_path, 10)
    look = Look(str(data.file), USUAL)
    with qtbot.waitSignal(worker.looked, timeout=PATIENCE) as looked:
        worker.look(look)
    assert looked.args[0] is look
    assert isinstance(looked.args[1], Preview)
    with qtbot.waitSignal(worker.read, timeout=PATIENCE) as read:
        worker.open(data)
    assert read.args[0] is data
    assert isinstance(read.args[1], Dataset)


def test_why_a_table_cannot_be_read_is_said(
    worker: TableWorker, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(worker.read, timeout=PATIENCE) as read:
        worker.open(Data(file=str(tmp_path / "gone.csv")))
    assert read.args[1] is None
    assert "gone.csv: expected a file" in read.args[2]


def test_a_new_request_ends_what_is_being_read(
    worker: TableWorker, qtbot: QtBot, tmp_path: Path
) -> None:
    large, small = table(tmp_path, 2_000_000, "large.csv"), table(tmp_path, 10, "small.csv")
    answers: list[object] = []
    worker.read.connect(lambda data, *_: answers.append(data))
    worker.open(large)
    QTimer.singleShot(50, lambda: worker.open(small))
    qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
    assert answers == [small]


class _Busy(QThread):
    """A thread that gives way forty times."""

    def __init__(self) -> None:
        super().__init__()
        self.way = GivingWay(self.isInterruptionRequested, self)
        self.turns = 0

    def run(self) -> None:
        for _ in range(40):
            self.msleep(11)  # longer than it may be busy at a stretch
            self.way.hold()
            self.turns += 1


def test_a_busy_thread_goes_on_once_the_window_had_its_turn(qtbot: QtBot) -> None:
    busy = _Busy()
    with qtbot.waitSignal(busy.finished, timeout=PATIENCE):
        busy.start()
    assert busy.turns == 40


def test_a_busy_thread_waits_for_a_window_that_is_busy_itself(qtbot: QtBot) -> None:
    busy = _Busy()
    busy.start()
    busy.wait(300)  # the window does nothing else meanwhile
    assert busy.turns == 0
    busy.requestInterruption()
    assert busy.wait(1500), "one that is to end is not held: forty times 11 ms"


def test_nothing_is_started_once_it_has_been_shut_down(qtbot: QtBot, tmp_path: Path) -> None:
    worker = TableWorker()
    worker.shut_down()
    worker.look(Look(str(table(tmp_path, 10).file), USUAL))
    assert worker.findChildren(QThread) == []
