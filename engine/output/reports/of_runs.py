"""What the report of a run says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import Any, Final

from engine.experiments.amounts import amount
from engine.experiments.experiment import Experiment
from engine.experiments.help_texts import read_texts
from engine.experiments.measures import Measure, Measures
from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import task_of
from engine.hypergradients.catalogue import METHODS
from engine.hyperparameters.kinds import KINDS
from engine.output.findings import findings
from engine.output.reports.content import (
    Block,
    FigureBlock,
    Report,
    Section,
    Table,
    Text,
    facts,
    report_of,
)
from engine.output.reports.reproducing import Origin, how_to_reproduce
from engine.output.reports.settings import settings_in_words
from engine.plots import (
    AS_THE_PLOT_SAYS,
    PLOTS,
    AnyPlot,
    Showing,
    bytes_in_words,
    saving_in_words,
)
from engine.runs.best import best_of
from engine.runs.events import MetaIterationDone
from engine.runs.records import RunRecord
from engine.runs.remarks import remarks
from engine.sentences import listed

_MOST_ROWS: Final = 60
"""Of a table of meta-iterations; of more, some are left out."""
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z★])")
_OF_THE_WINDOW: Final = re.compile("[⋯▸]|the choice above the plot|as chosen above the plot")
_MOST_ENTRIES: Final = 6
"""Of a list among the findings that is told one by one."""


def run_report(
    record: RunRecord,
    plots: Iterable[AnyPlot],
    origin: Origin | None = None,
    showings: Mapping[str, Showing] = MappingProxyType({}),
) -> Report:
    """The report of a run as it stands, or stood at a moment.

    Args:
        record: of the run.
        plots: its figures, in order.
        origin: which run it is; None: one of this process that no library knows.
        showings: how plots are shown, by key; the others as they say themselves.
    """
    origin, experiment = origin or Origin(), record.started_from
    title = experiment.title or experiment.name
    named = origin.name if origin.name not in ("", experiment.name) else ""
    about = [f"run {named}" if named else "", f"experiment {experiment.name}", origin.began]
    if origin.id:
        about.append(f"id {origin.id}")
    return report_of(
        title,
        ", ".join(filter(None, about)),
        Section("asked", "What was asked", asked(experiment, origin.note)),
        Section("outcome", "What came out", _outcome(record)),
        Section("figures", "Figures", figures(plots, showings)),
        Section("course", _title_of_course(record), _course(record)),
        Section("memory", "Memory and exactness", _memory(record)),
        Section("remarks", "What to know", _remarks(record, origin)),
        Section("findings", "Numbers found", _found(record)),
        Section("settings", "Settings", settings_in_words(experiment)),
        Section("reproduce", "How to reproduce it", how_to_reproduce(record, origin)),
    )


def asked(experiment: Experiment, note: str = "") -> tuple[Block, ...]:
    """The experiment's own words, what it did in one sentence, and somebody's note."""
    strategy, method = STRATEGIES[experiment.meta.optimizer], METHODS[experiment.method]
    free = [KINDS[kind].plural for kind in KINDS if kind in experiment.free]
    how = "" if strategy.tries else f" Hypergradients: {_small(method.title)}."
    sentence = (
        f"{strategy.title}, {amount(experiment)}; free: {listed(free or ['nothing'])}. "
        f"Objective: {experiment.meta.objective} loss.{how}"
    )
    told = (experiment.description, sentence)
    notes = (Text(f"Note: {note}", "note"),) if note.strip() else ()
    return (*(Text(one) for one in told if one), *notes)


def figures(
    plots: Iterable[AnyPlot], showings: Mapping[str, Showing] = MappingProxyType({})
) -> tuple[Block, ...]:
    """Plots with what such plots show, in words."""
    whats = {key: text["text"] for key, text in read_texts("plots.toml").items() if "text" in text}
    meant = {other: kind.key for kind in PLOTS.values() for other in kind.axes}
    return tuple(
        FigureBlock(
            plot,
            showings.get(plot.key, AS_THE_PLOT_SAYS),
            outside(whats.get(meant.get(plot.key, plot.key), "")),
        )
        for plot in plots
    )


def outside(text: str) -> str:
    """A help text without the sentences that only mean something within the window."""
    return " ".join(one for one in _SENTENCE.split(text) if not _OF_THE_WINDOW.search(one))


def _outcome(record: RunRecord) -> tuple[Block, ...]:
    end, strategy = record.finished or record.end, STRATEGIES[record.experiment.meta.optimizer]
    done = len(record.meta_iterations)
    blocks: list[Block] = []
    if record.is_past and record.moment is not None:
        which, at = (
            strategy.name_of(record.moment.meta_iteration),
            record.iteration_at(record.moment),
        )
        shown = f"Shown: {which}, iteration {at:,} of {record.iterations:,}"
        blocks.append(Text(f"{shown}. The run went on: {_ending(end) if end else ''}".strip()))
    elif end is None:
        told = strategy.amount(done, record.planned)
        blocks.append(Text(f"The run has not come to its end: {told} done."))
    sentence = " ".join(filter(None, (_fallen(record), _ending(record.finished))))
    if sentence:
        blocks.insert(0, Text(sentence, "wrong" if record.diverged else "lead"))
    if record.finished and record.finished.prediction is not None:
        end_of = record.finished.prediction
        low, high = end_of.ends
        blocks.append(
            Text(
                f"Predicted, not measured: {end_of.quantity} {end_of.value:.4g} after "
                f"{end_of.horizon:,} (90 %: {low:.4g} to {high:.4g}), {end_of.chance}.",
                "note",
            )
        )
    blocks += _judged(record)
    return tuple(blocks)


def _ending(finished: Any) -> str:
    return finished.message if finished is not None else ""


def _fallen(record: RunRecord) -> str:
    """How the objective went, with the best, in a sentence; "" where that is not what it is for."""
    strategy, name = STRATEGIES[record.experiment.meta.optimizer], _objective(record)
    every = [one.get(name) for one in _every_measures(record)]
    known = [loss for loss in every if loss is not None and isfinite(loss)]
    if len(known) < 2 or strategy.shows in ("sweep", "samples"):
        return ""
    quantity, best = name.replace("_", " ").capitalize(), best_of(record)
    lowest = every[best] if best is not None and best < len(every) else None
    where = "" if best is None else strategy.name_of(best)
    if strategy.tries:
        told = f"{quantity} {lowest:.4g} at best, in {where}." if lowest is not None else ""
    else:
        told = f"{quantity} {known[0]:.4g} at first, {known[-1]:.4g} in the end"
        is_last = lowest is None or lowest == known[-1]
        told += "." if is_last else f"; lowest {lowest:.4g}, in {where}."
    accuracies = [m.test_accuracy for m in _every_measures(record) if m.test_accuracy is not None]
    if accuracies and not strategy.tries:
        told += f" Test accuracy {accuracies[0]:.1%} at first, {accuracies[-1]:.1%} in the end."
    return told


def _judged(record: RunRecord) -> list[Block]:
    """The measures at first, at best and in the end, and those of what it is compared with."""
    every, best = _every_measures(record), best_of(record)
    if not every or STRATEGIES[record.experiment.meta.optimizer].shows in ("sweep", "samples"):
        return []
    strategy = STRATEGIES[record.experiment.meta.optimizer]
    columns = {strategy.name_of(0).capitalize(): every[0]}
    if best is not None and 0 < best < len(record.meta_iterations):
        columns[f"{strategy.name_of(best).capitalize()} (best)"] = every[best]
    if record.finished and record.finished.measures:
        columns["In the end"] = record.finished.measures
    elif len(every) > 1:
        columns[f"{strategy.name_of(len(every) - 1).capitalize()} (last)"] = every[-1]
    others = dict(record.finished.baselines) if record.finished else {}
    blocks: list[Block] = [_of_measures(record, columns, "Loss and accuracy")]
    if others:
        blocks.append(_of_measures(record, others, "What it is compared with"))
    return blocks


def _of_measures(record: RunRecord, columns: Mapping[str, Measures], caption: str) -> Table:
    """A row a measure of the task, a column each of several outcomes."""
    rows = []
    for measure in _measures(record):
        values = [each.get(measure.name) for each in columns.values()]
        if any(value is not None for value in values):
            unit = f" ({measure.unit})" if measure.unit else ""
            title = measure.title[:1].upper() + measure.title[1:]
            rows.append((f"{title}{unit}", *(_measured(measure, value) for value in values)))
    return Table(("", *columns), tuple(rows), caption)


def _measures(record: RunRecord) -> Sequence[Measure]:
    return task_of(record.experiment).measures(record.experiment)


def _title_of_course(record: RunRecord) -> str:
    return f"{STRATEGIES[record.experiment.meta.optimizer].unit.capitalize()}s"


def _course(record: RunRecord) -> tuple[Block, ...]:
    """The table of meta-iterations."""
    strategy, every = STRATEGIES[record.experiment.meta.optimizer], record.meta_iterations
    if not every:
        return ()
    best = best_of(record)
    chosen = _some(len(every), _MOST_ROWS, best)
    measures = [
        one for one in _measures(record) if any(d.measures.get(one.name) is not None for d in every)
    ]
    reverses = any(done.reversed_exactly is not None for done in every)
    has_norm = not strategy.tries
    predicts = any(done.prediction is not None for done in every)
    headers = [strategy.unit.capitalize(), *(m.title[:1].upper() + m.title[1:] for m in measures)]
    headers += ["Hypergradient norm"] if has_norm else []
    headers += ["Reversed", "Bit buffer"] if reverses else []
    headers += ["Seconds", *(["Predicted"] if predicts else [])]

    def row(place: int) -> tuple[str, ...]:
        done = every[place]
        name = strategy.name_of(place).rpartition(" ")[2] + (" ★" if place == best else "")
        cells = [name, *(_measured(one, done.measures.get(one.name)) for one in measures)]
        cells += [_number(done.hypergradient_norm)] if has_norm else []
        if reverses:
            cells += [_reversed(done), bytes_in_words(done.memory.buffer_bytes)]
        cells.append(f"{done.seconds:.3g}")
        if predicts:
            told = done.prediction
            cells.append("" if told is None else f"{told.quantity} {told.value:.4g} (stopped)")
        return tuple(cells)

    words = (len(headers) - 1,) if predicts else ()
    blocks: list[Block] = [Table(tuple(headers), tuple(map(row, chosen)), words=words)]
    told = "★ marks the best." if best in chosen else ""
    if len(chosen) < len(every):
        told += f" {len(chosen)} of {len(every):,} rows; result.json of the run has all."
    if predicts:
        told += " Predicted values were never measured: their trials were stopped early."
    return (*blocks, Text(told.strip(), "muted")) if told else tuple(blocks)


def _some(count: int, most: int, always: int | None) -> list[int]:
    """Places spread evenly, the first and the last among them, and one more."""
    if count <= most:
        return [*range(count)]
    chosen = {round(place * (count - 1) / (most - 2)) for place in range(most - 1)}
    return sorted(chosen | ({always} if always is not None and always < count else set()))


def _reversed(done: MetaIterationDone) -> str:
    if done.reversed_exactly is None:
        return ""
    return "bit for bit ✓" if done.reversed_exactly else "failed ✗"


def _memory(record: RunRecord) -> tuple[Block, ...]:
    """What the method held, what that saves, and whether training came back to its start."""
    every = record.meta_iterations
    if not every or record.tries:
        return ()
    last, most = every[-1].memory, max(done.memory.held_bytes for done in every)
    judged = [done.reversed_exactly for done in every if done.reversed_exactly is not None]
    unit = STRATEGIES[record.experiment.meta.optimizer].unit
    blocks: list[Block] = []
    if judged and all(judged):
        blocks.append(Text(f"Training was reversed bit for bit in every {unit} ({len(judged):,})."))
    elif judged:
        blocks.append(
            Text(f"Reversal failed in {judged.count(False):,} of {len(judged):,} {unit}s.", "wrong")
        )
    reverses = "reversible" in METHODS[record.experiment.method].needs
    trains, bits = record.trains, last.entropy_bits
    told = {
        "Method": METHODS[record.experiment.method].title,
        "Elementary parameters": f"{record.parameters:,}",
        "Held at most": bytes_in_words(most),
        "Trajectory it replaces": f"{bytes_in_words(last.trajectory_bytes)}, in float64"
        if trains
        else "",
        "Bit buffer": f"{bytes_in_words(last.buffer_bytes)}: "
        + saving_in_words(last.buffer_bytes, last.trajectory_bytes, record.parameters)
        if reverses
        else "",
        "Entropy bound": bytes_in_words(bits / 8) if reverses and isfinite(bits) and bits else "",
        "Of these in a file": bytes_in_words(last.file_bytes) if last.file_bytes else "",
    }
    return (*blocks, *facts(told))


def _remarks(record: RunRecord, origin: Origin) -> tuple[Block, ...]:
    notes = [*record.data.notes, *remarks(record)]
    said = [f"{time}: {text}" for time, text in origin.log]
    return tuple(Text(sentence, "note") for sentence in dict.fromkeys([*notes, *said]))


def _found(record: RunRecord) -> tuple[Block, ...]:
    """What `engine.output.findings` has to say, as names and values."""
    rows: dict[str, str] = {}

    def tell(name: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                tell(f"{name}: {key}" if name else key, item)
        elif isinstance(value, list):
            if value and len(value) <= _MOST_ENTRIES and not isinstance(value[0], list | dict):
                rows[name] = ", ".join(map(_any, value))
        elif value is not None:
            rows[name] = _any(value)

    tell("", {name: one for name, one in findings(record).items() if name != "overfitting"})
    capital = {name[:1].upper() + name[1:]: text for name, text in rows.items()}
    return facts(capital)


def _objective(record: RunRecord) -> str:
    return f"{record.experiment.meta.objective}_loss"


def _every_measures(record: RunRecord) -> list[Measures]:
    """Of all meta-iterations, and of what came out, if that is one more."""
    every = [done.measures for done in record.meta_iterations]
    if record.finished and record.finished.measures and not record.tries:
        every.append(record.finished.measures)
    return every


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isfinite(value) else "not finite"


def _measured(measure: Measure, value: float | None) -> str:
    """A value of a measure; shares of examples in percent."""
    if value is not None and measure.quantity in ("accuracy", "standard error"):
        return f"{value:.1%}"
    return _number(value)


def _any(value: Any) -> str:
    return _number(value) if isinstance(value, float) else str(value)


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]
