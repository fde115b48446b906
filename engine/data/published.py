"""The data sets that do not ship with the program: what they are, and where they are available.

A set is available if each of its files is, as published, in one of the folders that are
searched: its size and its hash decide, not its name alone.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path, user_config_path

from engine.errors import InputError
from engine.files import write_whole

FOLDERS: Final = "RETROGRADE_DATA"
"""Environment variable of folders to look in first."""

_MNIST: Final = "https://ossci-datasets.s3.amazonaws.com/mnist/"
_FASHION: Final = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
_OMNIGLOT: Final = "https://raw.githubusercontent.com/brendenlake/omniglot/master/python/"


@dataclass(frozen=True)
class PublishedFile:
    """A file as its publisher offers it.

    Attributes:
        name: without a folder.
        url: where it is offered.
        size: in bytes.
        sha256: of its content, in hexadecimal.
        folder: below a place, to keep it apart from another file of its name.
    """

    name: str
    url: str
    size: int
    sha256: str
    folder: str = ""

    @property
    def path(self) -> Path:
        """Where it lies below a place."""
        return Path(self.folder, self.name)

    @property
    def part(self) -> Path:
        """Where what has come of it is kept until it is whole."""
        return cache_folder() / self.folder / f"{self.name}.part"


@dataclass(frozen=True)
class PublishedSet:
    """A data set that can be fetched.

    Attributes:
        name: "mnist".
        publisher: who made it.
        licence: in a word.
        files: in the order in which they are read.
    """

    name: str
    publisher: str
    licence: str
    files: tuple[PublishedFile, ...]

    @property
    def size(self) -> int:
        """Bytes to download in all."""
        return sum(file.size for file in self.files)


def _published(base: str, folder: str, *files: tuple[str, int, str]) -> tuple[PublishedFile, ...]:
    return tuple(
        PublishedFile(name, base + name, size, digest, folder) for name, size, digest in files
    )


_MNIST_FILES: Final = _published(
    _MNIST,
    "",
    (
        "train-images-idx3-ubyte.gz",
        9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    (
        "train-labels-idx1-ubyte.gz",
        28_881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    (
        "t10k-images-idx3-ubyte.gz",
        1_648_877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    (
        "t10k-labels-idx1-ubyte.gz",
        4_542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
)
_FASHION_FILES: Final = _published(
    _FASHION,
    "fashion-mnist",
    (
        "train-images-idx3-ubyte.gz",
        26_421_880,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ),
    (
        "train-labels-idx1-ubyte.gz",
        29_515,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ),
    (
        "t10k-images-idx3-ubyte.gz",
        4_422_102,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ),
    (
        "t10k-labels-idx1-ubyte.gz",
        5_148,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
)
_OMNIGLOT_FILES: Final = _published(
    _OMNIGLOT,
    "",
    (
        "images_background_small1.zip",
        1_319_022,
        "f38eb80f801274ac2b4dff5b24289016bfaba4a7d5bb50deebf27104ad6cb8a4",
    ),
    (
        "images_background_small2.zip",
        1_580_917,
        "3ccaa407515a8778e5d0861875af38b17e418f301ad5bb3b5a6b65d901a41c7f",
    ),
)

LIBRARY: Final[dict[str, PublishedSet]] = {
    entry.name: entry
    for entry in (
        PublishedSet("mnist", "LeCun, Cortes and Burges", "CC BY-SA 3.0", _MNIST_FILES),
        PublishedSet("mnist-test", "LeCun, Cortes and Burges", "CC BY-SA 3.0", _MNIST_FILES[2:]),
        PublishedSet("fashion-mnist", "Zalando Research", "MIT", _FASHION_FILES),
        PublishedSet("omniglot-small-1", "Lake et al.", "MIT", _OMNIGLOT_FILES[:1]),
        PublishedSet("omniglot-small-2", "Lake et al.", "MIT", _OMNIGLOT_FILES[1:]),
    )
}
"""The sets that can be fetched, by name, in the order to list them."""


def is_at_hand(name: str) -> bool:
    """Whether every file of a set can be read now; false for a name that `LIBRARY` lacks."""
    return locate(name) is not None


def locate(name: str) -> tuple[Path, ...] | None:
    """The files of a set, in their order; None if the set is not available, or does not exist.

    A file's hash is worked out once, and again only when the file has changed.
    """
    if name not in LIBRARY:
        return None
    found = [locate_file(file) for file in LIBRARY[name].files]
    paths = tuple(path for path in found if path)
    return paths if len(paths) == len(found) else None


def require(name: str) -> tuple[Path, ...]:
    """The files of a set, as `locate` gives them.

    Raises:
        InputError: the set is not available.
    """
    if (paths := locate(name)) is None:
        raise InputError(
            "data.source",
            f"{name} is not downloaded; `retrograde fetch {name}` downloads it "
            f"({megabytes(LIBRARY[name].size)}), or set {FOLDERS} to its folder.",
        )
    return paths


def received(name: str) -> int:
    """How many bytes of a set are present, including those of incomplete files."""
    return sum(_received_of(file) for file in LIBRARY[name].files)


def _received_of(file: PublishedFile) -> int:
    if locate_file(file):
        return file.size
    return min(file.part.stat().st_size, file.size) if file.part.is_file() else 0


def locate_file(file: PublishedFile) -> Path | None:
    """Where a file lies as published: the first of the places that has it."""
    return next(filter(None, (_find(file, place) for place in places())), None)


def _find(file: PublishedFile, place: Path) -> Path | None:
    candidates = dict.fromkeys((place / file.path, place / file.name))
    return next((path for path in candidates if _is_published(path, file)), None)


def places() -> tuple[Path, ...]:
    """The folders that are looked in: the environment's, the ones added, and the cache."""
    named = os.environ.get(FOLDERS, "").split(os.pathsep)
    return (*(Path(name).expanduser() for name in named if name), *added_folders(), cache_folder())


def cache_folder() -> Path:
    """Where fetched files are kept."""
    return user_cache_path("retrograde") / "data"


def added_folders() -> tuple[Path, ...]:
    """The folders that a person added; none if what remembers them cannot be read."""
    try:
        names = json.loads(_notes().read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there yet, or damaged: adding a folder writes it anew
        return ()
    return tuple(Path(name) for name in names) if _are_names(names) else ()


def add_folder(folder: Path) -> None:
    """Look in a folder too, from now on.

    Raises:
        InputError: no file of any set lies there, or the folder cannot be remembered.
    """
    folder = folder.expanduser().resolve()
    files = [file for entry in LIBRARY.values() for file in entry.files]
    if not any(_find(file, folder) for file in files):
        raise InputError(
            str(folder),
            "expected a folder with the published files of these data sets, "
            f"such as {files[0].name}.",
        )
    names = dict.fromkeys(str(known) for known in (*added_folders(), folder))
    notes = _notes()
    try:
        write_whole(notes, json.dumps([*names], indent=1).encode())
    except OSError as error:
        raise InputError(str(notes), f"expected a file to write to: {error.strerror}.") from None


def megabytes(size: int) -> str:
    """A number of bytes as people read it: "11.6 MB"."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"


def _notes() -> Path:
    """The file that remembers the folders that a person added."""
    return user_config_path("retrograde") / "data-folders.json"


def _are_names(names: object) -> bool:
    return isinstance(names, list) and all(isinstance(name, str) for name in names)


def _is_published(path: Path, file: PublishedFile) -> bool:
    try:
        state = path.stat()
        return (
            state.st_size == file.size
            and _remembered_hash(path, state.st_size, state.st_mtime_ns) == file.sha256
        )
    except OSError:  # not there, or not for this person to read
        return False


@lru_cache(maxsize=100)
def _remembered_hash(path: Path, size: int, changed: int) -> str:
    """The hash of a file, worked out again when its size or its time of change is another."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
