"""A report laid out on pages: where each line of text, rule and figure stands."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from matplotlib.figure import Figure

from engine.figures.figure import draw
from engine.figures.style import GREY, GRID, INK, RED, Typesetter
from engine.output.reports.content import (
    Block,
    Code,
    FigureBlock,
    Report,
    Table,
    Text,
    Tone,
    sentence,
)
from engine.plots import over

INCH: Final = 72.0
WIDTH, HEIGHT = 595.28, 841.89  # A4, in points
MARGIN: Final = (WIDTH - 7.0 * INCH) / 2  # figures for a page are as wide as the text
ROOM: Final = WIDTH - 2 * MARGIN
_TOP, _BOTTOM = 50.0, HEIGHT - 56.0
_LEADING: Final = 1.4
_ACCENT: Final = "#0067A3"
_MONO: Final = 0.602  # of its size, how wide each letter is
_BODY, _SMALL, _CODE = 9.5, 8.0, 7.0
_GAP: Final = 10.0  # between two columns
_NARROWEST: Final = 40.0
_TOUCHING: Final = 0.01  # of a line, how far it may stand out: widths are rounded
_SMALLEST: Final = 0.75  # of a figure's size, that it is drawn at if it fits on the page then
_HEADING: Final = 38.0  # how high one is with its rule
_MOST_CODE: Final = 600  # lines

_TONES: Final[dict[Tone, tuple[float, str, bool]]] = {
    "plain": (_BODY, INK, False),
    "lead": (11.0, INK, True),
    "muted": (_SMALL, GREY, False),
    "wrong": (_BODY, RED, True),
    "note": (_BODY, INK, False),
}
"""Size, colour, and whether it is bold."""


@dataclass(frozen=True)
class Words:
    """One line of text; x from the left and y down to its base, in points."""

    text: str
    x: float
    y: float
    points: float = _BODY
    colour: str = INK
    bold: bool = False
    mono: bool = False
    right: bool = False


@dataclass(frozen=True)
class Rule:
    """A straight line, in points from the upper left."""

    x: tuple[float, float]
    y: tuple[float, float]
    colour: str = GRID
    width: float = 0.6


@dataclass(frozen=True)
class Placed:
    """A figure with its upper left corner, and how much smaller than usual it is."""

    figure: Figure
    x: float
    y: float
    scale: float


@dataclass
class Page:
    """What stands on one page."""

    words: list[Words] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    figures: list[Placed] = field(default_factory=list)


class Pages:
    """Lays a report out, from top to bottom; to be made within ``drawing``.

    Args:
        report: what it says.
        progress: is told (figures drawn, of how many) after each.

    Attributes:
        pages: what stands where.
    """

    def __init__(self, report: Report, progress: Callable[[int, int], object]) -> None:
        self._type = Typesetter(Figure(figsize=(WIDTH / INCH, HEIGHT / INCH)))
        self._report, self._progress = report, progress
        self.pages: list[Page] = [Page()]
        self._y = _TOP
        self._done = 0
        self._heading = ""  # of the section that is to begin
        self._began = 1  # on which page the last one did
        self._lay_out()
        self._number()

    def _lay_out(self) -> None:
        report = self._report
        self._say(report.title, 18.0, bold=True)
        self._say(report.about, _SMALL, colour=GREY, after=8.0)
        contents, begins = len(report.sections), list[int]()
        place, self._y = self._y, self._y + contents * _BODY * _LEADING + 6.0
        for section in report.sections:
            self._heading = section.title
            for number, block in enumerate(section.blocks):
                self._block(block)
                if not number:
                    begins.append(self._began)
        for section, number in zip(report.sections, begins, strict=True):
            place += _BODY * _LEADING
            self.pages[0].words += [
                Words(section.title, MARGIN, place, colour=GREY),
                Words(str(number), MARGIN + 170.0, place, colour=GREY, right=True),
            ]

    def _number(self) -> None:
        total, y = len(self.pages), HEIGHT - 34.0
        title = self._type.shortened(self._report.title, 5.5, _SMALL)
        for number, page in enumerate(self.pages, 1):
            told = f"page {number} of {total}"
            page.words.append(Words(title, MARGIN, y, _SMALL, GREY))
            page.words.append(Words(told, WIDTH - MARGIN, y, _SMALL, GREY, right=True))

    def _block(self, block: Block) -> None:
        match block:
            case Text(text, tone):
                points, colour, bold = _TONES[tone]
                indent = 10.0 if tone == "note" else 0.0
                self._say(text, points, colour=colour, bold=bold, indent=indent, after=5.0)
            case Table():
                self._table(block)
            case Code():
                self._code(block)
            case FigureBlock():
                self._figure(block)

    def _keep(self, height: float) -> None:
        """Begin a page unless there is room for so much, and for a heading that is to come first.

        Once there is, the heading is put above.
        """
        heading, self._heading = self._heading, ""
        if self._y + height + (_HEADING if heading else 0.0) > _BOTTOM and self._y > _TOP:
            self.pages.append(Page())
            self._y = _TOP
        if heading:
            if self._y > _TOP:
                self._y += 8.0
                self._rule(self._y)
                self._y += 6.0
            self._began = len(self.pages)
            self._say(heading, 13.0, bold=True, after=4.0)

    def _line(self, words: Words, height: float) -> None:
        """Put a line below what there is; y of the words does not count."""
        self._keep(height)
        base = self._y + 0.5 * height + 0.36 * words.points
        self.pages[-1].words.append(replace(words, y=base))
        self._y += height

    def _rule(self, y: float, colour: str = GRID) -> None:
        self.pages[-1].rules.append(Rule((MARGIN, WIDTH - MARGIN), (y, y), colour))

    def _say(
        self,
        text: str,
        points: float,
        *,
        colour: str = INK,
        bold: bool = False,
        indent: float = 0.0,
        after: float = 0.0,
    ) -> None:
        height = points * _LEADING
        lines = self._lines(text, ROOM - indent, points, bold=bold)
        self._keep(min(len(lines), 2) * height)
        for line in lines:
            self._line(Words(line, MARGIN + indent, 0, points, colour, bold), height)
            if indent:
                ends = (self._y - height, self._y)
                x = MARGIN + 0.2 * indent
                self.pages[-1].rules.append(Rule((x, x), ends, _ACCENT, 1.6))
        self._y += after

    def _lines(self, text: str, room: float, points: float, *, bold: bool = False) -> list[str]:
        """A text broken between words, or within those that are too long for a line."""

        def fits(part: str) -> bool:
            return self._type.width(part, points, bold=bold) <= (room + _TOUCHING) / INCH

        lines: list[str] = []
        for word in (part for part in re.split(r"[ \t\r\n]+", text) if part):
            if lines and fits(f"{lines[-1]} {word}"):
                lines[-1] += f" {word}"
                continue
            rest = word
            while not fits(rest) and len(rest) > 1:
                few = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or fits(rest[:n]))
                lines.append(rest[:few])
                rest = rest[few:]
            lines.append(rest)
        return lines or [""]

    def _figure(self, block: FigureBlock) -> None:
        plot = block.plot
        bare = replace(over(plot, block.showing.across), title="", caption="")
        figure = draw(bare, "page", block.showing)
        _, high = (INCH * float(side) for side in figure.get_size_inches())
        self._done += 1
        self._progress(self._done, self._report.figures)
        title = f"Figure {self._done}. {plot.title}"
        told = [Words(each, 0, 0, bold=True) for each in self._lines(title, ROOM, _BODY, bold=True)]
        if plot.caption:
            told += [Words(each, 0, 0) for each in self._lines(sentence(plot.caption), ROOM, _BODY)]
        if block.what:
            lines = self._lines(block.what, ROOM, _SMALL)
            told += [Words(each, 0, 0, _SMALL, GREY) for each in lines]
        below = sum(each.points for each in told) * _LEADING + 6.0
        above = _HEADING if self._heading else 0.0
        scale = min(1.0, (_BOTTOM - _TOP - below - above) / high)
        left = (_BOTTOM - self._y - below - above) / high
        scale = left if _SMALLEST * scale <= left < scale else scale
        self._keep(scale * high + below)
        self.pages[-1].figures.append(Placed(figure, MARGIN, self._y, scale))
        self._y += scale * high + 4.0
        for words in told:
            self._line(replace(words, x=MARGIN), words.points * _LEADING)
        self._y += 14.0

    def _code(self, block: Code) -> None:
        lines, most = block.text.split("\n"), int(ROOM / (_MONO * _CODE))
        broken = [line[at : at + most] for line in lines for at in range(0, len(line) or 1, most)]
        height = _CODE * 1.35
        self._keep(_SMALL * _LEADING + 3 * height)
        self._say(block.name, _SMALL, colour=GREY)
        for line in broken[:_MOST_CODE]:
            self._line(Words(line, MARGIN, 0, _CODE, mono=True), height)
        if (left_out := len(broken) - _MOST_CODE) > 0:
            self._say(
                f"{left_out:,} more lines are left out here; the HTML report and the run's "
                "experiment.toml have them all.",
                _SMALL,
                colour=GREY,
            )
        self._y += 8.0

    def _table(self, table: Table) -> None:
        rows = [row for row in (table.headers, *table.rows) if row]
        if not rows:
            return
        widths = self._widths(table)
        height = _SMALL * _LEADING
        if table.caption:
            self._keep(3 * height)
            self._say(table.caption, _SMALL, colour=GREY, bold=True)
        broken = [self._broken(row, widths, bold=row is table.headers) for row in rows]
        header = broken[0] if table.headers else None
        self._keep(2 * (height + 4.0))
        for place, row in enumerate(broken):
            high = max(map(len, row)) * height + 4.0
            if self._y + high > _BOTTOM and header is not None and place:
                self._keep(_BOTTOM)
                self._row(header, table, widths, bold=True)
            self._keep(high)
            self._row(row, table, widths, bold=row is header)
        self._y += 10.0

    def _row(
        self, cells: Sequence[list[str]], table: Table, widths: Sequence[float], *, bold: bool
    ) -> None:
        height, x, top = _SMALL * _LEADING, MARGIN, self._y
        most = max(map(len, cells))
        for place, (lines, width) in enumerate(zip(cells, widths, strict=True)):
            is_name = not table.headers and place == 0
            for down, line in enumerate(lines):
                base = top + 2.0 + (down + 0.5) * height + 0.36 * _SMALL
                right = place not in table.words
                words = Words(line, x + width if right else x, base, _SMALL, bold=bold, right=right)
                self.pages[-1].words.append(replace(words, colour=GREY) if is_name else words)
            x += width + _GAP
        self._y = top + most * height + 4.0
        self._rule(self._y, INK if bold else GRID)

    def _broken(
        self, row: Sequence[str], widths: Sequence[float], *, bold: bool
    ) -> list[list[str]]:
        return [
            self._lines(text, width, _SMALL, bold=bold)
            for text, width in zip(row, widths, strict=True)
        ]

    def _widths(self, table: Table) -> list[float]:
        """Of the columns: as wide as their texts, the widest giving way until all fit."""
        columns = [*zip(*(row for row in (table.headers, *table.rows) if row), strict=True)]
        wide, least = [], []
        for place, texts in enumerate(columns):
            cells = [self._type.width(text, _SMALL) * INCH for text in texts[bool(table.headers) :]]
            words = [word for text in texts[: bool(table.headers)] for word in text.split()]
            named = [self._type.width(word, _SMALL, bold=True) * INCH for word in words]
            header = texts[0] if table.headers else ""
            whole = self._type.width(header, _SMALL, bold=True) * INCH
            full = max([*cells, *named, 8.0])
            wide.append(max(full, whole))
            may_break = place in table.words and (place or table.headers)
            least.append(min(full, _NARROWEST) if may_break else min(full, 0.4 * ROOM))
        over_ = sum(wide) + _GAP * (len(wide) - 1) - ROOM
        for _ in range(len(wide)):
            slack = [each - low for each, low in zip(wide, least, strict=True)]
            if over_ <= 0 or not any(slack):
                break
            widest = max(range(len(wide)), key=slack.__getitem__)
            given = min(over_, slack[widest])
            wide[widest] -= given
            over_ -= given
        if over_ > 0:  # too many numbers: all give way
            share = (ROOM - _GAP * (len(wide) - 1)) / sum(wide)
            wide = [share * each for each in wide]
        if not table.headers and len(wide) == 2:
            wide[0] = max(wide[0], 0.3 * ROOM) if wide[1] < 0.7 * ROOM - _GAP else wide[0]
        return wide
