"""A report as one HTML page that needs nothing else: no scripts, no outside references."""

from collections.abc import Callable
from html import escape
from importlib import resources
from typing import Final

from engine.output.reports.alternatives import alternative_text
from engine.output.reports.content import Block, Code, FigureBlock, Report, Table, Text, sentence
from engine.output.reports.inline_svg import inline_svg

Progress = Callable[[int, int], object]
"""(figures done, of how many) → nothing that counts; what it raises ends the work."""
_LONG: Final = 4
"""Sections from which on there is a table of contents."""
_PAGE: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" \
content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Retrograde">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p class="about">{about}</p>
</header>
{contents}<main>
{sections}
</main>
<footer>Report by Retrograde.</footer>
</body>
</html>
"""


def to_html(report: Report, progress: Progress = lambda done, total: None) -> str:
    """The page.

    Args:
        report: what it says.
        progress: is told after each figure.
    """
    page, sections = _Page(report, progress), []
    for section in report.sections:
        blocks = "\n".join(map(page.block, section.blocks))
        heading = f'<h2 id="{escape(section.key)}">{escape(section.title)}</h2>'
        sections.append(f"<section>\n{heading}\n{blocks}\n</section>")
    style = resources.files("resources").joinpath("report.css").read_text(encoding="utf-8")
    return _PAGE.format(
        title=escape(report.title),
        about=escape(report.about),
        style=style,
        contents=_contents(report),
        sections="\n".join(sections),
    )


class _Page:
    """Writes blocks, and counts figures as it goes."""

    def __init__(self, report: Report, progress: Progress) -> None:
        self._total, self._progress = report.figures, progress
        self._done = 0

    def block(self, block: Block) -> str:
        """One block."""
        match block:
            case Text(text, tone):
                return f'<p class="{tone}">{escape(text)}</p>'
            case Table():
                return _table(block)
            case Code(text, name):
                return (
                    f'<p class="name">{escape(name)}</p>\n'
                    f'<pre tabindex="0"><code>{escape(text)}</code></pre>'
                )
            case FigureBlock():
                return self._figure(block)

    def _figure(self, block: FigureBlock) -> str:
        number, plot = self._done + 1, block.plot
        svg = inline_svg(block, f"f{number}-", alternative_text(plot))
        caption = f" {escape(sentence(plot.caption))}" if plot.caption else ""
        what = f'\n<span class="muted">{escape(block.what)}</span>' if block.what else ""
        self._done = number
        self._progress(number, self._total)
        return (
            f'<figure id="figure-{escape(plot.key)}">\n{svg}\n<figcaption>'
            f"<b>Figure {number}. {escape(plot.title)}.</b>{caption}{what}</figcaption>\n</figure>"
        )


def _table(table: Table) -> str:
    """A table; of names and values, the names are headers."""
    caption = f"<caption>{escape(table.caption)}</caption>\n" if table.caption else ""
    rows = []
    if table.headers:
        cells = (
            f'<th{_side(table, place)} scope="col">{escape(text)}</th>'
            for place, text in enumerate(table.headers)
        )
        rows.append(f"<thead><tr>{''.join(cells)}</tr></thead>\n<tbody>")
    else:
        rows.append("<tbody>")
    for row in table.rows:
        first, *others = row
        cells = (
            f"<td{_side(table, place)}>{escape(text)}</td>" for place, text in enumerate(others, 1)
        )
        rows.append(
            f'<tr><th{_side(table, 0)} scope="row">{escape(first)}</th>{"".join(cells)}</tr>'
        )
    body = "\n".join([*rows, "</tbody>"])
    kind = "" if table.headers else ' class="facts"'
    return f'<div class="wide" tabindex="0"><table{kind}>\n{caption}{body}\n</table></div>'


def _side(table: Table, place: int) -> str:
    return "" if place in table.words else ' class="number"'


def _contents(report: Report) -> str:
    if len(report.sections) < _LONG:
        return ""
    links = "".join(
        f'<li><a href="#{escape(section.key)}">{escape(section.title)}</a></li>'
        for section in report.sections
    )
    return f'<nav aria-label="Contents"><ol>{links}</ol></nav>\n'
