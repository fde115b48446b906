"""The numbers of a run, read back from its folder."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import InputError


def read_numbers(folder: Path | str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read ``result.json`` and ``hyperparameters.npz``, which belong together.

    Args:
        folder: that `engine.write_numbers` or ``retrograde run`` wrote to.

    Returns:
        What the one says, and the arrays of the other.

    Raises:
        InputError: a file cannot be read; or they are of two moments, as a kill may leave them.
    """
    folder = Path(folder)
    try:
        result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        content = (folder / "hyperparameters.npz").read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            hyperparameters = {name: arrays[name] for name in arrays.files}
        named = result.get("hyperparameters_sha256")  # version 0.1 did not write it
        one = len(result["meta_iterations"])
        other = len(hyperparameters["meta_iterations.learning_rates"])
    except (
        OSError,
        ValueError,
        EOFError,
        AttributeError,
        KeyError,
        TypeError,
        zipfile.BadZipFile,
    ) as error:
        reason = error.strerror if isinstance(error, OSError) else "a file is not whole"
        raise InputError(str(folder), f"expected the numbers of a run: {reason}.") from None
    if one != other or (named is not None and digest(content) != named):
        raise InputError(
            str(folder),
            "expected result.json and hyperparameters.npz of one moment, found them after "
            f"{one} and {other} meta-iterations. The run was killed while it wrote.",
        )
    return result, hyperparameters


def digest(content: bytes) -> str:
    """What ``result.json`` knows its ``hyperparameters.npz`` by."""
    return hashlib.sha256(content).hexdigest()
