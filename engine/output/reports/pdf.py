"""A report as a PDF: text that can be selected, figures as vectors, numbered pages."""

import io
from collections.abc import Callable
from typing import Any, Final

from matplotlib.backends import backend_mixed, backend_pdf
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from engine.figures.style import SIZES, drawing
from engine.output.reports.content import Report
from engine.output.reports.pages import HEIGHT, INCH, WIDTH, Page, Pages

_PDF: Final[Any] = backend_pdf  # whose classes have no types
_MIXED: Final[Any] = backend_mixed
_METADATA: Final[dict[str, Any]] = {"CreationDate": None, "Creator": "Retrograde"}


def to_pdf(
    report: Report, progress: Callable[[int, int], object] = lambda done, total: None
) -> bytes:
    """The content of the file, A4.

    Args:
        report: what it says.
        progress: is told (figures drawn, of how many) after each.
    """
    content = io.BytesIO()
    with drawing(SIZES["page"]):
        pages = Pages(report, progress).pages
        file = _PDF.PdfFile(content, metadata={**_METADATA, "Title": report.title})
        try:
            for page in pages:
                file.newPage(WIDTH / INCH, HEIGHT / INCH)
                _put(file, _sheet(page), 0.0, 0.0, 1.0)
                for placed in page.figures:
                    high = INCH * placed.scale * float(placed.figure.get_size_inches()[1])
                    _put(file, placed.figure, placed.x, HEIGHT - placed.y - high, placed.scale)
            file.finalize()
        finally:
            file.close()
    return content.getvalue()


def _put(file: Any, figure: Figure, x: float, y: float, scale: float) -> None:
    """Draw a figure on the page, its lower left corner so many points from that of the page."""
    dots, figure.dpi = figure.dpi, INCH
    width, height = figure.get_size_inches()
    file.output(_PDF.Op.gsave)
    file.output(scale, 0, 0, scale, x, y, _PDF.Op.concat_matrix)
    own = _PDF.RendererPdf(file, dots, height, width)
    renderer = _MIXED.MixedModeRenderer(figure, width, height, dots, own)
    figure.draw(renderer)
    renderer.finalize()
    file.output(_PDF.Op.grestore)


def _sheet(page: Page) -> Figure:
    """The text and the rules of a page."""
    sheet = Figure(figsize=(WIDTH / INCH, HEIGHT / INCH))
    for rule in page.rules:
        x, y = ([each / WIDTH for each in rule.x], [1 - each / HEIGHT for each in rule.y])
        sheet.add_artist(Line2D(x, y, color=rule.colour, linewidth=rule.width))
    for words in page.words:
        sheet.text(
            words.x / WIDTH,
            1 - words.y / HEIGHT,
            words.text,
            fontsize=words.points,
            color=words.colour,
            fontweight="bold" if words.bold else "normal",
            family="DejaVu Sans Mono" if words.mono else "DejaVu Sans",
            ha="right" if words.right else "left",
            va="baseline",
        )
    return sheet
