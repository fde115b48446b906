import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data import drawings
from engine.data.datasets import load_dataset
from engine.data.drawings import SIDE, read_drawings
from engine.data.readers import limits
from engine.errors import InputError
from engine.experiments.experiment import Data
from engine.tasks.fitting import open_drawings

ALPHABETS = {"Early_Aramaic": 2, "Greek": 3}


def png(ink: np.ndarray) -> bytes:
    """A black and white image with ink where it is wanted."""
    content = io.BytesIO()
    Image.fromarray(~ink.astype(bool)).convert("1").save(content, "PNG")
    return content.getvalue()


def ink_of(alphabet: int, character: int, drawing: int, side: int = 105) -> np.ndarray:
    random = np.random.default_rng((alphabet, character, drawing))
    return random.uniform(size=(side, side)) < 0.2


def archive(path: Path, changes: dict[str, bytes] | None = None, each: int = 4) -> Path:
    """A zip archive of a few characters, drawn ``each`` times, but for some files."""
    contents = {
        f"all/{name}/character{character + 1:02}/{drawing + 1:04}.png": png(
            ink_of(number, character, drawing)
        )
        for number, (name, count) in enumerate(ALPHABETS.items())
        for character in range(count)
        for drawing in range(each)
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("all/", b"")
        file.writestr("__MACOSX/all/Greek/character01/._0001.png", b"no image")
        file.writestr("all/read me.txt", b"words")
        for name, content in {**contents, **(changes or {})}.items():
            file.writestr(name, content)
    return path


FIRST = "all/Early_Aramaic/character01/0001.png"


def test_an_archive_has_its_drawings_by_alphabet_character_and_drawing(tmp_path: Path) -> None:
    read = read_drawings(archive(tmp_path / "few.zip"))
    assert read.name == "few"
    assert [alphabet.name for alphabet in read.alphabets] == ["Early Aramaic", "Greek"]
    shapes = [alphabet.images.shape for alphabet in read.alphabets]
    assert shapes == [(2, 4, SIDE, SIDE), (3, 4, SIDE, SIDE)]
    for number, alphabet in enumerate(read.alphabets):
        for character, drawing in np.ndindex(alphabet.images.shape[:2]):
            ink = ink_of(number, character, drawing)
            assert alphabet.images[character, drawing].mean() == pytest.approx(ink.mean(), abs=1e-6)
        assert not alphabet.images.flags.writeable


def test_reduced_pixels_are_averages_over_their_areas(tmp_path: Path) -> None:
    fine = ink_of(9, 9, 9, side=3 * SIDE)
    read = read_drawings(archive(tmp_path / "few.zip", {FIRST: png(fine)}))
    blocks = fine.reshape(SIDE, 3, SIDE, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(read.alphabets[0].images[0, 0], blocks, atol=1e-6)
    edge = np.zeros((105, 105))
    edge[:, 3] = 1  # a quarter of it belongs to the second pixel: 105 / 28 is 3.75
    read = read_drawings(archive(tmp_path / "edge.zip", {FIRST: png(edge)}))
    np.testing.assert_allclose(
        read.alphabets[0].images[0, 0, 5, :3], [0.2, 0.25 / 3.75, 0], atol=1e-6
    )


def test_every_character_has_as_many_drawings_as_the_one_with_fewest(tmp_path: Path) -> None:
    more = {"all/Greek/character01/0009.png": png(ink_of(0, 0, 0))}
    read = read_drawings(archive(tmp_path / "few.zip", more))
    assert [alphabet.images.shape[1] for alphabet in read.alphabets] == [4, 4]


def test_an_archive_is_read_again_only_when_it_has_changed(tmp_path: Path) -> None:
    path = archive(tmp_path / "few.zip")
    read = read_drawings(path)
    assert read_drawings(path) is read
    archive(path, each=5)
    assert read_drawings(path).alphabets[0].images.shape[1] == 5


def _declared(width: int, height: int) -> bytes:
    """An image that says it is larger than it is."""
    content = bytearray(png(ink_of(0, 0, 0)))
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({FIRST: b"GIF89a"}, "0001.png: expected a PNG image, found something else."),
        ({FIRST: png(ink_of(0, 0, 0))[:60]}, "0001.png: expected an intact PNG image"),
        ({FIRST: _declared(2**20, 2**20)}, "pixels per side, found 1048576 × 1048576."),
        ({FIRST: _declared(105, 104)}, "a square image of 28 to 1024 pixels"),
        ({FIRST: png(np.ones((12, 12)))}, "pixels per side, found 12 × 12."),
        ({FIRST: b"\0" * 1_000_001}, "0001.png: expected images of at most 1,000,000 bytes"),
        ({"0001.png": png(np.ones((28, 28)))}, "alphabet/character/drawing.png, found '0001.png'."),
        (
            {f"all/{'x' * 61}/character01/0001.png": png(np.ones((28, 28)))},
            "expected images in folders, alphabet/character/drawing.png",
        ),
        (
            {"other/Greek/character01/0001.png": png(np.ones((28, 28)))},
            "expected an alphabet of each name, found Greek/character01/0001.png twice.",
        ),
    ],
)
def test_what_cannot_be_used_of_an_archive_is_named(
    changes: dict[str, bytes], message: str, tmp_path: Path
) -> None:
    path = archive(tmp_path / "few.zip", changes)
    with pytest.raises(InputError) as error:
        read_drawings(path)
    assert str(error.value).startswith("few.zip")
    assert message in str(error.value)


def test_there_are_several_alphabets_and_not_too_many_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("Greek/character01/0001.png", png(np.ones((28, 28))))
    with pytest.raises(InputError, match=r"one\.zip: expected images of two or more alphabets"):
        read_drawings(path)
    monkeypatch.setattr(drawings, "MOST_DRAWINGS", 19)
    with pytest.raises(InputError, match=r"few\.zip: expected at most 19 images, found more\."):
        read_drawings(archive(tmp_path / "few.zip"))


@pytest.mark.parametrize("place", [400, 4000, -60])
def test_a_damaged_archive_is_named(place: int, tmp_path: Path) -> None:
    path = archive(tmp_path / "few.zip")
    content = bytearray(path.read_bytes())
    content[place : place + 50 or None] = 50 * b"\xaa"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"^few\.zip.*: expected "):
        read_drawings(path)


def test_a_file_that_is_no_archive_or_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "words.zip"
    path.write_text("no archive")
    with pytest.raises(InputError, match=r"^words\.zip: expected an intact zip archive"):
        read_drawings(path)
    with pytest.raises(InputError, match=r"^none\.zip: expected a file that can be read"):
        read_drawings(tmp_path / "none.zip")


@pytest.mark.parametrize("name", ["", "/", "x.png/", "..", "a//b/c.txt"])
def test_a_member_of_any_name_that_is_no_image_is_passed_over(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "few.zip")
    info = zipfile.ZipInfo("odd")
    info.filename = name
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(info, b"content")
    assert len(read_drawings(path).alphabets) == 2


def test_an_archive_has_not_too_many_members_nor_too_long_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "few.zip")
    monkeypatch.setattr(zipfile, "ZipFile", None)  # its list is not read
    monkeypatch.setattr(drawings, "_MOST_MEMBERS", 22)
    with pytest.raises(InputError, match=r"^few\.zip: expected at most 22 members, found more\."):
        read_drawings(path)
    monkeypatch.setattr(limits, "MAX_NAMES_BYTES", 1000)
    with pytest.raises(InputError, match=r"^few\.zip: expected a list of members of at most 1,000"):
        read_drawings(path)


def test_images_are_packed_as_usual_and_are_not_too_many_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "few.zip")
    monkeypatch.setattr(drawings, "_LARGEST_ARCHIVE", path.stat().st_size)
    bomb = archive(tmp_path / "bomb.zip", {FIRST: bytes(path.stat().st_size)})
    with pytest.raises(InputError, match=r"^bomb\.zip: expected at most .* bytes of images"):
        read_drawings(bomb)
    monkeypatch.undo()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as file:
        file.writestr("all/Greek/character09/0001.png", png(ink_of(0, 0, 0)))
    with pytest.raises(InputError, match=r"expected images that are stored or deflated"):
        read_drawings(path)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_only_an_ordinary_file_is_opened(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "few.zip")
    with pytest.raises(InputError, match=r"^few\.zip: expected a file, found (a|no) "):
        read_drawings(tmp_path / "few.zip")


def test_an_experiment_names_a_set_or_a_file(tmp_path: Path) -> None:
    read = open_drawings(Data(file=str(archive(tmp_path / "few.zip"))))
    assert read.name == "few"
    with pytest.raises(InputError, match=r"^data\.source: expected one of rotated digits, "):
        open_drawings(Data(source="iris"))


def test_the_digits_are_five_samples_without_a_drawing_in_common() -> None:
    read = open_drawings(Data(source="rotated digits"))
    assert [alphabet.images.shape for alphabet in read.alphabets] == [(10, 15, 8, 8)] * 5
    digits = load_dataset("digits")
    known: dict[bytes, set[int]] = {}
    for pixels, digit in zip(digits.inputs.astype(np.float32), digits.targets, strict=True):
        known.setdefault(pixels.tobytes(), set()).add(int(digit))
    seen = set()
    for alphabet in read.alphabets:
        for digit, drawing in np.ndindex(10, 15):
            pixels = alphabet.images[digit, drawing].tobytes()
            assert digit in known[pixels]
            seen.add(pixels)
    assert len(seen) == 5 * 10 * 15


def test_published_alphabets_are_read_whole() -> None:
    folder = Path(os.environ.get("RETROGRADE_TEST_DATA", "none"))
    path = folder / "images_background_small1.zip"
    if not path.is_file():
        pytest.skip(
            "the first Omniglot file is not there: put images_background_small1.zip in a folder "
            "and set RETROGRADE_TEST_DATA to it"
        )
    read = read_drawings(path)
    found = {alphabet.name: alphabet.images.shape[:2] for alphabet in read.alphabets}
    assert found == {
        "Balinese": (24, 20),
        "Early Aramaic": (22, 20),
        "Greek": (24, 20),
        "Korean": (40, 20),
        "Latin": (26, 20),
    }
    share = np.mean([alphabet.images.mean() for alphabet in read.alphabets])
    assert 0.03 < share < 0.15
