"""Comparisons of methods, for pages and pictures."""

from collections.abc import Iterator, Sequence

from engine.experiments.experiment import Experiment
from engine.hypergradients.catalogue import METHODS
from engine.plots import Plot
from engine.plots.comparison_words import cells_of, headers
from engine.plots.crossings import crossings
from engine.plots.method_plots import method_plots
from engine.plots.words import bytes_in_words
from engine.runs.compare import compare
from engine.runs.comparison import STUDIES, ComparisonRecord, ComparisonStarted, Study


def compared(experiment: Experiment, studies: Sequence[Study] = STUDIES) -> ComparisonRecord:
    """The comparison that an experiment's card makes, to its end."""
    record: ComparisonRecord | None = None
    for event in compare(experiment, experiment.compares, studies):
        if isinstance(event, ComparisonStarted):
            record = ComparisonRecord(event)
        elif record:
            record.add(event)
    assert record is not None, "a comparison begins before it ends"
    return record


def plots_of(record: ComparisonRecord) -> dict[str, Plot]:
    """All plots of a comparison, by their keys."""
    return {plot.key: plot for plot in method_plots(record)}


def comparison_table(record: ComparisonRecord, command: str) -> str:
    """The table of methods as Markdown, and where lines cross, with the command that made it."""
    rows = [headers(), ["---"] * len(headers())]
    rows += [cells_of(record, one) for one in record.contenders]
    lines = [f"| {' | '.join(cell.replace('|', ' ') for cell in row)} |" for row in rows]
    told = [f"| {name} | {value} |" for name, value in _found(record)]
    return "\n".join([f"`{command}`", "", *lines, "", "| | |", "| --- | --- |", *told, ""])


def _found(record: ComparisonRecord) -> Iterator[tuple[str, str]]:
    """What was varied and how far, and what the plots mark."""
    yield "elementary parameters", f"{record.parameters:,}"
    yield "T", f"{record.experiment.training.iterations:,}"
    for plot in plots_of(record).values():
        if plot.x_names and (plot.y_unit == "seconds" or plot.bytes_y):
            yield from _ends(plot)
            yield from _meetings(plot)


def _ends(plot: Plot) -> Iterator[tuple[str, str]]:
    """What each line begins and ends with."""
    for line in plot.lines:
        ends = [(float(line.y[at]), plot.x_names[round(line.x[at])]) for at in (0, -1)]
        told = [f"{bytes_in_words(y) if plot.bytes_y else f'{y:.2g} s'} at {x}" for y, x in ends]
        yield f"{plot.title}: {line.name}", ", ".join(told)


def _meetings(plot: Plot) -> Iterator[tuple[str, str]]:
    """From where on forward mode takes more than each of the others, or less, for good."""
    at = {line.name: dict(zip(line.x, line.y, strict=True)) for line in plot.lines}
    forward = at.pop(METHODS["forward"].title, {})
    for name, other in at.items():
        known = sorted(forward.keys() & other.keys())
        x = [float(plot.x_names[round(place)].replace(",", "")) for place in known]
        own, theirs = ([float(each[place]) for place in known] for each in (forward, other))
        for where in crossings(x, own, theirs)[-1:]:
            yield f"{plot.title}: forward crosses {name.lower()}", f"at {where:,.2g}"
