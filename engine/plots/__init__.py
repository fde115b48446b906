"""The plots of a run, as data.

The window draws them live, `engine.figures` draws them for print, and both the table behind a plot
and its CSV file are made from the same numbers; so all that shows a plot shows the same.
"""

from engine.plots.assembly import in_order, plots
from engine.plots.bars import drawn_band
from engine.plots.base import (
    ALONE,
    LAST_STEP,
    MARKERS,
    NEXT_STEP,
    PALETTE,
    Along,
    AnyPlot,
    Colour,
    Dash,
    Factors,
    Line,
    MapPlot,
    Mark,
    Picture,
    PicturePlot,
    Plot,
    Points,
)
from engine.plots.catalogue import MEANT, PLOTS, PlotKind
from engine.plots.going_on import Curve
from engine.plots.horizontal import axes_of, each_over_its_axes, over
from engine.plots.left_out import with_left_out
from engine.plots.memory import saving_in_words
from engine.plots.overlay import Overlaid, number_places, overlays
from engine.plots.predicted import ABOUT, LEVEL, PREDICTED, Prediction
from engine.plots.showing import AS_THE_PLOT_SAYS, Showing
from engine.plots.smoothing import SMOOTHINGS, Smoothing, can_be_smoothed, smoothed
from engine.plots.tables import cell_in_words, paths_to_csv, table, table_of_paths, to_csv
from engine.plots.words import (
    apart,
    bytes_in_words,
    digits_between,
    digits_to_see,
    number_in_words,
    reads_as,
    ticks_in_words,
    with_separators,
)

__all__ = [
    "ABOUT",
    "ALONE",
    "AS_THE_PLOT_SAYS",
    "LAST_STEP",
    "LEVEL",
    "MARKERS",
    "MEANT",
    "NEXT_STEP",
    "PALETTE",
    "PLOTS",
    "PREDICTED",
    "SMOOTHINGS",
    "Along",
    "AnyPlot",
    "Colour",
    "Curve",
    "Dash",
    "Factors",
    "Line",
    "MapPlot",
    "Mark",
    "Overlaid",
    "Picture",
    "PicturePlot",
    "Plot",
    "PlotKind",
    "Points",
    "Prediction",
    "Showing",
    "Smoothing",
    "apart",
    "axes_of",
    "bytes_in_words",
    "can_be_smoothed",
    "cell_in_words",
    "digits_between",
    "digits_to_see",
    "drawn_band",
    "each_over_its_axes",
    "in_order",
    "number_in_words",
    "number_places",
    "over",
    "overlays",
    "paths_to_csv",
    "plots",
    "reads_as",
    "saving_in_words",
    "smoothed",
    "table",
    "table_of_paths",
    "ticks_in_words",
    "to_csv",
    "with_left_out",
    "with_separators",
]
