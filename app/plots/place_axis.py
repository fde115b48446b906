"""The x axis of a plot of lines: it counts, measures, or names its places."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from app.plots.plot_axes import CountAxis, PlotAxis

_SHARE: Final = 0.97  # of the room between two names that they may take


class PlaceAxis(CountAxis):
    """An x axis whose ticks are whole numbers, any round numbers, or names.

    Attributes:
        counts: whether ticks are whole numbers.
        names: the labels at 0, 1, 2 and so on; empty: numbers.
        first: where counting begins: there are no ticks below.
    """

    counts = True
    first = 0.0
    names: tuple[str, ...] = ()

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """Spacings of one or more where it counts."""
        if self.counts:
            return super().tickSpacing(minVal, maxVal, size)
        return list(PlotAxis.tickSpacing(self, minVal, maxVal, size))

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float | None, list[float]]]:
        """A tick for each name, if there are names."""
        if not self.names:
            low = max(minVal, self.first) if self.counts else minVal
            return list(super().tickValues(low, maxVal, size))
        return [(None, [float(x) for x in range(len(self.names)) if minVal <= x <= maxVal])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Names, shortened to the room between two of them, or numbers."""
        if not self.names:
            return list(super().tickStrings(values, scale, spacing))
        low, high = self.range
        room, right = _SHARE * self.width() / max(high - low, 1.0), Qt.TextElideMode.ElideRight
        metrics = QFontMetricsF(self.style["tickFont"] or self.label.font())
        return [metrics.elidedText(self.names[round(value)], right, room) for value in values]
