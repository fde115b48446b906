"""What a legend says of lines: each by its name, or factored, as "layers 1 2 3 weights biases"."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QPen

from app.plots.arrows import ARROWS
from app.plots.entries import Entry
from engine.plots import Line

_FEWEST = 3  # lines that are worth factoring


def entries_of_lines(
    lines: Sequence[Line], pen: Callable[[Line], QPen], ink: QPen, off: frozenset[str]
) -> list[Entry]:
    """An entry for every line that is not faint, if there are several, and for arrows.

    If all lines are smoothed, that stands in front of them, and also before a single one.

    Args:
        lines: of a plot.
        pen: what each is drawn with.
        ink: what stands for lines of any colour.
        off: names of what is switched off.
    """
    named = [line for line in lines if not line.faint]
    all_smoothed = all(line.smoothed for line in named)
    entries = [
        Entry(
            line.name,
            pen(line),
            "point" if line.dash == "points" else "line",
            line.name not in off,
            line.name if all_smoothed else line.label,
        )
        for line in named
    ]
    entries += [
        Entry(name, ink, "arrow", name not in off)
        for name in ARROWS
        if any(line.arrows == name for line in lines)
    ]
    if entries and all_smoothed:
        entries.insert(0, Entry("smoothed", ink, "title"))
    return entries if len(entries) > 1 else []


def factored(
    entries: Sequence[Entry], lines: Sequence[Line], ink: QPen, off: frozenset[str]
) -> list[Entry]:
    """The same with an entry for each colour and each stroke in place of one for each line.

    Args:
        entries: of the lines.
        lines: of the plot; only those that say what they factor into are meant.
        ink: what stands for strokes of any colour.
        off: names of what is switched off.
    """
    colours: dict[tuple[str, str], list[str]] = {}
    strokes: dict[str, list[str]] = {}
    for line in lines:
        if line.factors and not line.faint:
            colours.setdefault(line.factors[:2], []).append(line.name)
            strokes.setdefault(line.factors.stroke, []).append(line.name)
    known = {name for names in strokes.values() for name in names}
    if len(known) < _FEWEST or len(colours) + len(strokes) > len(known) + 1:
        return list(entries)
    pens = {entry.name: entry.pen for entry in entries}
    made: list[Entry] = []
    for (whole, colour), names in colours.items():
        if not any(entry.name == whole for entry in made):
            made.append(Entry(whole, ink, "title", text=f"{whole}s"))
        pen, on = pens[names[0]], not off.issuperset(names)
        made.append(Entry(f"{whole} {colour}", pen, "colour", on, colour, tuple(names)))
    for stroke, names in strokes.items() if len(strokes) > 1 else ():
        pen, on = QPen(pens[names[0]]), not off.issuperset(names)
        pen.setColor(ink.color())
        made.append(Entry(stroke, pen, "line", on, of=tuple(names)))
    if {entry.name for entry in made} & pens.keys():  # a name would mean two things
        return list(entries)
    titles = [entry for entry in entries if entry.sample == "title"]
    others = [entry for entry in entries if entry not in titles and entry.name not in known]
    return titles + made + others
