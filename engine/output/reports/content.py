"""What a report is, whatever it is written as: sections of paragraphs, tables, figures and code."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from engine.plots import AS_THE_PLOT_SAYS, AnyPlot, Showing

Tone: TypeAlias = Literal["plain", "lead", "muted", "wrong", "note"]
"""Of a paragraph: as usual, what came out, what is only explained, what failed, what to know."""


@dataclass(frozen=True)
class Text:
    """A paragraph.

    Attributes:
        text: what it says; no markup.
        tone: how it is meant.
    """

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Table:
    """Rows of cells below headers.

    Attributes:
        headers: one a column; none of a list of names and values.
        rows: texts, each row as long as the headers.
        caption: what the table is; may be empty.
        words: the columns that hold words: they stand to the left, and may be broken.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    words: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class FigureBlock:
    """A plot.

    Attributes:
        plot: what is drawn.
        showing: how.
        what: what such a plot shows, in a few sentences; may be empty.
    """

    plot: AnyPlot
    showing: Showing = AS_THE_PLOT_SAYS
    what: str = ""


@dataclass(frozen=True)
class Code:
    """Text to be copied letter by letter.

    Attributes:
        text: its lines.
        name: what it is.
    """

    text: str
    name: str


Block: TypeAlias = Text | Table | FigureBlock | Code


@dataclass(frozen=True)
class Section:
    """A part of a report with a heading; ``key`` names it in links."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """All that a report says.

    Attributes:
        title: of what was run.
        about: which run it is, in a line.
        sections: in order; those without blocks are left out.
    """

    title: str
    about: str
    sections: tuple[Section, ...]

    @property
    def figures(self) -> int:
        """How many figures there are."""
        blocks = (block for section in self.sections for block in section.blocks)
        return sum(isinstance(block, FigureBlock) for block in blocks)


def report_of(title: str, about: str, *sections: Section) -> Report:
    """A report without the sections that have nothing to say."""
    return Report(title, about, tuple(section for section in sections if section.blocks))


def facts(rows: dict[str, str], caption: str = "") -> tuple[Block, ...]:
    """A table of names and values, without those that are empty; or nothing."""
    told = tuple((name, value) for name, value in rows.items() if value)
    return (Table((), told, caption, words=(0, 1)),) if told else ()


def sentence(caption: str) -> str:
    """The caption of a plot, which is a clause, as a sentence."""
    end = "" if caption.endswith((".", "!", "?")) else "."
    return f"{caption[:1].upper()}{caption[1:]}{end}"
