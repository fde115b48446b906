"""What an export writes beside its figures: reports, and hyperparameters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.output.hyperparameters import Which, first_of, write_hyperparameters
from engine.output.reports.snapshot import snapshot
from engine.output.reports.writing import write_report
from engine.plots import AnyPlot, Showing
from engine.runs.best import best_of
from engine.runs.moments import Moment
from engine.runs.records import RunRecord

Progress = Callable[[int, int], object]
Write = Callable[[Path, Sequence[AnyPlot], Mapping[str, Showing], Progress], object]
"""(path, the figures that are exported, how they are shown, progress) → writes one file."""


@dataclass(frozen=True)
class Beside:
    """A file that can be written beside the figures.

    Attributes:
        key: under which it is remembered whether it was wanted.
        title: on its tick.
        what: its tip.
        name: of the file, as it is now.
        begin: called in the window's thread when the writing begins; gives what writes the file, of
            how things stand then, in another thread.
        wanted: whether it is ticked at first, unless something else is remembered.
    """

    key: str
    title: str
    what: str
    name: Callable[[], str]
    begin: Callable[[], Write]
    wanted: bool = False


def reports(record: Callable[[], Any]) -> list[Beside]:
    """Reports of a run or a comparison.

    Args:
        record: gives it as it is shown, when the writing begins.
    """

    def begin() -> Write:
        shown = snapshot(record())

        def write(
            path: Path,
            plots: Sequence[AnyPlot],
            showings: Mapping[str, Showing],
            progress: Progress,
        ) -> None:
            write_report(shown, path, plots, showings, progress)

        return write

    html = "One page for any browser: the ticked figures, tables, settings, "
    pdf = "The same on pages, to print or to hand on: text that can be selected, vector figures"
    return [
        Beside(
            "html",
            "Report, &HTML page",
            f"{html}and how to reproduce it",
            lambda: "report.html",
            begin,
        ),
        Beside("pdf", "&Report, PDF pages", pdf, lambda: "report.pdf", begin),
    ]


_WHATS: Final = {
    "csv": (
        "H&yperparameters, CSV",
        "Every value of the run's hyperparameters, a row each, for a run to start from",
    ),
    "npz": (
        "Hyperpara&meters, NPZ",
        "The same as NumPy arrays, one for each kind",
    ),
}


def hyperparameters(record: RunRecord, moment: Callable[[], Moment | None]) -> list[Beside]:
    """Hyperparameters of a run: of the moment that is shown, or the best.

    Args:
        record: of the run.
        moment: the one that is shown; None: it is shown as it goes, and the best are meant.
    """

    def which() -> Which:
        shown = moment()
        return "best" if shown is None else shown.meta_iteration + first_of(record)

    def begin() -> Write:
        meant, then = which(), snapshot(record)

        def write(path: Path, *_: object) -> None:
            write_hyperparameters(then, path, meant)

        return write

    def name_for(kind: str) -> Callable[[], str]:
        return lambda: f"hyperparameters_{which()}.{kind}"

    if best_of(record) is None:
        return []
    return [
        Beside(kind, title, f"{what}: of the meta-iteration that is shown, or the best",
               name_for(kind), begin)
        for kind, (title, what) in _WHATS.items()
    ]  # fmt: skip
