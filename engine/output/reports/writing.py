"""Writing a report of a run or a comparison to a file."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from engine.errors import InputError
from engine.files import with_ending, write_whole
from engine.library.stored_run import StoredRun
from engine.output.reports.content import Report
from engine.output.reports.endings import ENDINGS
from engine.output.reports.html import Progress, to_html
from engine.output.reports.of_comparisons import AnyComparison, comparison_report
from engine.output.reports.of_runs import run_report
from engine.output.reports.of_several import several_report
from engine.output.reports.reproducing import Origin
from engine.plots import AnyPlot, Showing
from engine.plots.scenes import every_plot
from engine.runs.records import RunRecord

Reported: TypeAlias = RunRecord | StoredRun | AnyComparison | Sequence[StoredRun]


def write_report(
    of: Reported,
    path: Path | str,
    plots: Iterable[AnyPlot] | None = None,
    showings: Mapping[str, Showing] = MappingProxyType({}),
    progress: Progress = lambda done, total: None,
) -> Path:
    """Write a report: one HTML page that needs nothing else, or a PDF, as the path ends.

    It says what was asked and what came out, has every figure with a caption, the table of
    meta-iterations or of what was compared, memory and exactness, remarks, the settings, and how to
    reproduce it all: the command, the experiment as TOML, seeds, versions and machine.

    Args:
        of: a run or a comparison, as far as it is; of a run from a library that run, so that the
            report says what it ran with and on; or several of a library, laid over each other.
        path: ends in ``.html`` or ``.pdf``.
        plots: the figures, in order; None: all that there are, as always of several runs.
        showings: how plots are shown, by key; the others as they say themselves.
        progress: is told (figures drawn, of how many) after each; what it raises ends the writing,
            and no file is left.

    Returns:
        The path.

    Raises:
        InputError: the path ends otherwise, or cannot be written to; or a run's data, or its
            record, cannot be used any more.
        DivergedError: the training run whose end figures show cannot be replayed.
    """
    path = with_ending(path, ENDINGS)
    report = report_on(of, plots, showings)
    if path.suffix.lower() == ".pdf":
        from engine.output.reports.pdf import to_pdf

        content = to_pdf(report, progress)
    else:
        content = to_html(report, progress).encode("utf-8", errors="replace")
    try:
        write_whole(path, content)
    except OSError as error:
        raise InputError(str(path), f"expected a writable file: {error.strerror}.") from None
    return path


def report_on(
    of: Reported,
    plots: Iterable[AnyPlot] | None = None,
    showings: Mapping[str, Showing] = MappingProxyType({}),
) -> Report:
    """What a report says; see `write_report`."""
    if isinstance(of, Sequence):
        return several_report(of)
    origin = Origin.of(of) if isinstance(of, StoredRun) else None
    record = of.record if isinstance(of, StoredRun) else of
    if isinstance(record, RunRecord):
        drawn = every_plot(record) if plots is None else plots
        return run_report(record, drawn, origin, showings)
    return comparison_report(record, plots, showings)
