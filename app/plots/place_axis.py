"""The x axis of a plot of lines: it counts, measures, or names its places."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from app.plots.plot_axes import CountAxis, PlotAxis
from engine.plots.dates import date_in_words, date_ticks

_SHARE: Final = 0.97  # of the room between two names that they may take


class PlaceAxis(CountAxis):
    """An x axis whose ticks are whole numbers, any round numbers, or names.

    Names are shortened to the room that there is; where they are counts, some are left out.

    Attributes:
        counts: whether ticks are whole numbers, or names of which some may be left out.
        years: whether numbers are years, which have no separators.
        dates: whether these tell dates, which ticks then are.
        named: where which label stands; empty: numbers.
        first: where counting begins: there are no ticks below.
    """

    counts = True
    years = False
    dates = False
    first = 0.0
    named: Sequence[tuple[float, str]] = ()

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """Spacings of one or more where it counts."""
        if self.counts:
            return super().tickSpacing(minVal, maxVal, size)
        return list(PlotAxis.tickSpacing(self, minVal, maxVal, size))

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float | None, list[float]]]:
        """A tick for each name, if there are names, or for round dates."""
        if self.dates:
            return [(None, [place for place, _ in self._dates(minVal, maxVal)])]
        if not self.named:
            low = max(minVal, self.first) if self.counts else minVal
            return list(super().tickValues(low, maxVal, size))
        apart, chosen = self._apart(maxVal - minVal) if self.counts else 0.0, list[float]()
        for place, _ in self.named:
            if not chosen or place >= chosen[-1] + apart:
                chosen.append(float(place))
        return [(None, [place for place in chosen if minVal <= place <= maxVal])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Names, shortened to the room between two of them, dates, or numbers."""
        if self.dates:
            known = dict(self._dates(*self.range))
            return [known.get(value, date_in_words(value)) for value in values]
        if not self.named:
            texts = list(super().tickStrings(values, scale, spacing))
            return [text.replace(",", "") for text in texts] if self.years else texts
        low, high = self.range
        chosen = [min(self.named, key=lambda pair: abs(pair[0] - x))[1] for x in values]
        if self.counts:
            return chosen
        room, right = self._room(high - low), Qt.TextElideMode.ElideRight
        return [self._metrics().elidedText(name, right, room) for name in chosen]

    def _dates(self, low: float, high: float) -> list[tuple[float, str]]:
        return date_ticks(low, high, self.width() / self._metrics().averageCharWidth())

    def _apart(self, shown: float) -> float:
        """How far apart names are that stand there whole."""
        widest = max(self._metrics().horizontalAdvance(f"{name} ") for _, name in self.named)
        return float(widest / self._room(shown))

    def _room(self, shown: float) -> float:
        return float(_SHARE * self.width() / max(shown, 1.0))

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.style["tickFont"] or self.label.font())
