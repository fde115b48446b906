import gc
import sys
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.garbage import GarbageCollector


class Cycle:
    """Something that only the collector can let go."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GarbageCollector]:
    gc.collect()
    made = GarbageCollector()
    yield made
    made.stop()


def let_go_in_a_thread() -> tuple[weakref.ref[Cycle], list[threading.Thread]]:
    """A cycle that nobody holds, and then so many more that Python would collect at once."""
    where: list[threading.Thread] = []
    first = Cycle()
    reference = weakref.ref(first)
    weakref.finalize(first, lambda: where.append(threading.current_thread()))
    del first
    thread = threading.Thread(target=lambda: [Cycle() for _ in range(20_000)])
    thread.start()
    thread.join()
    return reference, where


def test_by_itself_python_collects_in_any_thread() -> None:
    _, where = let_go_in_a_thread()
    assert where
    assert where != [threading.main_thread()]


def test_other_threads_collect_nothing_and_the_windows_does(
    collector: GarbageCollector, qtbot: QtBot
) -> None:
    collector.start()
    reference, where = let_go_in_a_thread()
    assert reference() is not None
    qtbot.waitUntil(lambda: reference() is None, timeout=5000)
    assert where == [threading.main_thread()]


def test_nothing_is_collected_before_it_is_due(
    collector: GarbageCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    collected: list[int] = []
    monkeypatch.setattr(gc, "collect", collected.append)
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    for counts in ((700, 10, 10), (701, 3, 3), (701, 11, 3), (5, 11, 11)):
        monkeypatch.setattr(gc, "get_count", lambda counts=counts: counts)
        collector.look()
    assert collected == [0, 1, 2]


@pytest.fixture
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that were there before the test, as pytest's own, count as if they had ended."""
    before = sys._current_frames().keys() - {threading.get_ident()}
    frames = sys._current_frames
    monkeypatch.setattr(
        sys,
        "_current_frames",
        lambda: {thread: frame for thread, frame in frames().items() if thread not in before},
    )


@pytest.mark.usefixtures("_alone")
def test_python_is_in_charge_again_afterwards(collector: GarbageCollector) -> None:
    collector.start()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()


@pytest.mark.usefixtures("_alone")
@pytest.mark.parametrize("name", ["retrograde-loading", "IO loop", "Profile"])
def test_as_long_as_another_thread_goes_on_python_does_not_collect(
    collector: GarbageCollector, name: str
) -> None:
    may_end = threading.Event()
    thread = threading.Thread(target=may_end.wait, args=(60,), name=name)
    thread.start()
    collector.start()
    collector.stop()
    assert not gc.isenabled()
    may_end.set()
    thread.join()
    collector.stop()
    assert gc.isenabled()


@pytest.mark.usefixtures("_alone")
def test_the_kernels_threads_which_run_no_python_do_not_count(collector: GarbageCollector) -> None:
    may_end = threading.Event()
    thread = threading.Thread(target=may_end.wait, args=(60,), name="retrograde-helper-1")
    thread.start()
    collector.start()
    collector.stop()
    assert gc.isenabled()
    may_end.set()
    thread.join()
