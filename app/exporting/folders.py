"""Where figures go: a folder for each run, inside one for all of them."""

from itertools import count
from pathlib import Path

from PySide6.QtCore import QSettings

from engine.files import folder_name


def remembered_base() -> Path:
    """The folder that the folders of runs are in; what was chosen last, or one of the user's."""
    settings = QSettings()
    for key in ("export/base", "export/folder"):  # all went to the latter in version 0.1
        chosen = str(settings.value(key, "", type=str))
        if chosen and "\0" not in chosen:
            return Path(chosen)
    return Path.home() / "retrograde-figures"


def remember_base(base: Path) -> None:
    """Keep a folder for the next time."""
    QSettings().setValue("export/base", str(base))


def folder_for_a_run(base: Path, name: str) -> Path:
    """A folder in ``base`` for a run of the experiment of this name, with nothing in it so far.

    Where none can be looked into, it is the first one: writing there says why that cannot be.
    """
    plain = folder_name(name)
    for number in count(1):
        folder = base / (plain if number == 1 else f"{plain}-{number}")
        if not _has_something(folder):
            return folder
    raise AssertionError("numbers do not end")


def _has_something(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except NotADirectoryError:
        return folder.is_file()  # in its place; else what it would be in is none
    except OSError:
        return False
