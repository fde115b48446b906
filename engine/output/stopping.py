"""What was stopped before its end, and what that saved."""

from typing import Any

from engine.runs.records import RunRecord


def of_stopping(record: RunRecord) -> dict[str, Any] | None:
    """What a run stopped early; None: nothing.

    Returns:
        Of a search how many trials, and the share of all training iterations that was not trained,
        with what measuring learning curves took, in training iterations; of another run why it
        ended.
    """
    finished = record.finished
    if finished is not None and finished.prediction is not None:
        return {"why": finished.message}
    stopped = [done for done in record.meta_iterations if done.prediction is not None]
    if not stopped:
        return None
    costs = [done.cost for done in record.meta_iterations if done.cost is not None]
    return {
        "trials": len(stopped),
        "of": len(record.meta_iterations),
        "share of training iterations saved": record.share_saved,
        "measuring took, in training iterations": sum(one.judgements for one in costs),
    }
