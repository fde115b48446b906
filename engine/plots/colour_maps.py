"""The colour maps of pictures and maps on white, for screen and figures, safe for all eyes."""

from typing import Final

SEQUENTIAL: Final = "viridis"
"""From low to high; matplotlib and pyqtgraph know the same colours by this name."""

DIVERGING: Final = (
    "#00305A",
    "#00447B",
    "#1B98E9",
    "#A9D3EE",
    "#F7F7F7",
    "#F6C7A8",
    "#E08040",
    "#A43C03",
    "#6E2600",
)
"""From below zero to above, evenly spaced: the palette's blues and its vermilion, as dark as each
other at both ends."""
