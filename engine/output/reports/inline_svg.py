"""Figures as SVG that stands within an HTML page, in whichever colours the page has."""

import re
from dataclasses import replace
from typing import Final
from xml.etree import ElementTree

from engine.figures.figure import render
from engine.figures.style import GREY, GRID, INK, NOTHING, RED
from engine.output.reports.content import FigureBlock
from engine.plots import PALETTE, over

_SVG, _LINKS = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _LINKS)

NAMES: Final = {
    INK: "ink",
    GREY: "grey",
    GRID: "grid",
    NOTHING: "nothing",
    RED: "wrong",
    "#000000": "ink",
    "#ffffff": "paper",
    **{colour: f"line{place}" for place, colour in enumerate(PALETTE)},
}
"""Colours that figures are drawn in, and what the page calls them."""
_VARIABLES: Final = {colour.lower(): f"var(--{name})" for colour, name in NAMES.items()}
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}\b", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"url\(#")
_PICTURED: Final = ("defs", "image")


def inline_svg(figure: FigureBlock, prefix: str, alternative: str) -> str:
    """A figure without its title and caption, which the page says itself.

    Args:
        figure: what is drawn.
        prefix: of its ids, so that those of several figures differ.
        alternative: what it says to those who cannot see it.
    """
    plot = replace(over(figure.plot, figure.showing.across), title="", caption="")
    tree = ElementTree.fromstring(render(plot, "svg", "page", figure.showing))
    for part in tree.iter():
        _rewrite(part, prefix)
    for junk in tree.findall(f"{{{_SVG}}}metadata"):
        tree.remove(junk)
    del tree.attrib["width"], tree.attrib["height"]
    tree.set("style", "fill: var(--ink)")  # of text, which is black where nothing is said
    tree.set("role", "img")
    tree.set("aria-label", alternative)
    return ElementTree.tostring(tree, encoding="unicode")


def _rewrite(part: ElementTree.Element, prefix: str) -> None:
    """Make ids the figure's own, and colours those of the page."""
    for name, value in part.attrib.items():
        if name == "id":
            part.attrib[name] = prefix + value
        elif name in ("href", f"{{{_LINKS}}}href") and value.startswith("#"):
            part.attrib[name] = f"#{prefix}{value[1:]}"
        elif name in ("style", "clip-path", "fill", "stroke"):
            own = _REFERENCE.sub(f"url(#{prefix}", value)
            part.attrib[name] = _COLOUR.sub(
                lambda found: _VARIABLES.get(found[0].lower(), found[0]), own
            )
