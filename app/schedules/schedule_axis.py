"""Axes that a schedule can be read off: round values on a logarithmic scale, counts below it."""

import numpy as np
import pyqtgraph

from app.plots.plot_axes import tick_texts
from engine.plots import ticks_in_words

_PIXELS_A_TICK = 36
_MANTISSAS = (tuple(range(1, 10)), (1, 2, 5), (1, 3), (1,))  # the finest first


class ValueAxis(pyqtgraph.AxisItem):  # type: ignore[misc]
    """A y axis with as many round values as fit, linear or logarithmic."""

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float | None, list[float]]]:
        """Ticks that all carry their number."""
        if not self.logMode:
            return list(super().tickValues(minVal, maxVal, size))[:1]
        low, high = sorted((minVal, maxVal))
        most = max(2, int(size // _PIXELS_A_TICK))
        if high - low < 1:  # within a decade: round numbers in even steps
            spacing, offset = self.tickSpacing(10**low, 10**high, size)[0]
            first = np.ceil((10**low - offset) / spacing) * spacing + offset
            values = np.arange(first, 10**high, spacing)
            return [(None, np.log10(values[values > 0]).tolist())]
        decades = np.arange(np.floor(low), np.ceil(high) + 1)
        for mantissas in _MANTISSAS:
            values = (decades[:, None] + np.log10(mantissas)).ravel()
            values = values[(values >= low) & (values <= high)]
            if len(values) <= most:
                break
        return [(None, values[:: -(-len(values) // most)].tolist())]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Texts that say where ticks are; of logarithms, `logTickStrings` does."""
        texts = list(super().tickStrings(values, scale, spacing))
        return texts if self.logMode else tick_texts(values, texts)

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """The values themselves, not their powers."""
        return ticks_in_words([10.0**value for value in values], 4)


class IterationAxis(pyqtgraph.AxisItem):  # type: ignore[misc]
    """An x axis that counts: ticks at whole numbers only."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """No tick between two iterations."""
        spacings = super().tickSpacing(minVal, maxVal, size)
        return [(max(1.0, spacing), offset) for spacing, offset in spacings]
