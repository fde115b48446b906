from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments
from engine.runs.prepare import is_prepared, prepare
from engine.tasks.task import Piece


class Needs:
    """Stands for the tasks; keeps what was compiled, in order."""

    def __init__(self) -> None:
        self.compiled: list[str] = []

    def make_task(self, experiment: Experiment) -> "Needs":
        self._name = experiment.name
        return self

    def pieces(self, *, tangents: bool = False) -> list[Piece]:
        return [(name := f"derivatives of {self._name}", lambda: self.compiled.append(name))]

    def steps_of(self, dynamics: object) -> list[Piece]:
        return [("steps", lambda: self.compiled.append("steps"))]


@pytest.fixture
def needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Needs:
    """Two experiments ship, and nothing has been compiled in the one place there is."""
    made = Needs()
    shipped = {name: list_experiments()[name] for name in ("toy", "moons")}

    def two(**_: object) -> Mapping[str, Experiment]:
        return shipped

    monkeypatch.setattr("engine.experiments.files.list_experiments", two)
    monkeypatch.setattr("engine.tasks.catalogue.make_task", made.make_task)
    monkeypatch.setattr("engine.runs.warm_up.steps_of", made.steps_of)
    forecasts = "engine.forecasting.forecast.rehearse"
    monkeypatch.setattr(forecasts, lambda: made.compiled.append("forecasts"))
    monkeypatch.setattr("engine.kernels.keeping.FOLDER", tmp_path / "kernels-0")
    monkeypatch.setattr("engine.runs.prepare.places", lambda chosen: [tmp_path / "none", tmp_path])
    return made


def test_what_is_asked_for_comes_before_all_else_that_ships(needs: Needs) -> None:
    prepare(["moons"])
    assert needs.compiled[:3] == ["steps", "derivatives of moons", "forecasts"]
    assert set(needs.compiled[3:]) == {"steps", "derivatives of moons", "derivatives of toy"}


def test_derivatives_may_come_before_steps(needs: Needs) -> None:
    prepare(["moons"], derivatives_first=True)
    assert needs.compiled[:2] == ["derivatives of moons", "steps"]


def test_an_experiment_that_is_not_there_is_left_out(needs: Needs) -> None:
    prepare(["no-such-experiment"])
    assert needs.compiled[:3] == ["forecasts", "steps", "derivatives of toy"]


def test_what_was_prepared_is_known_until_the_compiler_is_another(
    needs: Needs, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_prepared()
    prepare()
    assert is_prepared()
    monkeypatch.setattr("engine.runs.prepare.version", lambda name: "another")
    assert not is_prepared()


def test_where_nothing_can_be_kept_nothing_is_compiled_beforehand(
    needs: Needs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.kernels.keeping.FOLDER", None)
    prepare()
    assert needs.compiled == []
    assert not is_prepared()
