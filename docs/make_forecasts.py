"""Measure forecasts of learning curves, and update the numbers and figures on their page.

``docs/forecasts.md`` is written by hand except between its two markers. Figures and
``forecasts.json`` go to the folder ``docs/forecasts/`` beside it.

    python -m docs.make_forecasts

takes about a quarter of an hour, most of it for Domhan's eleven. Learning curves are those kept in
``resources/learning_curves.csv``; the half is judged that no model was chosen by.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

import engine
from bench import calibration
from bench.forecasts import (
    LOOKS,
    PREFIXES,
    Made,
    Races,
    Score,
    by_model,
    contenders,
    make,
    patient_races,
    races,
    score,
)
from bench.learning_curves import EPOCHS, kept
from docs.make_experiments import MARKED
from docs.shrinking import shrink
from engine.arrays import Floats
from engine.figures.figure import render
from engine.files import write_whole
from engine.forecasting.models import FORECASTERS, USUAL
from engine.plots.base import Line, Plot

PAGE: Final = Path(__file__).with_name("forecasts.md")
FOLDER: Final = PAGE.with_suffix("")
COMMAND: Final = "`python -m docs.make_forecasts`"
_STRANGE: Final = ("flat, then rising", "noisy", "falling", calibration.FALLING_LONGER)
_TITLES: Final = {name: model.title for name, model in FORECASTERS.items()}


@dataclass(frozen=True)
class Result:
    """What was measured of a model.

    Attributes:
        scores: by how many epochs were seen.
        raced: what stopping would have done.
        seconds: of the processor, a forecast.
    """

    scores: Mapping[int, Score]
    raced: Races
    seconds: float


def result_of(made: Made) -> Result:
    """What forecasts come to."""
    return Result({n: score(made, n) for n in PREFIXES}, races(made), made.seconds)


def accuracy_table(results: Mapping[str, Result]) -> str:
    """How good forecasts are, as Markdown."""
    seen = " / ".join(map(str, PREFIXES))
    rows = [
        f"| from {seen} epochs | root mean square error | median log-likelihood | mean "
        "| in the 90 % band | stopped wrongly | epochs saved | best lost | seconds |",
        "| --- |" + " --- |" * 8,
    ]
    for name, one in results.items():
        scores, raced = [one.scores[n] for n in PREFIXES], one.raced
        rows.append(
            f"| {_TITLES.get(name, name)} "
            f"| {' / '.join(f'{each.error:.3f}' for each in scores)} "
            f"| {' / '.join(f'{each.median:.2f}' for each in scores)} "
            f"| {' / '.join(f'{each.mean:.2f}' for each in scores)} "
            f"| {' / '.join(f'{each.inside:.2f}' for each in scores)} "
            f"| {raced.wrong / raced.winners:.1%} | {raced.saved:.0%} | {raced.lost:.4f} "
            f"| {one.seconds:.2g} |"
        )
    return "\n".join(rows)


def patience_table(raced: Mapping[int, Races]) -> str:
    """What patience does, as Markdown."""
    rows = ["| patience | stopped wrongly | epochs saved | best lost |", "| --- |" + " --- |" * 3]
    for patience, one in raced.items():
        wrong = one.wrong / one.winners
        rows.append(f"| {patience} | {wrong:.1%} | {one.saved:.0%} | {one.lost:.4f} |")
    return "\n".join(rows)


def calibration_plot(found: Mapping[str, Floats]) -> Plot:
    """How often the truth lies in a band, over how often it should."""
    levels = np.array(calibration.LEVELS)
    strange = [name for name in found if name in _STRANGE]
    usual = np.array([found[name] for name in found if name not in strange])
    lines = [Line("as it should be", np.array([0.0, 1.0]), np.array([0.0, 1.0]), "reference")]
    lines.append(
        Line(
            "curves of the eleven families, least and most",
            levels,
            usual.mean(0),
            0,
            low=usual.min(0),
            high=usual.max(0),
        )
    )
    for number, name in enumerate(strange, 1):
        lines.append(Line(name, levels, found[name], number, "dashed"))
    return Plot(
        "calibration",
        "Whether bands mean what they say",
        "level of the band",
        "share of truths inside",
        tuple(lines),
        (0.0, 1.0),
        caption=f"{calibration.SEEN} of {calibration.HORIZON} epochs seen, "
        f"{calibration.CURVES} curves of each kind",
        counts_x=False,
    )


def example_plot() -> Plot:
    """Three curves, and what was predicted of them."""
    lines = list[Line]()
    curves = [one for one in kept() if one.data == "digits" and not one.is_for_choosing]
    ends = np.array([one.values[-1] for one in curves])
    order = np.argsort(ends)
    for number, place in enumerate((order[2], order[len(order) // 3], order[-2])):
        curve = curves[place].values
        made = engine.forecast(curve[:20], EPOCHS)
        low, high = made.band()
        x = np.arange(1.0, EPOCHS + 1)
        lines.append(Line(f"curve {number + 1}", x, curve, number))
        ahead = (x >= 20) & np.isfinite(made.mean)
        lines.append(
            Line(
                f"{number + 1}, predicted",
                x[ahead],
                made.mean[ahead],
                number,
                "dashed",
                low=low[ahead],
                high=high[ahead],
            )
        )
    return Plot(
        "examples",
        "Predicted from 20 epochs, and as it went on",
        "epoch",
        "accuracy",
        tuple(lines),
        (1.0, float(EPOCHS)),
        caption="networks on digits; bands of 90 %",
    )


def main() -> None:
    """Measure everything, and rewrite the page."""
    judged = [one for one in kept() if not one.is_for_choosing]
    results = {}
    for name, forecaster in contenders().items():
        results[name] = result_of(make(forecaster, judged))
        print(name, flush=True)
    patient = patient_races(make(by_model(USUAL), judged, LOOKS))
    print("patience", flush=True)
    write(results, patient, calibration.measure())


def write(
    results: Mapping[str, Result], patient: Mapping[int, Races], calibrated: Mapping[str, Floats]
) -> None:
    """Rewrite the page, its figures and its numbers."""
    FOLDER.mkdir(exist_ok=True)
    for plot in (example_plot(), calibration_plot(calibrated)):
        write_whole(FOLDER / f"{plot.key}.png", shrink(render(plot, "png")))
    numbers: dict[str, Any] = {
        name: {
            "epochs": {str(n): asdict(one.scores[n]) for n in PREFIXES},
            "races": asdict(one.raced),
            "seconds": one.seconds,
        }
        for name, one in results.items()
    }
    numbers["patience"] = {str(patience): asdict(raced) for patience, raced in patient.items()}
    numbers["calibration"] = {name: inside.tolist() for name, inside in calibrated.items()}
    write_whole(FOLDER / "forecasts.json", (json.dumps(numbers, indent=2) + "\n").encode())
    tables = accuracy_table(results), patience_table(patient), calibration.table(calibrated)
    table = "\n\n".join([COMMAND, *tables])
    before, after = MARKED.split(PAGE.read_text(encoding="utf-8"))
    write_whole(PAGE, f"{before}{table}\n{after}".encode())


if __name__ == "__main__":
    main()
