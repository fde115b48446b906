import json
from pathlib import Path

import numpy as np
import pytest
from experiments_for_tests import FIXED, events_of, record_of, tiny

import engine
from engine.errors import InputError
from engine.output.files import write_numbers
from engine.output.reading import read_numbers
from engine.runs.events import Event, MetaIterationDone


@pytest.fixture(scope="module")
def events() -> tuple[Event, ...]:
    return events_of(tiny({**FIXED, "hyperparameters.learning_rates.free": "true"}))


def test_what_was_written_is_read_back(events: tuple[Event, ...], tmp_path: Path) -> None:
    record = record_of(events)
    write_numbers(record, tmp_path)
    result, arrays = engine.read_numbers(tmp_path)
    assert result["experiment"] == "tiny"
    assert len(result["meta_iterations"]) == len(arrays["meta_iterations.decays"]) == 3
    assert np.array_equal(arrays["final.learning_rates"], record.current["learning_rates"])


@pytest.mark.parametrize(
    ("name", "counts"), [("result.json", "2 and 3"), ("hyperparameters.npz", "3 and 2")]
)
def test_files_of_two_moments_are_refused_with_both_counts(
    name: str, counts: str, events: tuple[Event, ...], tmp_path: Path
) -> None:
    last = [type(event).__name__ for event in events].index("RunFinished")
    third = max(n for n, event in enumerate(events) if isinstance(event, MetaIterationDone))
    write_numbers(record_of(events[: last + 1]), tmp_path / "late")
    write_numbers(record_of(events[:third]), tmp_path / "early")
    (tmp_path / "early" / name).replace(tmp_path / "late" / name)
    with pytest.raises(InputError, match=f"of one moment, found them after {counts} meta-iter"):
        read_numbers(tmp_path / "late")


@pytest.mark.parametrize("name", ["result.json", "hyperparameters.npz"])
def test_files_of_two_runs_are_refused(
    name: str, events: tuple[Event, ...], tmp_path: Path
) -> None:
    other = tiny({**FIXED, "hyperparameters.learning_rates.free": "true", "meta.seed": "5"})
    write_numbers(record_of(events), tmp_path / "one")
    write_numbers(record_of(events_of(other)), tmp_path / "other")
    (tmp_path / "other" / name).replace(tmp_path / "one" / name)
    with pytest.raises(InputError, match="of one moment"):
        read_numbers(tmp_path / "one")


def test_numbers_of_the_version_before_are_read_if_their_counts_agree(
    events: tuple[Event, ...], tmp_path: Path
) -> None:
    write_numbers(record_of(events), tmp_path)
    file = tmp_path / "result.json"
    result = json.loads(file.read_text())
    del result["hyperparameters_sha256"]
    file.write_text(json.dumps(result))
    assert read_numbers(tmp_path)[0] == result
    result["meta_iterations"].pop()
    file.write_text(json.dumps(result))
    with pytest.raises(InputError, match="after 2 and 3 meta-iterations"):
        read_numbers(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"PK\x03\x04", b"\xff"])
@pytest.mark.parametrize("name", ["result.json", "hyperparameters.npz"])
def test_a_file_that_is_not_whole_is_refused(
    name: str, content: bytes, events: tuple[Event, ...], tmp_path: Path
) -> None:
    write_numbers(record_of(events), tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=r"expected the numbers of a run: a file is not whole"):
        read_numbers(tmp_path)


def test_a_folder_without_numbers_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected the numbers of a run: No such file") as error:
        read_numbers(tmp_path / "none")
    assert error.value.field == str(tmp_path / "none")
