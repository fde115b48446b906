"""Hyperparameters written to files, and read back as what an experiment starts from."""

import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from experiments_for_tests import events_of, record_of, tiny, tiny_with_everything_free
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.arrays import Floats
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override, parse_experiment, to_toml
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters
from engine.output.files import write_numbers
from engine.output.hyperparameters import (
    hyperparameters_of,
    to_csv,
    to_npz,
    write_hyperparameters,
)
from engine.output.imported import read_hyperparameters, with_hyperparameters
from engine.runs.layouts import make_layout
from engine.runs.records import RunRecord
from engine.tasks.catalogue import make_task

ITERATIONS, GROUPS, PARAMETERS = 8, 2, 15


def start_of(experiment: Experiment) -> Mapping[str, Floats]:
    """The initial values at full shape, before anything is free."""
    fixed = {f"hyperparameters.{kind}.free": "false" for kind in experiment.free}
    still = override(experiment, fixed)
    layout = make_layout(still, make_task(still))
    own = layout.own_values(layout.initial_vector())
    return {kind: layout.spread(kind, values) for kind, values in own.items()}


def same_bits(one: Floats, other: Floats) -> bool:
    return one.shape == other.shape and one.tobytes() == other.tobytes()


@pytest.fixture(scope="module")
def record() -> RunRecord:
    return record_of(events_of(tiny_with_everything_free()))


def some(kind: str, *shape: int) -> st.SearchStrategy[Floats]:
    """Arrays of any values that a kind may have while it is free."""
    low, high = KINDS[kind].limits(KINDS[kind].usual.domain)
    usual = st.floats(max(low, 1e-300), high, allow_subnormal=False)
    return arrays(np.float64, shape, elements=usual, fill=st.nothing())


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    some("learning_rates", ITERATIONS, GROUPS),
    some("decays", ITERATIONS, GROUPS),
    some("initial_scales", GROUPS),
    some("l2_penalties", PARAMETERS),
    st.sampled_from(["csv", "npz"]),
)
def test_any_values_come_back_to_the_bit(
    tmp_path: Path,
    record: RunRecord,
    rates: Floats,
    decays: Floats,
    scales: Floats,
    penalties: Floats,
    kind: str,
) -> None:
    values = Hyperparameters(
        {
            "learning_rates": rates,
            "decays": decays,
            "initial_scales": scales,
            "l2_penalties": penalties,
        }
    )
    experiment, path = record.experiment, tmp_path / f"values.{kind}"
    if kind == "csv":
        path.write_text(to_csv(values, record.groups, experiment))
    else:
        path.write_bytes(to_npz(values))
    read = with_hyperparameters(experiment, path)
    assert read.free == experiment.free
    again = parse_experiment(to_toml(read), "again.toml")
    start = start_of(again)
    for name, array in values.items():
        assert same_bits(start[name], array)


@pytest.mark.parametrize("kind", ["csv", "npz"])
@pytest.mark.parametrize(
    "name", ["learned-data", "weight-sharing", "task-interactions", "weights-on-the-past",
             "kernel-ridge", "hyper-cleaning"],
)  # fmt: skip
def test_what_only_some_tasks_have_comes_back_to_the_bit(
    tmp_path: Path, name: str, kind: str
) -> None:
    experiment = load_experiment(name, stand_in=True)
    layout = make_layout(experiment, make_task(experiment))
    noise = np.random.default_rng(3).uniform(0.9, 1.1, layout.size)
    values = layout.values(layout.project(layout.initial_vector() * noise))
    path = tmp_path / f"values.{kind}"
    if kind == "csv":
        path.write_text(to_csv(values, make_task(experiment).groups, experiment))
    else:
        path.write_bytes(to_npz(values))
    start = start_of(with_hyperparameters(experiment, path))
    for own, array in values.items():
        assert same_bits(start[own], array), own


def test_a_run_goes_on_from_learned_inputs(tmp_path: Path) -> None:
    changes = {"meta.iterations": "2", "training.iterations": "6"}
    experiment = override(load_experiment("learned-data", stand_in=True), changes)
    path = tmp_path / "learned.npz"
    first = record_of(events_of(experiment))
    write_hyperparameters(first, path, "final")
    second = record_of(events_of(with_hyperparameters(experiment, path)))
    assert first.finished is not None
    before, after = first.finished, second.meta_iterations[0]
    assert same_bits(
        after.hyperparameters["training_inputs"], before.hyperparameters["training_inputs"]
    )
    assert not same_bits(second.initial["training_inputs"], first.initial["training_inputs"])


def test_each_moment_of_a_run_can_be_had(record: RunRecord) -> None:
    assert record.finished is not None
    every = [done.hyperparameters for done in record.meta_iterations]
    assert hyperparameters_of(record, "initial") is record.initial
    assert hyperparameters_of(record, "final") is record.finished.hyperparameters
    assert [hyperparameters_of(record, k) for k in range(3)] == every
    assert hyperparameters_of(record, 3) is record.finished.hyperparameters
    losses = [done.measures["validation_loss"] for done in record.meta_iterations]
    assert record.finished.measures is not None
    losses.append(record.finished.measures["validation_loss"])
    best = int(np.argmin(np.array(losses, np.float64)))
    assert hyperparameters_of(record, "best") is [*every, record.finished.hyperparameters][best]
    for wrong in (-1, 4):
        with pytest.raises(InputError, match="expected best, final, initial or one of the meta-it"):
            hyperparameters_of(record, wrong)


def test_trials_are_counted_as_people_count_them() -> None:
    record = record_of(events_of(tiny({"meta.optimizer": "random"})))
    assert hyperparameters_of(record, 1) is record.meta_iterations[0].hyperparameters
    with pytest.raises(InputError, match="trials from 1 to 3"):
        hyperparameters_of(record, 0)


def test_the_final_ones_of_a_runs_folder_are_read(record: RunRecord, tmp_path: Path) -> None:
    write_numbers(record, tmp_path)
    read = with_hyperparameters(record.experiment, tmp_path / "hyperparameters.npz")
    assert record.finished is not None
    start = start_of(read)
    for name, array in record.finished.hyperparameters.items():
        assert same_bits(start[name], array)


def test_values_that_differ_are_set_more_finely_and_it_is_said(
    record: RunRecord, tmp_path: Path
) -> None:
    path = tmp_path / "fine.csv"
    write_hyperparameters(record, path, "final")
    coarse = tiny()
    read = read_hyperparameters(
        override(coarse, {"hyperparameters.initial_scales.free": "true"}), path
    )
    hyperparameters = read.experiment.hyperparameters
    assert hyperparameters["learning_rates"].granularity == "iteration and group"
    assert hyperparameters["decays"].granularity == "iteration"
    assert hyperparameters["l2_penalties"].granularity == "weight"
    assert (
        "Learning rates are set by iteration and group now: in fine.csv they differ." in read.notes
    )


def test_one_row_may_stand_for_several_values(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text(
        "hyperparameter,group,value\nlearning_rates,weights,0.5\nlearning_rates,biases,0.25\n"
        "decays,,0.75\n"
    )
    read = with_hyperparameters(tiny(), path)
    start = start_of(read)
    assert np.array_equal(start["learning_rates"], np.tile([0.5, 0.25], (ITERATIONS, 1)))
    assert read.hyperparameters["learning_rates"].granularity == "group"
    assert read.hyperparameters["decays"].initial == 0.75
    assert read.hyperparameters["l2_penalties"] == tiny().hyperparameters["l2_penalties"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "bad.csv, line 1: expected a column 'hyperparameter' in the first row"),
        ("hyperparameter,value,colour\n", "bad.csv, line 1: expected the columns hyperparameter,"),
        ("hyperparameter,value\n", "bad.csv: expected hyperparameters, found none."),
        ("hyperparameter,value\ndecays\n", "bad.csv, line 2: expected 2 cells, found 1."),
        ("hyperparameter,value\nfamiliar,1\n", "bad.csv, line 2: expected one of learning_rates,"),
        ("hyperparameter,value\ndecays,much\n", "line 2: expected a number, found 'much'"),
        ("hyperparameter,value\n\ndecays,nan\n", "bad.csv, line 3: expected at least 1.5"),
        ("hyperparameter,value\ndecays,1\n", "2: expected at least 1.52588e-05 and less"),
        ("hyperparameter,value\nlearning_rates,1e9\n", "line 2: expected more than 0 and at"),
        ("hyperparameter,value\nsharing,1\n", "bad.csv: expected only hyperparameters that this"),
        ("hyperparameter,value\ndecays,0.5\ndecays,0.6\n", "line 3: expected each value once, fou"),
        ("hyperparameter,iteration,value\ndecays,8,0.5\n", "expected an iteration from 0 to 7"),
        ("hyperparameter,iteration,value\ndecays,3,0.5\n",
         "bad.csv: expected momentum decays for iteration 0, group"),
        ("hyperparameter,group,value\ndecays,layer 9,0.5\n", "line 2: expected one of the groups"),
        ("hyperparameter,entry,value\ndecays,0,0.5\n", "line 2: expected no entry, because these"),
        ('hyperparameter,value\ndecays,"0.5\n', "line 2: expected a row of CSV: "),
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        with_hyperparameters(tiny(), path)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"rates": np.ones(3)}, "bad.npz, array 'rates': expected the name of one of"),
        ({"decays": np.ones((7, 2))}, "array 'decays': expected the shape (8, 2), found (7, 2)."),
        ({"decays": np.full((8, 2), np.nan)}, "bad.npz, decays[0, 0]: expected at least"),
        ({"decays": np.array(["a"])}, "expected numbers of at most double precision, found '<U1'"),
        ({"decays": np.array([1 + 2j])}, "expected numbers of at most double precision"),
        ({"decays": np.array([None])}, "expected numbers, found pickled Python objects"),
        ({"l2_penalties": np.ones(5)}, "array 'l2_penalties': expected the shape (1,) or (2,)"),
        ({}, "bad.npz: expected hyperparameters, found none."),
    ],
)  # fmt: skip
def test_an_archive_that_does_not_fit_is_refused_with_its_array(
    tmp_path: Path, content: dict[str, np.ndarray], said: str
) -> None:
    path = tmp_path / "bad.npz"
    with path.open("wb") as file:
        np.savez(file, allow_pickle=True, **content)  # type: ignore[arg-type]
    with pytest.raises(InputError) as refused:
        with_hyperparameters(tiny(), path)
    assert said in str(refused.value)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_archive_is_read_or_refused(
    tmp_path: Path, record: RunRecord, data: st.DataObject
) -> None:
    content = bytearray(to_npz(record.initial))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.npz"
    path.write_bytes(bytes(content))
    with suppress(InputError):  # some bytes make no difference
        with_hyperparameters(record.experiment, path)


def test_no_more_than_a_file_may_hold_is_unpacked(tmp_path: Path) -> None:
    path, header = tmp_path / "bomb.npz", io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (10_000_000,)}
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("decays.npy", header.getvalue() + bytes(80_000_000))
    with pytest.raises(InputError, match=r"bomb\.npz: expected arrays of at most"):
        with_hyperparameters(tiny(), path)


@pytest.mark.parametrize("name", ["a.txt", "a", "a.npy"])
def test_another_kind_of_file_is_refused(record: RunRecord, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"expected a file that ends in \.csv or \.npz"):
        write_hyperparameters(record, tmp_path / name)
    with pytest.raises(InputError, match=r"expected a file that ends in \.csv or \.npz"):
        with_hyperparameters(record.experiment, tmp_path / name)
    with pytest.raises(InputError, match="expected a file, found none at"):
        with_hyperparameters(record.experiment, tmp_path / "none.npz")


def test_every_kind_has_a_name_that_tables_may_use() -> None:
    assert not any("," in name or '"' in name for name in KINDS)
