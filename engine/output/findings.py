"""The numbers that the paper reports of its experiments, taken from a run's record."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.experiments.changes import in_words
from engine.experiments.measures import DETECTION, LEARNED, Measures
from engine.experiments.strategies import STRATEGIES
from engine.hyperparameters.example_weights import distrusted
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import values_of
from engine.output.at_the_minimum import at_the_minimum
from engine.output.inputs import of_inputs
from engine.output.real_time import of_real_time
from engine.output.stopping import of_stopping
from engine.plots.columns import finite
from engine.plots.final_accuracy import closed, rows_of
from engine.plots.hyperparameters import strands_of
from engine.plots.mean_hypergradient import statistics
from engine.plots.sweeps import chaos_onset, coordinates, slopes, swept
from engine.runs.overfitting import overfitting
from engine.runs.records import RunRecord


def findings(record: RunRecord) -> dict[str, Any]:
    """What a run found, by the figure of the paper that shows it.

    Returns:
        Nested tables of numbers, lists and words, ready for JSON; what the run has nothing to say
        of is left out. NaN stands for what is not known.
    """
    if not record.meta_iterations:
        return {}
    experiment, penalties = record.experiment, record.experiment.hyperparameters["l2_penalties"]
    if STRATEGIES[experiment.meta.optimizer].shows == "sweep":
        return {"chaos": _chaos(record)}
    if STRATEGIES[experiment.meta.optimizer].shows == "samples":
        return {"initial hypergradient": _initial_hypergradient(record)}
    if record.is_one_run:
        return {"real time": of_real_time(record)}
    found: dict[str, Any] = {"objective": _objective(record)}
    if STRATEGIES[experiment.meta.optimizer].sees_objective:
        found["at the minimum"] = at_the_minimum(record)
    if (overfitted := overfitting(record)) is not None:
        found["overfitting"] = overfitted.sentence
    if "initial_scales" in record.free:
        found["initial scales"] = _scales(record)
    if "l2_penalties" in record.free and penalties.granularity == "weight":
        found["penalties"] = _penalties(record)
    if "l2_penalties" in record.free and penalties.granularity == "input":
        found["inputs"] = of_inputs(record)
    if "example_weights" in record.free:
        found["example weights"] = _example_weights(record)
    if "training_inputs" in record.current:
        found["learned data"] = _learned_data(record)
    if "sharing" in record.current:
        found["weight sharing"] = _weight_sharing(record)
    if "interactions" in record.free:
        found["interactions"] = _interactions(record)
    if "representation" in record.current:
        found["held-out episodes"] = _held_out_episodes(record)
    if "past_weights" in record.free:
        found["weights on the past"] = _weights_on_the_past(record)
    if "kernel_widths" in record.free:
        found["kernel ridge"] = _kernel_ridge(record)
    if (stopped := of_stopping(record)) is not None:
        found["stopped early"] = stopped
    if record.changed:
        found["changed during the run"] = _changes(record)
    return found


def _changes(record: RunRecord) -> dict[str, str]:
    """Settings that are others from a meta-iteration on, in words."""
    strategy = STRATEGIES[record.experiment.meta.optimizer]
    return {
        f"from {strategy.name_of(change.meta_iteration)}": in_words(
            change.settings, record.started_from
        )
        for change in record.changes
    }


def _objective(record: RunRecord) -> dict[str, Any]:
    """The loss that is differentiated, at first and at last."""
    name = record.experiment.meta.objective
    told = [done.measures for done in record.meta_iterations]
    if record.finished and record.finished.measures:
        told.append(record.finished.measures)
    values = [measures[f"{name}_loss"] for measures in told]
    losses = [loss for loss in values if loss is not None]  # the end may have no such part
    return {
        "loss": name,
        "first": losses[0],
        "last": losses[-1],
        "last against first": losses[-1] / losses[0] if losses[0] else float("nan"),
        "of every meta-iteration, and at last": losses,
    }


def _scales(record: RunRecord) -> dict[str, Any]:
    """Figure 5: where each group's initial scale arrived, and the usual choice."""
    scales = zip(record.groups, record.current["initial_scales"], strict=False)
    return {
        group.name: {
            "scale": float(scale),
            "1/√fan-in": None if group.fan_in is None else 1 / np.sqrt(group.fan_in),
        }
        for group, scale in scales
    }


def _penalties(record: RunRecord) -> dict[str, Any]:
    """Figure 6: how far the penalties of single weights went apart."""
    start, penalties = values_of("l2_penalties", [record.initial, record.current])
    low, middle, high = np.quantile(penalties, (0.0, 0.5, 1.0))
    return {
        "start": float(np.median(start)),
        "least": float(low),
        "median": float(middle),
        "greatest": float(high),
    }


def _example_weights(record: RunRecord) -> dict[str, Any]:
    """How well weights find corrupted labels, and what the final models come to, seed by seed."""
    weights, last = record.current["example_weights"], _last(record)
    found: dict[str, Any] = {"distrusted": float(distrusted(weights).mean())}
    if record.data.corrupted is not None:
        found |= {measure.title: last.get(measure.name) for measure in DETECTION}
    rows = rows_of(record)
    found["test accuracy"] = {
        row.name: {
            "mean": row.mean,
            "standard error": row.error,
            "of every seed": row.accuracies.tolist(),
        }
        for row in rows
    }
    if (share := closed(rows)) is not None:
        found["share of the loss of accuracy that is won back"] = share
    return found


def _learned_data(record: RunRecord) -> dict[str, Any]:
    """Figure 7: what a model that saw only learned images gets right on real ones."""
    first, last = record.meta_iterations[0].measures, _last(record)
    return {
        "images": len(record.current["training_inputs"]),
        "test accuracy at first": first.test_accuracy,
        "test accuracy": last.test_accuracy,
        "test loss": last.test,
    }


def _weight_sharing(record: RunRecord) -> dict[str, Any]:
    """The table beside figure 9: losses of each way to share, and what sharing was learned."""
    others = record.finished.baselines if record.finished else {}
    return {
        "losses": {
            name: {"training": losses.training, "test": losses.test}
            for name, losses in {LEARNED: _last(record), **others}.items()
        },
        "mixing matrices": record.current["sharing"].tolist(),
    }


def _interactions(record: RunRecord) -> dict[str, Any]:
    """Franceschi et al. 2017, section 5.2: which pairs are drawn together, and whether it helps."""
    own, others = record.current["interactions"], {}
    if record.finished:
        others = {**record.finished.baselines, LEARNED: _last(record)}
    return {
        "pairs drawn together": f"{np.count_nonzero(own)} of {own.size}",
        "sum": float(2 * own.sum()),
        "greatest": float(own.max()),
        "losses": {
            name: {"training": one.training, "validation": one.validation, "test": one.test}
            for name, one in others.items()
        },
        "test accuracy": {name: one.test_accuracy for name, one in others.items()},
    }


def _held_out_episodes(record: RunRecord) -> dict[str, Any]:
    """Accuracy on episodes of held-out characters, of what was learned and of its baselines."""
    finished, rates = record.finished, record.current["learning_rates"]
    rows = {LEARNED: _last(record), **(finished.baselines if finished else {})}
    return {
        "accuracy": {name: row["test_accuracy"] for name, row in rows.items()},
        "standard error": {name: row["test_accuracy_error"] for name, row in rows.items()},
        "inner learning rates": rates[:, 0].tolist(),
    }


def _weights_on_the_past(record: RunRecord) -> dict[str, Any]:
    """Bengio 2000: how much of the past to trust, and whether it helps."""
    own = record.current["past_weights"].tolist()
    rows = {**(record.finished.baselines if record.finished else {}), LEARNED: _last(record)}
    return {
        **dict(zip(KINDS["past_weights"].parts, own, strict=False)),
        "errors": {
            name: {"validation": one.validation, "test": one.test} for name, one in rows.items()
        },
    }


def _kernel_ridge(record: RunRecord) -> dict[str, Any]:
    """The width and the penalty, if it is one, and the errors at first and at last."""
    penalties, first, last = record.current.get("l2_penalties"), *_ends(record)
    return {
        "width": float(record.current["kernel_widths"][0]),
        "penalty": float(penalties[0]) if penalties is not None and penalties.size == 1 else None,
        "errors": {
            part: {"first": first.get(f"{part}_loss"), "last": last.get(f"{part}_loss")}
            for part in ("training", "validation", "test")
        },
    }


def _ends(record: RunRecord) -> tuple[Measures, Measures]:
    return record.meta_iterations[0].measures, _last(record)


def _initial_hypergradient(record: RunRecord) -> dict[str, Any]:
    """Figure 4: the mean hypergradient of the learning rates and its standard error."""
    averages = statistics(record, "learning_rates")
    mean, error = averages.mean, averages.error
    names = [strand.name for strand in strands_of(record, "learning_rates")]
    found: dict[str, Any] = {
        "seeds": len(record.meta_iterations),
        "share of entries beyond two standard errors": None,
        "mean": dict(zip(names, mean.T.tolist(), strict=True)),
        "standard error": {},
    }
    if error is not None:
        clear = np.abs(mean) > 2 * error
        found["share of entries beyond two standard errors"] = float(np.mean(clear))
        found["standard error"] = dict(zip(names, error.T.tolist(), strict=True))
    return found


def _chaos(record: RunRecord) -> dict[str, Any]:
    """Figure 10: where along the sweep the hypergradient stops being informative."""
    kind = swept(record)
    if kind is None:
        return {}
    objective = record.experiment.meta.objective
    losses = finite(done.measures[f"{objective}_loss"] for done in record.meta_iterations)
    steepness = np.abs(slopes(record, kind))
    x = coordinates(record, kind)
    best = int(np.nanargmin(losses))
    return {
        "from": float(x[0]),
        "to": float(x[-1]),
        "points": len(x),
        "least loss": float(losses[best]),
        "least loss at": float(x[best]),
        "hypergradient stops being informative at": chaos_onset(record),
        "greatest hypergradient": float(np.max(steepness[np.isfinite(steepness)])),
        "lyapunov exponents": [done.lyapunov_exponent for done in record.meta_iterations],
    }


def _last(record: RunRecord) -> Measures:
    if record.finished and record.finished.measures:
        return record.finished.measures
    return record.meta_iterations[-1].measures
