"""Beside the lanes: whether the run is followed, and how full its buffer is."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QProgressBar, QToolButton


class LiveButton(QToolButton):
    """As wide as the longer of its words."""

    def sizeHint(self) -> QSize:
        """See above."""
        metrics, flag = self.fontMetrics(), Qt.TextFlag.TextShowMnemonic
        room = metrics.size(flag, "Go live").width() - metrics.size(flag, self.text()).width()
        return super().sizeHint() + QSize(room, 0)


class BufferBar(QProgressBar):
    """As wide as what it says, where there is room."""

    def sizeHint(self) -> QSize:
        """See above."""
        return QSize(150, super().sizeHint().height())
