import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from real_data import real_digits_path

from engine.data import published as library
from engine.data.datasets import BUILT_IN, load_dataset
from engine.data.published import (
    LIBRARY,
    PublishedFile,
    PublishedSet,
    add_folder,
    added_folders,
    cache_folder,
    is_at_hand,
    locate,
    places,
    received,
    require,
)
from engine.errors import InputError

INK = b"ink" * 1000


@pytest.fixture(autouse=True)
def _a_small_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A set named "ink" of two files with the same name, told apart by folder and hash."""
    files = tuple(
        PublishedFile("ink.gz", "", len(content), hashlib.sha256(content).hexdigest(), folder)
        for content, folder in ((INK, ""), (INK[::-1], "back"))
    )
    monkeypatch.setitem(LIBRARY, "ink", PublishedSet("ink", "nobody", "MIT", files))


def put(folder: Path) -> tuple[Path, ...]:
    """Leave the small set in a folder."""
    paths = (folder / "ink.gz", folder / "back" / "ink.gz")
    (folder / "back").mkdir(parents=True)
    for path, content in zip(paths, (INK, INK[::-1]), strict=True):
        path.write_bytes(content)
    return paths


@contextmanager
def hashing_counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Notes every file that is hashed."""
    hashed: list[object] = []
    original = hashlib.file_digest

    def counted(file: object, name: str) -> object:
        hashed.append(file)
        return original(file, name)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(hashlib, "file_digest", counted)
        yield hashed


# Where sets are found


def test_nothing_is_at_hand_where_nothing_is() -> None:
    assert not any(map(is_at_hand, LIBRARY))
    assert [received(name) for name in LIBRARY] == [0] * len(LIBRARY)


def test_a_name_that_nobody_knows_is_not_at_hand() -> None:
    assert locate("digits") is None
    assert not is_at_hand("imagenet")


def test_a_set_is_found_in_the_cache() -> None:
    paths = put(cache_folder())
    assert locate("ink") == paths


def test_a_set_is_found_in_the_folders_of_the_environment_before_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(cache_folder())
    paths = put(tmp_path / "mine")
    monkeypatch.setenv(library.FOLDERS, os.pathsep.join(["", str(tmp_path / "mine"), "nowhere"]))
    assert locate("ink") == paths


def test_an_added_folder_is_remembered_and_comes_between_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(library.FOLDERS, str(tmp_path / "named"))
    put(cache_folder())
    paths = put(tmp_path / "added")
    add_folder(tmp_path / "added")
    add_folder(tmp_path / "added")
    assert added_folders() == (tmp_path / "added",)
    assert places() == (tmp_path / "named", tmp_path / "added", cache_folder())
    assert locate("ink") == paths


def test_a_file_that_is_apart_from_its_namesake_is_found_in_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path)
    monkeypatch.setenv(library.FOLDERS, os.pathsep.join([str(tmp_path), str(tmp_path / "back")]))
    assert locate("ink") == (tmp_path / "ink.gz", tmp_path / "back" / "ink.gz")
    monkeypatch.setenv(library.FOLDERS, os.pathsep.join([str(tmp_path / "back"), str(tmp_path)]))
    assert locate("ink") == (tmp_path / "ink.gz", tmp_path / "back" / "ink.gz")


def test_a_set_in_part_is_not_at_hand_and_counts_what_came() -> None:
    first, second = put(cache_folder())
    second.unlink()
    LIBRARY["ink"].files[1].part.write_bytes(b"x" * 10)
    assert not is_at_hand("ink")
    assert received("ink") == first.stat().st_size + 10


@pytest.mark.parametrize("content", [b"", INK[:-1], INK[::-1], INK + b"."])
def test_a_file_with_other_content_is_not_the_published_one(content: bytes) -> None:
    first, _ = put(cache_folder())
    first.write_bytes(content)
    assert not is_at_hand("ink")


def test_a_file_is_hashed_once_and_again_when_it_has_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, _ = put(cache_folder())
    with hashing_counted(monkeypatch) as hashed:
        assert is_at_hand("ink")
        once = len(hashed)
        assert is_at_hand("ink")
        assert len(hashed) == once > 0
        first.write_bytes(INK[::-1])
        os.utime(first, ns=(1, 1))
        assert not is_at_hand("ink")


# What a person sees


def test_a_set_that_is_not_at_hand_is_named_with_its_command_and_its_size() -> None:
    with pytest.raises(InputError) as refusal:
        require("mnist")
    assert str(refusal.value) == (
        "data.source: mnist is not downloaded; `retrograde fetch mnist` downloads it (11.6 MB), "
        "or set RETROGRADE_DATA to its folder."
    )


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_a_folder_without_any_of_the_files_is_refused(folder: str, tmp_path: Path) -> None:
    (tmp_path / "train-images-idx3-ubyte.gz").write_text("something else")
    with pytest.raises(InputError, match=r"expected .* such as train-images-idx3-ubyte\.gz\.$"):
        add_folder(tmp_path / folder)
    assert added_folders() == ()


def test_a_note_of_folders_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "user settings").write_text("in the way")
    with pytest.raises(InputError, match=r"data-folders\.json: expected a file to write to: "):
        add_folder(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "3", '"here"', "[3]", '{"here": 1}', "\x00"])
def test_a_damaged_note_of_folders_counts_as_none_and_is_written_anew(
    text: str, tmp_path: Path
) -> None:
    (tmp_path / "user settings").mkdir()
    note = tmp_path / "user settings" / "data-folders.json"
    note.write_text(text)
    assert added_folders() == ()
    put(tmp_path)
    add_folder(tmp_path)
    assert json.loads(note.read_text()) == [str(tmp_path)]


def test_every_set_has_a_title_among_the_data_sets_and_a_hash_for_each_file() -> None:
    for name, entry in LIBRARY.items():
        assert name == entry.name
        assert name in BUILT_IN or name == "ink"
        assert all(len(bytes.fromhex(file.sha256)) == 32 for file in entry.files)
        paths = [file.path for file in entry.files]
        assert len(set(paths)) == len(paths)


# Real files


@pytest.fixture
def real_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(library.FOLDERS, str(real_digits_path().parent))


@pytest.mark.usefixtures("real_files")
def test_the_real_test_digits_are_ten_thousand_images_of_28_by_28() -> None:
    digits = load_dataset("mnist-test")
    assert (digits.size, digits.features, digits.classes) == (10_000, 784, 10)
    assert digits.image_shape == (28, 28)
    assert (digits.inputs.min(), digits.inputs.max()) == (0.0, 1.0)
    assert digits.class_names == tuple("0123456789")
    assert digits.targets[:5].tolist() == [7, 2, 1, 0, 4]
    assert load_dataset("mnist-test") is digits


@pytest.mark.usefixtures("real_files")
def test_the_training_digits_are_still_missing_beside_the_test_digits() -> None:
    if not is_at_hand("mnist"):
        assert received("mnist") == LIBRARY["mnist-test"].size
