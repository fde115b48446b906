"""What is refused costs little: measured in a process of its own."""

import gzip
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from files_for_tests import LABELS, idx_bytes

_READ = """
import json, resource, sys, time
from engine.data.drawings import read_drawings
from engine.data.readers import read_dataset
from engine.errors import InputError

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

found = []
for path in sys.argv[1:]:
    before = peak()
    try:
        read_drawings(Path(path)) if path.endswith(".zip") else read_dataset(path)
        message = "read"
    except InputError as error:
        message = str(error)
    found.append([message, peak() - before])
print(json.dumps(found))
""".replace("import json", "from pathlib import Path\nimport json")

_CHUNK = bytes(2**24)
_LINES = b"\n" * 2**24


def _packed(path: Path, head: bytes, chunk: bytes, times: int) -> Path:
    with gzip.open(path, "wb", 1) as file:
        file.write(head)
        for _ in range(times):
            file.write(chunk)
    return path


def _zipped(path: Path, name: str, head: bytes, times: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open(name, "w") as file:
            file.write(head)
            for _ in range(times):
                file.write(_CHUNK)
        with archive.open("y.npy", "w") as file:
            np.lib.format.write_array(file, np.arange(4))
    return path


def _npy_header(shape: tuple[int, ...], descr: str) -> bytes:
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}}}".encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text


@pytest.fixture(scope="module")
def bombs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files of half a gigabyte and more, once they are unpacked, that are nothing to read."""
    folder = tmp_path_factory.mktemp("bombs")
    images = struct.pack(">BBBB3I", 0, 0, 8, 3, 1, 28, 28)
    large = struct.pack(">BBBB3I", 0, 0, 8, 3, 4, 2**13, 2**13)
    (folder / "labels-idx1-ubyte").write_bytes(idx_bytes(LABELS))
    short = folder / "short.npz"
    _zipped(short, "x.npy", _npy_header((4, 2**27), "|u1"), 20)
    return {
        "more than the header says": _packed(folder / "a-idx3-ubyte.gz", images, _CHUNK, 20),
        "less than the header says": _packed(folder / "b-idx3-ubyte.gz", large, _CHUNK, 15),
        "blank lines": _packed(folder / "c.csv.gz", b"a,b\n1,2\n", _LINES, 20),
        "one long line": _packed(folder / "d.csv.gz", b"a,b\n1,", b"2" * 2**24, 20),
        "no array of that size": short,
        "two sets that do not fit": _zipped(
            folder / "other.npz", "x.npy", _npy_header((5, 2**24 * 4), "|u1"), 20
        ),
        "an image": _zipped(folder / "image.zip", "a/b/c.png", b"\x89PNG", 20),
    }


def test_what_is_refused_takes_little_memory(bombs: dict[str, Path]) -> None:
    command = [sys.executable, "-c", _READ, *map(str, bombs.values())]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for what, (message, megabytes) in zip(bombs, json.loads(said), strict=True):
        assert ": expected " in message, what
        assert megabytes < 150, (what, message, megabytes)
