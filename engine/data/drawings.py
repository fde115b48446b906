"""Sets of drawings of the characters of several alphabets: each alphabet is a task of its own.

Omniglot (Lake, Salakhutdinov and Tenenbaum 2015) comes as a zip archive of images, which are read
one by one: nothing is unpacked to disk, and no more memory is used than what an image of its size
may need. Samples of scikit-learn's digits stand in for it if it is not available.
"""

import io
import struct
import zipfile
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import read_only
from engine.data.datasets import load_dataset
from engine.data.published import require
from engine.data.readers.archives import PACKINGS, opened_archive
from engine.data.readers.refusals import wrong
from engine.errors import InputError
from engine.files import what_is_at
from engine.randomness import generator

ROTATED_DIGITS: Final = "rotated digits"
"""The set that comes with Retrograde."""

DIGIT_CHARACTERS: Final = "digit characters"
"""Another one: each digit is a character, of which there are many drawings."""

OMNIGLOT: Final = ("omniglot-small-1", "omniglot-small-2")
"""Those that are published."""

DRAWING_SETS: Final = (ROTATED_DIGITS, DIGIT_CHARACTERS, *OMNIGLOT)

SIDE: Final = 28
"""Pixels along each side of a drawing, once it is read from an archive."""

MOST_DRAWINGS: Final = 100_000
"""In one archive."""

_LARGEST_ARCHIVE: Final = 500_000_000  # bytes
_MOST_MEMBERS: Final = 2 * MOST_DRAWINGS  # folders, and what else archives hold
_LARGEST_IMAGE: Final = 1_000_000  # bytes, unpacked from the archive
_LONGEST_SIDE: Final = 1024  # pixels
_LONGEST_NAME: Final = 60
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_DIGIT_SAMPLES: Final = 5
_DIGITS_EACH: Final = 15
_DIGITS_SEED: Final = 20150207
_FIELD: Final = 10  # pixels along each side of what a digit is placed on

Place = tuple[str, str, str]
"""Alphabet, character, drawing: the last three parts of an image's path in its archive."""


class Alphabet(NamedTuple):
    """Drawings of the characters of one alphabet.

    Attributes:
        name: "Early Aramaic".
        images: (characters, drawings, height, width) float32, read-only; ink is 1.
    """

    name: str
    images: NDArray[np.float32]


class Drawings(NamedTuple):
    """A set of drawings.

    Attributes:
        name: the name of the set, or of its file.
        alphabets: two or more.
    """

    name: str
    alphabets: tuple[Alphabet, ...]


def load_drawings(name: str) -> Drawings:
    """Load a set of drawings by its name.

    Args:
        name: one of `DRAWING_SETS`.

    Raises:
        InputError: there is no such set, or it is not available.
    """
    if name == ROTATED_DIGITS:
        return _digits()
    if name == DIGIT_CHARACTERS:
        return _digit_characters()
    if name in OMNIGLOT:
        return read_drawings(require(name)[0])
    expected = f"one of {', '.join(DRAWING_SETS)}"
    raise InputError("data.source", f"expected {expected}, which are drawings, found {name!r}.")


def read_drawings(path: Path) -> Drawings:
    """Read a zip archive of images, "…/alphabet/character/drawing.png", ink on a light ground.

    They are reduced to `SIDE` × `SIDE` by averaging over areas. What was read last is kept in
    memory until the file changes.

    Raises:
        InputError: it is not such an archive.
    """
    try:
        if (found := what_is_at(path)) in ("a folder", "no ordinary file"):
            raise wrong(path.name, "a file", found)
        state = path.stat()
    except (OSError, ValueError) as error:  # a path that the system cannot take is a ValueError
        if isinstance(error, InputError):
            raise
        raise _unreadable(path, error) from None
    if state.st_size > _LARGEST_ARCHIVE:
        raise wrong(path.name, f"at most {_LARGEST_ARCHIVE:,} bytes", f"{state.st_size:,}")
    return _read(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=1)
def _read(path: Path, size: int, changed: int) -> Drawings:
    """Read an archive, again only when its size or its time of change is another."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from None
    with file, opened_archive(path.name, file, _MOST_MEMBERS, "zip archive") as archive:
        members = _members(path.name, archive)
        images = {place: _image(path.name, archive, info) for place, info in members.items()}
    return Drawings(path.stem, tuple(_alphabets(path.name, images)))


def _unreadable(path: Path, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or error
    return wrong(path.name, "a file that can be read", f"an error ({reason})")


def _members(origin: str, archive: zipfile.ZipFile) -> dict[Place, zipfile.ZipInfo]:
    """The images of an archive, in the order of their names."""
    found: dict[Place, zipfile.ZipInfo] = {}
    total = 0
    for info in archive.infolist():
        parts = PurePosixPath(info.filename).parts
        if not info.filename.lower().endswith(".png") or "__MACOSX" in parts:
            continue
        if len(parts) < 3 or not all(_is_name(part) for part in parts[-3:]):
            wanted = "images in folders, alphabet/character/drawing.png"
            raise wrong(origin, wanted, repr(info.filename[:_LONGEST_NAME]))
        if info.file_size > _LARGEST_IMAGE:
            wanted = f"images of at most {_LARGEST_IMAGE:,} bytes"
            raise wrong(f"{origin}, {parts[-1]}", wanted, f"{info.file_size:,}")
        if info.compress_type not in PACKINGS:
            wanted = "images that are stored or deflated"
            raise wrong(f"{origin}, {parts[-1]}", wanted, f"type {info.compress_type}")
        total += info.file_size
        if total > _LARGEST_ARCHIVE:
            raise wrong(origin, f"at most {_LARGEST_ARCHIVE:,} bytes of images", "more")
        place = (parts[-3], parts[-2], parts[-1])
        if place in found:
            raise wrong(origin, "an alphabet of each name", f"{'/'.join(place)} twice")
        found[place] = info
        if len(found) > MOST_DRAWINGS:
            raise wrong(origin, f"at most {MOST_DRAWINGS:,} images", "more")
    return dict(sorted(found.items()))


def _is_name(part: str) -> bool:
    return part.isprintable() and len(part) <= _LONGEST_NAME


def _image(
    archive_name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> NDArray[np.float32]:
    """(SIDE, SIDE) one image, reduced; ink is 1."""
    from PIL import Image

    origin = f"{archive_name}, {PurePosixPath(info.filename).name}"
    try:
        content = archive.read(info)
        if content[:8] != _PNG:
            raise wrong(origin, "a PNG image", "something else")
        width, height = struct.unpack(">II", content[16:24])
        if not SIDE <= width == height <= _LONGEST_SIDE:
            wanted = f"a square image of {SIDE} to {_LONGEST_SIDE} pixels per side"
            raise wrong(origin, wanted, f"{width} × {height}")
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            pixels: NDArray[Any] = np.asarray(image.convert("L"), np.float32)
    except InputError:
        raise
    except Exception as error:  # whatever the decoders make of a damaged file
        raise wrong(origin, "an intact PNG image", "a damaged one") from error
    averages = _averages(len(pixels))
    reduced: NDArray[np.float32] = 1 - averages @ pixels @ averages.T / 255
    return reduced


@cache
def _averages(side: int) -> NDArray[np.float32]:
    """(SIDE, side) how much of each pixel goes into each one of an image reduced to SIDE."""
    edges = np.arange(SIDE + 1) * (side / SIDE)
    begin = np.maximum(edges[:-1, None], np.arange(side))
    end = np.minimum(edges[1:, None], np.arange(side) + 1.0)
    shares: NDArray[np.float32] = np.asarray(np.maximum(end - begin, 0) * (SIDE / side), np.float32)
    return shares


def _alphabets(origin: str, images: dict[Place, Any]) -> Iterator[Alphabet]:
    """Drawings by alphabet; of every character as many as there are of the one with fewest."""
    characters: dict[str, dict[str, list[Any]]] = {}
    for (alphabet, character, _), image in images.items():
        characters.setdefault(alphabet, {}).setdefault(character, []).append(image)
    if len(characters) < 2:
        raise wrong(origin, "images of two or more alphabets", str(len(characters)))
    fewest = min(len(drawn) for drawings in characters.values() for drawn in drawings.values())
    for name, drawings in characters.items():
        stacked = np.array([drawn[:fewest] for drawn in drawings.values()], np.float32)
        yield Alphabet(name.replace("_", " "), read_only(stacked))


@cache
def _digit_characters() -> Drawings:
    """Scikit-learn's digits as characters of two alphabets, with as many drawings of each.

    Each is somewhere on a field that is larger than it, as in a photograph: compared pixel by
    pixel, drawings of one digit are then no more alike than those of two. 6 and 9, which are much
    the same when turned, are on one side.
    """
    digits = load_dataset("digits")
    assert digits.image_shape is not None, "they are images"
    side = digits.image_shape[0]
    images = np.zeros((len(digits.targets), _FIELD, _FIELD), np.float32)
    corners = generator(_DIGITS_SEED).integers(_FIELD - side + 1, size=(len(images), 2))
    for image, digit, (top, left) in zip(images, digits.inputs, corners, strict=True):
        image[top : top + side, left : left + side] = digit.reshape(side, side)
    fewest = int(np.bincount(digits.targets).min())
    drawn = np.array(
        [images[np.flatnonzero(digits.targets == digit)[:fewest]] for digit in range(10)]
    )
    parts = (("digits 0 to 5", slice(6)), ("digits 6 to 9", slice(6, 10)))
    alphabets = (Alphabet(name, read_only(drawn[part])) for name, part in parts)
    return Drawings(DIGIT_CHARACTERS, tuple(alphabets))


@cache
def _digits() -> Drawings:
    """Five samples of scikit-learn's digits, no drawing in two of them."""
    digits = load_dataset("digits")
    assert digits.image_shape is not None, "they are images"
    images = digits.inputs.reshape(-1, *digits.image_shape).astype(np.float32)
    random = generator(_DIGITS_SEED)
    places = np.array(
        [
            random.permutation(np.flatnonzero(digits.targets == digit))[
                : _DIGIT_SAMPLES * _DIGITS_EACH
            ].reshape(_DIGIT_SAMPLES, _DIGITS_EACH)
            for digit in range(digits.classes)
        ]
    )
    alphabets = (
        Alphabet(f"sample {number + 1}", read_only(images[places[:, number]]))
        for number in range(_DIGIT_SAMPLES)
    )
    return Drawings(ROTATED_DIGITS, tuple(alphabets))
