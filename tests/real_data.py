"""Where the real data files are that some tests read; they are not part of the project."""

import os
from pathlib import Path

import pytest

_BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2] / "shared" / "data"
_DRAWINGS = ("images_background_small1.zip", "images_background_small2.zip")
_DIGITS = ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")


def real_digits_path() -> Path:
    """The file of MNIST's test images, with its labels beside it; skips the test without them."""
    folder = Path(os.environ.get("RETROGRADE_TEST_DATA", _BESIDE_THE_PROJECT))
    if not all((folder / name).is_file() for name in _DIGITS):
        pytest.skip(
            "the MNIST test files are not there: put t10k-images-idx3-ubyte.gz and "
            "t10k-labels-idx1-ubyte.gz in a folder and set RETROGRADE_TEST_DATA to it"
        )
    return folder / _DIGITS[0]


def real_drawings_folder() -> Path:
    """The folder with both files of Omniglot; skips the test without them."""
    folder = Path(os.environ.get("RETROGRADE_TEST_DATA", _BESIDE_THE_PROJECT))
    if not all((folder / name).is_file() for name in _DRAWINGS):
        pytest.skip(
            "the Omniglot files are not there: put images_background_small1.zip and "
            "images_background_small2.zip in a folder and set RETROGRADE_TEST_DATA to it"
        )
    return folder
