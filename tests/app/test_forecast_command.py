"""The command `retrograde forecast`."""

import json
from pathlib import Path

import numpy as np
import pytest
from commands import Captured

import engine
from app.command_line import main

ACCURACIES = [0.31, 0.45, 0.52, 0.58, 0.6, 0.63, 0.64, 0.66, 0.66, 0.67]


def _file(folder: Path, values: list[float], heading: str = "") -> str:
    path = folder / "curve.csv"
    path.write_text(heading + "".join(f"{value}\n" for value in values), encoding="utf-8")
    return str(path)


def test_a_curve_is_forecast_said_and_written(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "out"
    words = ["--horizon", "50", "--best", "0.7", "--seed", "3", "--out", str(out)]
    assert main(["forecast", _file(tmp_path, ACCURACIES), *words]) == 0
    made = engine.forecast(np.array(ACCURACIES), 50, seed=3)
    low, high = made.band()
    told = capsys.readouterr().out.splitlines()
    assert told[0] == (
        f"accuracy at epoch 50, from 10 values: {made.mean[-1]:.3g} predicted, "
        f"90 % band {low[-1]:.3g} to {high[-1]:.3g}"
    )
    assert told[1] == f"{100 * made.probability_above(0.7):.0f} % likely to beat 0.7 by epoch 50"
    assert told[2].startswith("families: ")
    assert told[-1] == f"5 files in {out}"
    names = {path.name for path in out.iterdir()}
    assert names == {"forecast.json"} | {
        f"forecast.{kind}" for kind in ("svg", "pdf", "png", "csv")
    }
    kept = json.loads((out / "forecast.json").read_text(encoding="utf-8"))
    assert kept["predicted"]["mean"] == made.mean[-1]
    assert kept["probability_better"] == made.probability_above(0.7)
    assert kept["low"] == low.tolist()
    assert kept["families"] == made.families


def test_percentages_are_refused_by_column_line_and_what_to_do(
    tmp_path: Path, capsys: Captured
) -> None:
    rows = "epoch,val_acc\n" + "".join(f"{n},{90 + n}\n" for n in range(1, 6))
    (tmp_path / "c.csv").write_text(rows, encoding="utf-8")
    words = ["--horizon", "9", "--out", str(tmp_path / "out")]
    assert main(["forecast", str(tmp_path / "c.csv"), *words]) == 2
    assert capsys.readouterr().err.strip() == (
        "retrograde: c.csv, line 2: expected val_acc between 0 and 1, found 91; "
        "if these are percentages, divide by 100."
    )


def test_the_name_of_a_column_tells_a_loss_and_epochs_may_count_from_0(
    tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "history.csv"
    rows = [f"{epoch},{1 - value}\n" for epoch, value in enumerate(ACCURACIES)]
    path.write_text("epoch,val_loss\n" + "".join(rows), encoding="utf-8")
    assert main(["forecast", str(path), "--horizon", "49", "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.startswith("val_loss at epoch 49, from 10 values: 0.")
    kept = json.loads((tmp_path / "out" / "forecast.json").read_text(encoding="utf-8"))
    assert (kept["quantity"], kept["first_epoch"], kept["horizon"]) == ("loss", 0, 49)
    assert len(kept["mean"]) == 50
    assert kept["mean"][-1] < kept["values"][-1]


@pytest.mark.parametrize(
    ("values", "words", "said"),
    [
        (ACCURACIES, ["--horizon", "5"], "--horizon: expected at least 10, the last epoch in"),
        (
            [97, 98, 98.5],
            ["--horizon", "5", "--quantity", "accuracy"],
            "curve.csv, line 1: expected accuracy between 0 and 1, found 97; if these are "
            "percentages, divide by 100.",
        ),
        (ACCURACIES[:2], ["--horizon", "5"], "curve.csv: curve: expected at least 3 values"),
        (
            [31, 42.5, 57, 61],
            ["--horizon", "9"],
            "curve.csv: expected accuracies between 0 and 1, or --quantity loss, found what may be "
            "percentages, which are to be divided by 100.",
        ),
        ([1, 2, 3, 400], ["--horizon", "5"], "--quantity: expected loss or accuracy, because"),
        (ACCURACIES, ["--horizon", "50", "--quantity", "x"], "--quantity: expected accuracy or"),
        (ACCURACIES, ["--horizon", "50", "--model", "x"], "--model: expected one of three-fam"),
        (ACCURACIES, ["--horizon", "50", "--best", "nan"], "--best: expected a finite number"),
        (ACCURACIES, [], "Missing option '--horizon'"),
    ],
)
def test_what_cannot_be_forecast_is_one_line_and_status_2(
    tmp_path: Path, capsys: Captured, values: list[float], words: list[str], said: str
) -> None:
    assert main(["forecast", _file(tmp_path, values), *words, "--out", str(tmp_path / "o")]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"retrograde: {said}")
    assert not (tmp_path / "o").exists()
