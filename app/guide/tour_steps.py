"""Tours as data: what a step in ``resources/tours`` says, and what its words do in the window.

title, text    two sentences; {effect} and {losses} are numbers of the run that is shown
frame          what is explained: the first of these that is on screen; a plot comes to the front
"part NAME", "button ACTION", "card EXPERIMENT", "plot KEY"
does           what the program does as the step begins
"show gallery", "show run", "run EXPERIMENT" (and pause after one
meta-iteration), "go on"
until          what the step waits for: "a hypergradient", "the end"
"""

import tomllib
from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from PySide6.QtWidgets import QWidget

from app.guide.tour import TourStep
from engine.errors import InputError
from engine.plots import apart
from engine.plots.losses import judgements
from engine.runs.effects import largest_effect
from engine.runs.records import RunRecord

FIRST: Final = "first"
"""The tour of the window."""


_RATES: Final = "learning_rates"


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    text: str
    frame: list[str] = Field(min_length=1)
    does: list[str] = []
    until: str = ""


def tour_steps(name: str, window: Any) -> list[TourStep]:
    """The steps of a tour that ships with the program, in a window.

    Raises:
        InputError: a word means nothing here.
    """
    text = (resources.files("resources") / "tours" / f"{name}.toml").read_text(encoding="utf-8")
    return read_tour(text, window)


def read_tour(text: str, window: Any) -> list[TourStep]:
    """The steps that TOML text says, in a window.

    Raises:
        InputError: see `tour_steps`.
    """
    try:
        said = [_Step(**table) for table in tomllib.loads(text)["steps"]]
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(".".join(map(str, first["loc"])), f"{first['msg']}.") from None
    return [_Stage(window).step(step) for step in said]


class _Stage:
    """A window as a place where tours happen."""

    def __init__(self, window: Any) -> None:
        self._window = window

    def step(self, said: _Step) -> TourStep:
        """What a step says, ready to be done."""
        frames = [self._frame(*words.split(maxsplit=1)) for words in said.frame]
        deeds = [self._deed(words) for words in said.does]
        return TourStep(
            said.title,
            partial(self._fill, said.text),
            partial(_first_on_screen, frames),
            partial(_do_all, deeds) if deeds else None,
            self._condition(said.until) if said.until else None,
        )

    def _frame(self, sort: str, name: str) -> Callable[[], QWidget | None]:
        window = self._window
        places: dict[str, Callable[[], QWidget | None]] = {
            "part": lambda: getattr(window, name),
            "button": lambda: window.actions_.button(name),
            "card": lambda: window.gallery.cards[name],
            "plot": lambda: window.plot_area.docks[name],
        }
        if sort not in places:
            raise InputError("frame", f"expected one of {', '.join(places)}, found {sort!r}.")
        return places[sort]

    def _deed(self, words: str) -> Callable[[], object]:
        window, (verb, _, name) = self._window, words.partition(" ")
        deeds: dict[str, Callable[[], object]] = {
            "show gallery": window.show_gallery,
            "show run": window.show_run,
            "go on": window.control.go_on,
        }
        named: dict[str, Callable[[str], object]] = {
            "run": window.control.show_one_step,
        }
        if words in deeds:
            return deeds[words]
        if verb not in named:
            raise InputError("does", f"expected something a tour can do, found {words!r}.")
        return partial(named[verb], name)

    def _condition(self, words: str) -> Callable[[], bool]:
        def has_a_hypergradient() -> bool:
            record: RunRecord | None = self._window.record
            is_paused = self._window.runner.state == "paused"  # it goes on in a later step
            is_drawn = not self._window.plot_area.is_drawing
            return bool(record and record.meta_iterations) and is_paused and is_drawn

        conditions: dict[str, Callable[[], bool]] = {
            "a hypergradient": has_a_hypergradient,
            "the end": lambda: False,
        }
        if words not in conditions:
            raise InputError("until", f"expected one of {', '.join(conditions)}, found {words!r}.")
        # A run that has ended, for whatever reason, will not come any further.
        return lambda: self._window.runner.state == "idle" or conditions[words]()

    def _fill(self, text: str) -> str:
        record: RunRecord | None = self._window.record
        losses: list[float] = []
        if record is not None:
            name = f"{record.experiment.meta.objective}_loss"
            losses = [one for each in judgements(record) if (one := each.get(name)) is not None]
        numbers = {
            "effect": (record and largest_effect(record, _RATES))
            or "There is no schedule to change",
            "losses": ", ".join(apart(losses, 3)) or "not known",
        }
        return text.format(**numbers)


def _first_on_screen(frames: list[Callable[[], QWidget | None]]) -> QWidget | None:
    found = (frame() for frame in frames)
    return next((one for one in found if one is not None and one.isVisible()), None)


def _do_all(deeds: list[Callable[[], object]]) -> None:
    for deed in deeds:
        deed()
