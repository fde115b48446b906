"""What Retrograde remembers from one start to the next, each thing with its type.

The settings file holds text, and text that says "false" is true: so nothing is read without a type,
and a value that is not as expected, because the file was edited, counts as never set.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final, cast, get_args

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtGui import QGuiApplication

from app.dress import SIZES
from app.places import CORES, MOST_WORKERS, Place, PlaceKind
from app.theme import Choice
from engine.forecasting.models import FORECASTERS, USUAL

_MOST_RECENT: Final = 8


class Preferences:
    """The window's preferences, read and written at once."""

    @property
    def theme(self) -> Choice:
        """Which theme was chosen."""
        found = str(QSettings().value("theme", "system", type=str))
        return cast(Choice, found) if found in get_args(Choice) else "system"

    @theme.setter
    def theme(self, choice: Choice) -> None:
        QSettings().setValue("theme", choice)

    @property
    def type_size(self) -> float:
        """How many times as large as usual type is, one of `app.dress.SIZES`."""
        text = str(QSettings().value("type size", "", type=str))
        return next((size for size in SIZES if text == str(size)), SIZES[0])

    @type_size.setter
    def type_size(self, size: float) -> None:
        QSettings().setValue("type size", str(size))

    @property
    def reduced_motion(self) -> bool:
        """Whether to avoid animations; the system's setting until the user chooses."""
        return _flag("reduced motion", system_reduces_motion())

    @reduced_motion.setter
    def reduced_motion(self, on: bool) -> None:
        QSettings().setValue("reduced motion", on)

    @property
    def predicts(self) -> bool:
        """Whether it is predicted how curves that go on will end."""
        return _flag("predicts", True)

    @predicts.setter
    def predicts(self, on: bool) -> None:
        QSettings().setValue("predicts", on)

    @property
    def forecaster(self) -> str:
        """The name of the model that curves are predicted with."""
        found = str(QSettings().value("forecaster", USUAL, type=str))
        return found if found in FORECASTERS else USUAL

    @forecaster.setter
    def forecaster(self, name: str) -> None:
        QSettings().setValue("forecaster", name)

    @property
    def asks_before_losing(self) -> bool:
        """Whether to ask before a run is lost that has not been exported."""
        return _flag("asks before losing", True)

    @asks_before_losing.setter
    def asks_before_losing(self, on: bool) -> None:
        QSettings().setValue("asks before losing", on)

    @property
    def place(self) -> Place:
        """Where runs go."""
        try:
            found = json.loads(str(QSettings().value("place", "", type=str)))
            place = Place(**found)
        except (ValueError, TypeError):
            return Place()
        counts = (place.cores, place.workers)
        are_counts = all(isinstance(one, int) and 1 <= one <= MOST_WORKERS for one in counts)
        is_known = place.kind in get_args(PlaceKind) and isinstance(place.scheduler, str)
        return place if are_counts and is_known and place.cores <= CORES else Place()

    @place.setter
    def place(self, place: Place) -> None:
        QSettings().setValue("place", json.dumps(asdict(place)))

    @property
    def geometry(self) -> QByteArray:
        """Where the window was, and how large; empty if that was never told."""
        return _bytes("window/geometry")

    @geometry.setter
    def geometry(self, saved: QByteArray) -> None:
        QSettings().setValue("window/geometry", saved)

    @property
    def arrangement(self) -> QByteArray:
        """How the plots were arranged; empty if that was never told."""
        return _bytes("window/arrangement")

    @arrangement.setter
    def arrangement(self, saved: QByteArray) -> None:
        QSettings().setValue("window/arrangement", saved)

    @property
    def closed_plots(self) -> list[str]:
        """Keys of the plots that the user has closed."""
        text = str(QSettings().value("window/closed plots", "", type=str))
        return [key for key in text.split(",") if key]

    @closed_plots.setter
    def closed_plots(self, keys: Iterable[str]) -> None:
        QSettings().setValue("window/closed plots", ",".join(keys))

    @property
    def horizontal_axes(self) -> dict[str, str]:
        """The names of the horizontal axes that were chosen, by the plot's key."""
        try:
            found = json.loads(str(QSettings().value("window/horizontal axes", "", type=str)))
        except ValueError:
            return {}
        pairs = found.items() if isinstance(found, dict) else ()
        return {key: name for key, name in pairs if isinstance(name, str)}

    def note_horizontal_axis(self, key: str, name: str) -> None:
        """Remember which horizontal axis was chosen for a plot."""
        axes = self.horizontal_axes | {key: name}
        QSettings().setValue("window/horizontal axes", json.dumps(axes))

    @property
    def setup(self) -> str:
        """The set-up as it was left; empty if that was never told."""
        return str(QSettings().value("set-up", "", type=str))

    @setup.setter
    def setup(self, text: str) -> None:
        QSettings().setValue("set-up", text)

    @property
    def recent(self) -> list[str]:
        """Paths of experiments that were opened or saved, the last one first."""
        try:
            found = json.loads(str(QSettings().value("recent", "", type=str)))
        except ValueError:
            return []
        return [path for path in found if isinstance(path, str)] if isinstance(found, list) else []

    def note_recent(self, path: str) -> None:
        """Put a path in front; only so many are remembered."""
        paths = [path, *(other for other in self.recent if other != path)]
        QSettings().setValue("recent", json.dumps(paths[:_MOST_RECENT]))


def system_reduces_motion() -> bool:
    """Whether the system asks for less motion; Qt passes that on from version 6.11 on."""
    asked = getattr(QGuiApplication.styleHints().accessibility(), "motionPreference", None)
    return asked is not None and asked().name == "ReducedMotion"


def _flag(key: str, otherwise: bool) -> bool:
    """A yes or no. It is text in the file; anything but true and false was never set."""
    text = str(QSettings().value(key, "", type=str)).strip().lower()
    return {"true": True, "false": False}.get(text, otherwise)


def _bytes(key: str) -> QByteArray:
    found = QSettings().value(key, QByteArray(), type=QByteArray)
    return found if isinstance(found, QByteArray) else QByteArray()
