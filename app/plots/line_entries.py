"""What a legend says of lines: each by its name, or factored, as "layers 1 2 3 weights biases"."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtGui import QPen

from app.plots.arrows import ARROWS
from app.plots.entries import Entry, Sample
from app.plots.switches import Group, Switches
from engine.plots import ABOUT, Line

_FEWEST = 3  # lines that are worth factoring

_MARKED: Final[dict[str, Sample]] = {
    "points": "points",
    "squares": "squares",
    "triangles": "triangles",
    "rings": "rings",
    "crosses": "crosses",
}
"""What stands for lines that are not joined, by their stroke."""


def groups_of(lines: Sequence[Line]) -> list[Group]:
    """The colours, and then the strokes, that lines factor into; none if that says nothing shorter.

    Args:
        lines: of a plot; only those that say what they factor into are meant.
    """
    colours: dict[tuple[str, str], list[str]] = {}
    strokes: dict[str, list[str]] = {}
    for line in lines:
        if line.factors and not line.faint:
            colours.setdefault(line.factors[:2], []).append(line.name)
            strokes.setdefault(line.factors.stroke, []).append(line.name)
    count = sum(map(len, strokes.values()))
    if count < _FEWEST or len(colours) + len(strokes) > count + 1:
        return []
    groups = [
        Group(f"{whole} {colour}", whole, colour, tuple(names))
        for (whole, colour), names in colours.items()
    ]
    if len(strokes) > 1:
        groups += [Group(stroke, "", stroke, tuple(names)) for stroke, names in strokes.items()]
    taken = {line.name for line in lines}
    return [] if any(group.name in taken for group in groups) else groups


def entries_of_lines(
    lines: Sequence[Line], pen: Callable[[Line], QPen], ink: QPen, switches: Switches
) -> list[Entry]:
    """An entry for every line that is not faint, if there are several, and for arrows.

    If all lines are smoothed, that stands in front of them, and also before a single one.

    Args:
        lines: of a plot.
        pen: what each is drawn with.
        ink: what stands for lines of any colour.
        switches: which are on.
    """
    named = [line for line in lines if not line.faint]
    all_smoothed = all(line.smoothed for line in named if line.predicted is None)
    entries = [
        Entry(
            line.name,
            pen(line),
            _MARKED.get(line.dash, "line"),
            switches.is_on(line.name),
            line.name if all_smoothed else line.label,
            about="" if line.predicted is None else ABOUT,
        )
        for line in named
    ]
    entries += [
        Entry(name, ink, "arrow", switches.is_on(name))
        for name in ARROWS
        if any(line.arrows == name for line in lines)
    ]
    if entries and all_smoothed:
        entries.insert(0, Entry("smoothed", ink, "title"))
    return entries if len(entries) > 1 else []


def factored(
    entries: Sequence[Entry], groups: Sequence[Group], ink: QPen, switches: Switches
) -> list[Entry]:
    """The same with an entry for each group in place of one for each line.

    Args:
        entries: of the lines.
        groups: of the lines.
        ink: what stands for strokes of any colour.
        switches: which are on.
    """
    pens = {entry.name: entry.pen for entry in entries}
    made = [entry for entry in entries if entry.sample == "title" and groups]
    for group in groups:
        name, whole, text, of = group
        if whole and not any(entry.name == whole for entry in made):
            made.append(Entry(whole, ink, "title", text=f"{whole}s"))
        pen = QPen(pens[of[0]])
        if not whole:
            pen.setColor(ink.color())
        sample: Sample = "colour" if whole else "line"
        made.append(Entry(name, pen, sample, switches.is_on(name), text, of))
    known = {entry.name for entry in made} | {name for group in groups for name in group.of}
    return made + [entry for entry in entries if entry.name not in known]
