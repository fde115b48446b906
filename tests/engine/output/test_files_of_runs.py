import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from experiments_for_tests import (
    DIVERGES_AFTER_ONE,
    FIXED,
    done,
    events_of,
    finished,
    record_of,
    tiny,
)

from engine.errors import InputError
from engine.experiments.changes import Change
from engine.experiments.files import load_experiment, override
from engine.figures.figure import FORMATS, render
from engine.hyperparameters.kinds import KINDS
from engine.output.files import to_json, write_figures, write_numbers, write_run
from engine.output.reading import read_numbers
from engine.plots import plots
from engine.plots.scenes import every_plot
from engine.runs.events import Event
from engine.runs.records import RunRecord
from engine.runs.run import optimize


@pytest.fixture(scope="module")
def events() -> tuple[Event, ...]:
    on_a_plane = {"data.source": "moons", "hyperparameters.learning_rates.free": "true"}
    return events_of(tiny({**FIXED, **on_a_plane}))


@pytest.fixture(scope="module")
def record(events: tuple[Event, ...]) -> RunRecord:
    return record_of(events)


@pytest.fixture(scope="module")
def folder(record: RunRecord, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run left behind, in a folder that was not there."""
    made = tmp_path_factory.mktemp("runs") / "new" / "folder"
    written = write_run(record, made)
    assert sorted(written) == sorted(made.iterdir())
    return made


def strict(text: str) -> Any:
    """JSON, without the NaN and Infinity that Python would let pass."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_the_numbers_of_a_changed_run_say_what_was_changed_and_when() -> None:
    changes = Change(1, {"meta.step": 0.02}), Change(2, {"hyperparameters.decays.free": False})
    result = strict(to_json(record_of([*optimize(tiny(), changes=changes)])))
    assert result["changes"] == [
        {"meta_iteration": 1, "settings": {"meta.step": 0.02}},
        {"meta_iteration": 2, "settings": {"hyperparameters.decays.free": False}},
    ]
    assert result["findings"]["changed during the run"] == {
        "from meta-iteration 1": "step size 0.02",
        "from meta-iteration 2": "momentum decays fixed",
    }


def test_the_numbers_of_a_run_that_went_as_it_began_name_no_changes(record: RunRecord) -> None:
    result = strict(to_json(record))
    assert "changes" not in result
    assert "changed during the run" not in result["findings"]


def test_a_penalty_that_became_free_is_in_the_numbers_of_every_meta_iteration(
    tmp_path: Path,
) -> None:
    unpenalized = {"initial": "0.0", "free": "false", "domain": "identity"}
    fields = {f"hyperparameters.l2_penalties.{key}": text for key, text in unpenalized.items()}
    changes = [Change(1, {"hyperparameters.l2_penalties.free": True})]
    record = record_of([*optimize(tiny(fields), changes=changes)])
    write_numbers(record, tmp_path)
    _, arrays = read_numbers(tmp_path)
    penalties = arrays["meta_iterations.l2_penalties"]
    assert len(penalties) == 3
    np.testing.assert_array_equal(penalties[:2], np.zeros_like(penalties[:2]))
    np.testing.assert_array_equal(
        penalties[2], record.meta_iterations[2].hyperparameters["l2_penalties"]
    )


def test_a_run_leaves_every_figure_in_every_format(record: RunRecord, folder: Path) -> None:
    keys = [plot.key for plot in every_plot(record)]
    assert "decision_regions" in keys, "scenes at the end of training are among them"
    others = {"experiment.toml", "result.json", "hyperparameters.npz"}
    figures = {f"{key}.{kind}" for key in keys for kind in FORMATS}
    others.add("decision_regions_paths.csv")  # what lies on the map
    assert {path.name for path in folder.iterdir()} == figures | others


def test_figures_in_files_are_the_rendered_ones(record: RunRecord, folder: Path) -> None:
    for plot in plots(record):
        assert (folder / f"{plot.key}.svg").read_bytes() == render(plot, "svg")
    for kind in FORMATS:
        assert (folder / f"{plot.key}.{kind}").read_bytes() == render(plot, kind)


def test_result_json_holds_the_documented_fields(folder: Path, events: tuple[Event, ...]) -> None:
    result = strict((folder / "result.json").read_text(encoding="utf-8"))
    for told, step in zip(result["meta_iterations"], done(events), strict=True):
        assert told["index"] == step.index
        assert told["training_loss"] == step.losses.training
        assert told["validation_loss"] == step.losses.validation
        assert told["test_loss"] == step.losses.test
        assert told["hypergradient_norm"] == step.hypergradient_norm
        assert told["seconds"] == step.seconds > 0
        assert told["reversed_exactly"] is True
        assert told["memory"]["buffer_bytes"] == step.memory.buffer_bytes
        assert told["memory"]["trajectory_bytes"] == step.memory.trajectory_bytes == 16 * 6 * 8
        assert told["memory"]["entropy_bits"] == step.memory.entropy_bits
    final = finished(events).losses
    assert final is not None
    assert result["final"]["validation_loss"] == final.validation
    assert result["outcome"] == "completed"
    assert result["experiment"] == "tiny"


def test_hyperparameters_load_without_pickle(
    folder: Path, record: RunRecord, events: tuple[Event, ...]
) -> None:
    with np.load(folder / "hyperparameters.npz", allow_pickle=False) as file:
        arrays = dict(file)
    sets, nothing = ("initial", "final", "meta_iterations"), np.zeros(0)
    assert set(arrays) == {f"{name}.{kind}" for name in sets for kind in KINDS}
    for kind in KINDS:
        used = [step.hyperparameters.get(kind, nothing) for step in done(events)]
        end = finished(events).hyperparameters.get(kind, nothing)
        np.testing.assert_array_equal(arrays[f"initial.{kind}"], record.initial.get(kind, nothing))
        np.testing.assert_array_equal(arrays[f"final.{kind}"], end)
        np.testing.assert_array_equal(arrays[f"meta_iterations.{kind}"], used)


def test_the_experiment_is_left_to_be_run_again(folder: Path, record: RunRecord) -> None:
    assert load_experiment(folder / "experiment.toml") == record.experiment


def test_a_loss_that_is_not_there_is_null() -> None:
    changes = {"data.test": "0", "data.validation": "0", "meta.objective": "training"}
    result = strict(to_json(record_of(events_of(tiny(changes)))))
    for losses in (*result["meta_iterations"], result["final"]):
        assert losses["training_loss"] > 0
        assert losses["validation_loss"] is losses["test_loss"] is losses["test_accuracy"] is None


def test_numbers_that_are_not_finite_are_null(record: RunRecord, events: tuple[Event, ...]) -> None:
    spoiled = record_of(events)
    spoiled.meta_iterations[0] = replace(record.meta_iterations[0], hypergradient_norm=np.nan)
    spoiled.meta_iterations[1] = replace(record.meta_iterations[1], hypergradient_norm=np.inf)
    told = [step["hypergradient_norm"] for step in strict(to_json(spoiled))["meta_iterations"]]
    assert told == [None, None, record.meta_iterations[2].hypergradient_norm]


def test_a_diverged_run_says_so_and_keeps_what_was_done() -> None:
    events = events_of(tiny(DIVERGES_AFTER_ONE))
    result = strict(to_json(record_of(events)))
    assert result["outcome"] == "diverged"
    assert result["message"] == finished(events).message
    assert len(result["meta_iterations"]) == 1
    assert "final" not in result


def test_a_run_under_way_says_that_it_is_unfinished(events: tuple[Event, ...]) -> None:
    result = strict(to_json(record_of(events[:-1])))
    assert result["outcome"] == "unfinished"
    assert len(result["meta_iterations"]) == 3


@pytest.mark.parametrize("below", ["", "sub", "sub/folder"])
def test_a_file_in_the_folders_place_is_named(
    below: str, tmp_path: Path, record: RunRecord
) -> None:
    (tmp_path / "taken").write_text("mine")
    folder = tmp_path / "taken" / below
    with pytest.raises(InputError) as error:
        write_run(record, folder)
    assert str(error.value).startswith(f"{folder}: expected a folder that can be written to")
    assert "\n" not in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_write_that_fails_leaves_no_temporary_file(
    tmp_path: Path, record: RunRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", fail)
        with pytest.raises(InputError, match="No space left on device"):
            write_run(record, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_writing_again_replaces_the_files(tmp_path: Path, record: RunRecord) -> None:
    [plot] = [plot for plot in plots(record) if plot.key == "losses"]
    for _ in range(2):
        assert write_figures([plot], tmp_path, ["csv"]) == [tmp_path / "losses.csv"]
    (tmp_path / "losses.csv").write_text("old")
    write_figures([plot], tmp_path, ["csv"])
    assert (tmp_path / "losses.csv").read_bytes() == render(plot, "csv")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_run_on_numbers_has_no_accuracy() -> None:
    short = {"training.iterations": "4", "meta.iterations": "1"}
    events = events_of(override(load_experiment("regression"), short))
    [step] = strict(to_json(record_of(events)))["meta_iterations"]
    assert step["test_accuracy"] is None
    assert step["test_loss"] > 0
