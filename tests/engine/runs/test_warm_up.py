import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from experiments_for_tests import tiny

from engine.dynamics.catalogue import DYNAMICS
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.kernels.keeping import COMPILING
from engine.runs.warm_up import is_compiling, warm_up
from engine.tasks.catalogue import make_task
from engine.tasks.task import Piece

ANY_TIME = 60.0


@dataclass
class Needs:
    """A task that needs something compiled."""

    what: Callable[[], object]

    def pieces(self, *, tangents: bool = False) -> list[Piece]:
        return [("something", self.what)]


@pytest.fixture
def slow() -> Iterator[threading.Event]:
    """Not done before this is set; and nothing is left of it."""
    may_end = threading.Event()
    yield may_end
    may_end.set()
    COMPILING.clear()
    for thread in threading.enumerate():
        if thread.name == "retrograde-compiling":
            thread.join(ANY_TIME)


def two_weights() -> Experiment:
    changes = {"data.source": "curved surface", "model.kind": "two weights"}
    return override(tiny(), {**changes, "meta.objective": "training"})


@pytest.mark.parametrize(
    "experiment", [tiny(), two_weights(), load_experiment("weight-sharing", stand_in=True)]
)
def test_once_all_is_compiled_nothing_speaks_of_it(experiment: Experiment) -> None:
    for _ in range(2):  # the first time loads it, and may still compile
        told = list(warm_up(make_task(experiment), DYNAMICS[experiment.training.dynamics]))
    assert not [event for event in told if "Compiling" in event.what]


def test_what_takes_long_is_told_piece_by_piece(slow: threading.Event) -> None:
    telling = warm_up(Needs(lambda: slow.wait(ANY_TIME)), DYNAMICS["momentum-sgd"])
    told = next(event for event in telling if "something" in event.what)
    assert (told.what, told.done, told.total) == ("Loading: something", 2, 3)
    COMPILING.set()
    told = next(event for event in telling if "Compiling" in event.what)
    assert told.what == "Compiling (first run only): something"
    COMPILING.clear()
    assert next(telling) == told, "it was compiled, and is now being loaded"
    slow.set()
    assert all(event == told for event in telling)


def test_who_gives_up_need_not_wait_for_what_cannot_be_interrupted(slow: threading.Event) -> None:
    telling = warm_up(Needs(lambda: slow.wait(ANY_TIME)), DYNAMICS["momentum-sgd"])
    next(event for event in telling if "something" in event.what)
    began = time.monotonic()
    telling.close()
    assert time.monotonic() - began < ANY_TIME / 2
    assert is_compiling()
    slow.set()


def test_what_fails_is_raised_where_it_is_waited_for() -> None:
    def fail() -> None:
        raise MemoryError("no room for machine code")

    with pytest.raises(MemoryError, match="no room"):
        list(warm_up(Needs(fail), DYNAMICS["momentum-sgd"]))
