"""What is said of a recorded run."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from runs_desk import stored

from app.library.words import (
    about,
    can_go_on,
    duration_in_words,
    method_in_words,
    state_in_words,
    when_in_words,
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (10, "10 s"),
        (119, "119 s"),
        (180, "3 min"),
        (9000, "2.5 h"),
    ],
)
def test_durations_have_the_unit_that_people_use(seconds: float, words: str) -> None:
    assert duration_in_words(seconds) == words


def test_a_time_is_the_hour_today_and_else_the_day() -> None:
    now = datetime(2026, 5, 17, 12, 30).astimezone()
    assert when_in_words(now.isoformat(), now) == "12:30"
    assert when_in_words((now - timedelta(days=3)).isoformat(), now) == "14 May"
    assert when_in_words((now - timedelta(days=300)).isoformat(), now) == "21 Jul 2025"
    assert when_in_words("long ago", now) == "long ago"


def test_a_state_tells_how_far_a_run_came_that_is_not_complete() -> None:
    run = stored(1)
    assert state_in_words(run) == "running, 3 of 9"
    assert state_in_words(replace(run, state="completed")) == "completed"
    assert state_in_words(replace(run, state="failed")) == "ended by an error, 3 of 9"


def test_what_was_stopped_before_its_end_can_go_on() -> None:
    run = stored(1)
    assert not can_go_on(run), "it does"
    assert can_go_on(replace(run, state="interrupted"))
    assert not can_go_on(replace(run, state="stopped", done=9))
    assert not can_go_on(replace(run, state="diverged"))


def test_a_search_is_called_by_its_strategy_for_it_has_no_method() -> None:
    assert method_in_words(stored(1)) == "Exact reversal"
    assert method_in_words(replace(stored(1), strategy="random")) == "Random search"
    assert method_in_words(replace(stored(1), method="of another version")) == "of another version"
    assert "tiny · iris · Exact reversal · Adam · seed 0" in about(stored(1))
