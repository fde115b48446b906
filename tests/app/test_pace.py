import pytest

from app.pace import Pace


class Clock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(("seconds", "pause"), [(0.0, 1.0), (0.05, 1.0), (0.1, 2.0), (3.0, 60.0)])
def test_the_next_time_is_after_twenty_times_what_it_took_and_never_within_a_second(
    seconds: float, pause: float
) -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.is_due()
    pace.do(lambda: clock.pass_by(seconds))
    clock.pass_by(pause - 0.001)
    assert not pace.is_due()
    clock.pass_by(0.002)
    assert pace.is_due()


def writes(steps: int) -> list[float]:
    """How long each write takes in a run of that many seconds: the longer, the later it comes."""
    clock, taken = Clock(), []
    pace = Pace(clock)
    for step in range(steps):
        clock.pass_by(1.0)
        if pace.is_due():
            taken.append(0.01 * step)
            pace.do(lambda seconds=taken[-1]: clock.pass_by(seconds))  # type: ignore[misc]
    return taken


def test_writing_takes_a_twentieth_of_a_run_at_most_and_grows_with_its_length() -> None:
    short, long = writes(1000), writes(2000)
    assert 0 < sum(short[:-1]) <= 1000 / 20
    assert sum(long[:-1]) <= 2000 / 20
    assert sum(long) == pytest.approx(2 * sum(short), rel=0.2)
