"""What the program does, the papers behind it, and its versions."""

import importlib.metadata
import platform
from importlib import resources
from typing import Final

from PySide6.QtCore import QByteArray, QSize, Qt, Slot, qVersion
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

WHAT: Final = (
    "Retrograde explores hypergradients: gradients of the validation loss with respect to the "
    "hyperparameters of training. It computes them by running training backwards, bit for bit."
)
LICENCE: Final = "Free software under the MIT License. Copyright © 2026 The Retrograde authors."
PAPERS: Final = (
    "D. Maclaurin, D. Duvenaud, R. P. Adams (2015). Gradient-based Hyperparameter Optimization "
    "through Reversible Learning. Proceedings of the 32nd International Conference on Machine "
    "Learning (ICML), 2113–2122.",
    "L. Franceschi, M. Donini, P. Frasconi, M. Pontil (2017). Forward and Reverse Gradient-Based "
    "Hyperparameter Optimization. Proceedings of the 34th International Conference on Machine "
    "Learning (ICML), 1165–1173.",
    "L. Franceschi, P. Frasconi, S. Salzo, R. Grazzi, M. Pontil (2018). Bilevel Programming for "
    "Hyperparameter Optimization and Meta-Learning. Proceedings of the 35th International "
    "Conference on Machine Learning (ICML), 1568–1577.",
    "Y. Bengio (2000). Gradient-Based Optimization of Hyperparameters. Neural Computation 12(8), "
    "1889–1900.",
    "F. Pedregosa (2016). Hyperparameter optimization with approximate gradient. Proceedings of "
    "the 33rd International Conference on Machine Learning (ICML), 737–746.",
    "T. Domhan, J. T. Springenberg, F. Hutter (2015). Speeding up Automatic Hyperparameter "
    "Optimization of Deep Neural Networks by Extrapolation of Learning Curves. Proceedings of the "
    "24th International Joint Conference on Artificial Intelligence (IJCAI), 3460–3468.",
)
_PACKAGES: Final = {
    "PySide6": "PySide6-Essentials",
    "NumPy": "numpy",
    "Numba": "numba",
    "autograd": "autograd",
    "pyqtgraph": "pyqtgraph",
}
_WIDTH: Final = 44  # times the height of type


class AboutDialog(QDialog):
    """Says what the program is, names the papers, and gives the versions to copy.

    Attributes:
        copy_button: puts the versions on the clipboard.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Retrograde")
        name = QLabel(f"Retrograde {_version('retrograde')}")
        name.setObjectName("headline")
        what = _text(WHAT)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(name)
        words.addWidget(what)
        words.addWidget(_text(LICENCE))
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(_Icon(), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)

        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(_section("The papers"))
        for paper in PAPERS:
            column.addWidget(_text(paper))
        column.addWidget(_section("Versions"))
        column.addLayout(_table(versions()))
        column.addStretch(1)
        self.copy_button = QPushButton("Copy versions")
        self.copy_button.setToolTip("Copy the versions to the clipboard, for a bug report")
        self.copy_button.setAccessibleDescription(self.copy_button.toolTip())
        self.copy_button.clicked.connect(self.copy)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column.addSpacing(8)
        column.addWidget(buttons)
        width = _WIDTH * self.fontMetrics().height()
        self.resize(width, column.totalHeightForWidth(width))

    @Slot()
    def copy(self) -> None:
        """Put the versions on the clipboard."""
        text = "\n".join(f"{name} {version}" for name, version in versions().items())
        QGuiApplication.clipboard().setText(text)
        self.copy_button.setText("Copied")


def versions() -> dict[str, str]:
    """What runs here, by name."""
    packages = {name: _version(package) for name, package in _PACKAGES.items()}
    return {
        "Retrograde": _version("retrograde"),
        "Python": platform.python_version(),
        "Qt": qVersion(),
        **packages,
        "Platform": platform.platform(),
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "(not installed as a package)"


class _Icon(QWidget):
    """The program's icon, sharp at any scale."""

    def __init__(self) -> None:
        super().__init__()
        content = (resources.files("resources") / "icons" / "retrograde.svg").read_bytes()
        self._renderer = QSvgRenderer(QByteArray(content), self)
        self.setFixedSize(QSize(72, 72))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._renderer.render(painter)


def _text(sentence: str) -> QLabel:
    label = QLabel(sentence)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _section(title: str) -> QLabel:
    label = QLabel(title)
    label.setObjectName("section")
    label.setIndent(0)
    return label


def _table(rows: dict[str, str]) -> QGridLayout:
    """Names and versions, in two pairs of columns; the last, which is long, in a row of its own."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    *short, (last, long) = rows.items()
    for index, (name, version) in enumerate(short):
        row, column = index // 2, 2 * (index % 2)
        grid.addWidget(_muted(name), row, column)
        grid.addWidget(_text(version), row, column + 1)
    below = (len(short) + 1) // 2
    grid.addWidget(_muted(last), below, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(_text(long), below, 1, 1, 3)
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(3, 1)
    return grid


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("muted")
    return label
