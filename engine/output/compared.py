"""What a comparison leaves behind, whatever is compared: numbers as JSON and CSV, and figures."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from engine.experiments.experiment import Experiment
from engine.experiments.files import to_toml
from engine.figures.figure import FORMATS
from engine.files import write_together
from engine.output.files import unwritable, without_nan, write_figures
from engine.plots import AnyPlot
from engine.plots.horizontal import each_over_its_axes


class Compared(Protocol):
    """A record of a comparison; ``experiment`` is what is compared on, if it is one."""

    @property
    def experiment(self) -> Experiment | None:
        """What is compared on; None: none, as where curves are from anywhere."""


RecordT = TypeVar("RecordT", bound=Compared)


@dataclass(frozen=True)
class ComparisonFiles(Generic[RecordT]):
    """The files of comparisons of one subject, such as methods.

    Attributes:
        to_json: all numbers.
        to_csv: the table.
        plots: all plots, as far as the comparison is.
    """

    to_json: Callable[[RecordT], str]
    to_csv: Callable[[RecordT], str]
    plots: Callable[[RecordT], Sequence[AnyPlot]]

    def numbers(self, record: RecordT) -> dict[str, bytes]:
        """The files that hold the table and all numbers, by name."""
        return {
            "comparison.json": self.to_json(record).encode(),
            "comparison.csv": self.to_csv(record).encode(),
        }

    def write_numbers(self, record: RecordT, folder: Path | str) -> list[Path]:
        """Write what a comparison has told so far as numbers, the table, and the experiment.

        Raises:
            InputError: the folder cannot be written to.

        Returns:
            The files written.
        """
        folder = Path(folder)
        contents = self.numbers(record)
        if record.experiment is not None:
            contents["experiment.toml"] = to_toml(record.experiment).encode()
        try:
            write_together(folder, contents)
        except OSError as error:
            raise unwritable(folder, error) from None
        return [folder / name for name in contents]

    def write(self, record: RecordT, folder: Path | str) -> list[Path]:
        """Write all that a comparison has told: numbers, the table, the experiment, every figure.

        Raises:
            InputError: the folder cannot be written to.

        Returns:
            The files written.
        """
        written = self.write_numbers(record, folder)
        try:
            return written + write_figures(
                each_over_its_axes(self.plots(record)), Path(folder), FORMATS
            )
        except OSError as error:
            raise unwritable(Path(folder), error) from None


def json_text(result: Mapping[str, Any]) -> str:
    """Numbers as JSON, null where there is none."""
    return json.dumps(without_nan(result), indent=2, allow_nan=False) + "\n"


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A table as CSV; cells of what is not known are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if row[name] is None else row[name] for name in columns])
    return text.getvalue()
