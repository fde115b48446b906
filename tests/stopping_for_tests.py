"""Signals that end a process, with the process that runs the tests going on."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.stopping import STOPPING, WORDS


class Ended(BaseException):
    """Where the process would have been over.

    Attributes:
        status: what it would have ended with.
        sentence: what it would have said.
    """

    def __init__(self, number: int, rest: str) -> None:
        super().__init__(number, rest)
        self.status = 128 + number
        self.sentence = f"{WORDS[number]}{rest}."


@contextmanager
def ending_by_exception() -> Iterator[None]:
    """Within, a signal to stop raises `Ended` after everything else that it does."""

    def end(number: int, rest: str = "") -> None:
        raise Ended(number, rest)

    usual = {number: signal.getsignal(number) for number in WORDS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.stopping.end", end)
        patch.setattr(STOPPING, "_number", 0)
        for number in WORDS:
            signal.signal(number, signal.SIG_DFL)
        STOPPING.listen()
        try:
            yield
        finally:
            for number, handler in usual.items():
                signal.signal(number, handler)
