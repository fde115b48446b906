"""What is said of a recorded run."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from engine.experiments.strategies import STRATEGIES
from engine.hypergradients.catalogue import METHODS

if TYPE_CHECKING:
    from engine.library.stored_run import StoredRun

STAR: Final = "★"
_MINUTE, _HOUR = 60.0, 3600.0


def loss_in_words(run: "StoredRun") -> str:
    """The lowest validation loss after a meta-iteration's training; empty if there is none."""
    loss = run.best_validation_loss
    return "" if loss is None else f"{loss:.4g}"


def duration_in_words(seconds: float) -> str:
    """How long something took."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.1f} h"


def when_in_words(created: str, now: datetime | None = None) -> str:
    """When a run began, here: today the hour, in this year the day.

    Args:
        created: as in 2026-05-17T12:30:00+00:00.
        now: the time; None: what it is.
    """
    try:
        then = datetime.fromisoformat(created).astimezone()
    except ValueError:
        return created
    now = now or datetime.now().astimezone()
    if then.date() == now.date():
        return f"{then:%H:%M}"
    return f"{then.day} {then:%b}" if then.year == now.year else f"{then.day} {then:%b %Y}"


def state_in_words(run: "StoredRun") -> str:
    """What became of it, and where, if not at its end."""
    told = "ended by an error" if run.state == "failed" else run.state
    if run.state == "completed" or not run.planned:
        return told
    return f"{told}, {run.done} of {run.planned}"


def can_go_on(run: "StoredRun") -> bool:
    """Whether there is something left to do of a run that goes on no more."""
    return run.state in ("interrupted", "stopped", "failed") and run.done < run.planned


def method_in_words(run: "StoredRun") -> str:
    """How its hypergradient was found, or what moved its hyperparameters without one."""
    strategy = STRATEGIES.get(run.strategy)
    if strategy is not None and strategy.tries:
        return strategy.title
    return METHODS[run.method].title if run.method in METHODS else run.method


def about(run: "StoredRun") -> str:
    """All that the list knows of a run, in two rows."""
    strategy = STRATEGIES.get(run.strategy)
    ways = dict.fromkeys((method_in_words(run), strategy.title if strategy else run.strategy))
    loss = loss_in_words(run)
    rows = (
        f"{run.experiment_name} · {run.data} · {' · '.join(ways)} · seed {run.seed}",
        " · ".join(
            filter(
                None,
                (
                    state_in_words(run),
                    f"validation loss {loss}" if loss else "",
                    duration_in_words(run.seconds),
                    when_in_words(run.created),
                ),
            )
        ),
    )
    return "\n".join(rows)
