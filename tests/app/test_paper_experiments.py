"""Each experiment of the paper, by its name on the command line, at a reduced size."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.command_line import main

SHORT = ["meta.iterations=2", "training.iterations=10"]
FIGURES: dict[str, tuple[str, ...]] = {
    "toy": ("loss_surface", "naive_reversal", "learning_curves"),
    "schedules": ("learning_rates", "decays", "initial_scales", "losses", "learning_curves"),
    "initial-hypergradient": ("mean_hypergradient",),
    "initial-scales": ("initial_scales",),
    "pixel-penalties": ("penalty_pictures", "weight_pictures"),
    "learned-data": ("learned_pictures", "losses"),
    "weight-sharing": ("sharing", "comparison"),
    "chaos": ("sweep_loss", "sweep_hypergradient", "lyapunov_exponent"),
}
FOUND = {
    "toy": "objective",
    "schedules": "initial scales",
    "initial-hypergradient": "initial hypergradient",
    "initial-scales": "initial scales",
    "pixel-penalties": "penalties",
    "learned-data": "learned data",
    "weight-sharing": "weight sharing",
    "chaos": "chaos",
}


def result_of(name: str, folder: Path, *changes: str) -> dict[str, Any]:
    """What a run leaves in its result.json."""
    words = ["run", name, "--out", str(folder), "--set", *(changes or SHORT)]
    assert main(words) == 0
    result: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return result


@pytest.mark.parametrize("name", FIGURES)
def test_an_experiment_leaves_its_figures_and_the_numbers_of_the_paper(
    name: str, tmp_path: Path
) -> None:
    result = result_of(name, tmp_path)
    assert result["outcome"] == "completed"
    assert all(step["reversed_exactly"] for step in result["meta_iterations"])
    assert FOUND[name] in result["findings"]
    for key in FIGURES[name]:
        for kind in ("svg", "pdf", "png", "csv"):
            assert (tmp_path / f"{key}.{kind}").stat().st_size > 40


def test_the_losses_of_the_toy_fall(tmp_path: Path) -> None:
    result = result_of("toy", tmp_path, "meta.iterations=3")
    first, second, third = (step["training_loss"] for step in result["meta_iterations"])
    assert first > second > third


def test_learned_sharing_beats_both_fixed_ways_to_share(tmp_path: Path) -> None:
    result = result_of("weight-sharing", tmp_path, "meta.iterations=12")
    losses = result["findings"]["weight sharing"]["losses"]
    assert losses["learned"]["test"] < losses["separate"]["test"]
    assert losses["learned"]["test"] < losses["tied lowest layer"]["test"]
