"""Which families of curves speak for a prediction, and by which model they are asked."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.plain_text import PlainLabel
from app.plots.family_row import Sketch, WeightBar
from app.popover import Popover
from app.theme import LIGHT, Theme
from engine.forecasting.families import FAMILIES
from engine.forecasting.models import FORECASTERS
from engine.plots import ABOUT, Prediction, apart
from engine.runs.predictions import chance_in_words

_WIDTH: Final = 28  # times the height of type


class PredictionPopover(Popover):
    """Explains the prediction of a plot's curve; a click elsewhere, or Esc, closes it.

    Attributes:
        words: what is predicted, or why nothing is.
        rows: by the name of a family: its weight in words, which is empty while none is known.
        model_box: the model that curves are predicted with.

    Signals:
        model_chosen: the name of another model.
    """

    model_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName("Prediction")
        self._theme, self._told = LIGHT, ""
        self.rows: dict[str, str] = {}
        self.key = ""
        title = QLabel("Prediction")
        title.setObjectName("title")
        self.words = PlainLabel()
        self.about = PlainLabel()
        self.about.setObjectName("muted")
        self.model_box = QComboBox()
        self.model_box.setAccessibleName("Model")
        for name, model in FORECASTERS.items():
            self.model_box.addItem(model.title, name)
        self.model_box.activated.connect(self._choose)
        self._table = QWidget()
        named = QLabel("&Model")
        named.setBuddy(self.model_box)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(named)
        line.addWidget(self.model_box, 1)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        for part in (title, self.words, self._table):
            column.addWidget(part)
        column.addLayout(line)
        column.addWidget(self.about)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme

    def show_prediction(self, prediction: Prediction | None, silence: str, model: str) -> None:
        """Take over what there is to say.

        Args:
            prediction: of the curve; None: there is none.
            silence: why there is none.
            model: the name of the model that curves are predicted with.
        """
        self.words.setText(silence if prediction is None else _in_words(prediction))
        self.model_box.setCurrentIndex(self.model_box.findData(model))
        self.about.setText(
            f"{FORECASTERS[model].about} What is predicted is {ABOUT}: "
            "nine in ten measurements are to lie within it."
        )
        self._fill(prediction, model)
        self.setAccessibleDescription(
            f"{self.words.text()} "
            + "; ".join(f"{name} {weight}" for name, weight in self.rows.items() if weight)
        )
        if self.isVisible():
            self._fit()

    def open_at(self, place: QPoint) -> None:
        """Open below a place of the screen, as far as there is room."""
        self._fit()
        self.place_at(place)
        self.show()
        self.model_box.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fill(self, prediction: Prediction | None, model: str) -> None:
        """A row for each family: its name and formula, its own curve and its weight."""
        self._column.removeWidget(self._table)
        self._table.hide()
        self._table.deleteLater()
        self._table = QWidget()
        grid = QGridLayout(self._table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        names = [*FORECASTERS[model].families]
        if prediction is not None:
            names = sorted(prediction.families, key=lambda name: -prediction.families[name])
            measured, limits = prediction.curve.measured(), _limits(prediction)
        self.rows = dict.fromkeys(names, "")
        heads = ("Family", "Curve", "By itself", "Weight") if prediction else ("Family", "Curve")
        for place, head in enumerate(heads):
            label = QLabel(head)
            label.setObjectName("muted")
            grid.addWidget(label, 0, place)
        for row, name in enumerate(names, start=1):
            grid.addWidget(QLabel(FAMILIES[name].title), row, 0)
            formula = QLabel(FAMILIES[name].formula)
            formula.setObjectName("muted")
            grid.addWidget(formula, row, 1)
            if prediction is not None:
                weight, curve = prediction.families[name], prediction.family_curves[name]
                self.rows[name] = chance_in_words(weight)
                grid.addWidget(Sketch(measured, curve, limits, self._theme), row, 2)
                grid.addWidget(WeightBar(weight, self._theme), row, 3)
                share = QLabel(self.rows[name])
                share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(share, row, 4)
        self._column.insertWidget(2, self._table)

    def _fit(self) -> None:
        for part in (self, self.words, self.about, self._table):
            part.ensurePolished()  # so that their type is the style sheet's already
        self._column.invalidate()
        needed = self._table.sizeHint().width() + 32
        width = max(_WIDTH * self.fontMetrics().height(), needed)
        self.resize(width, self._column.totalHeightForWidth(width))

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.model_chosen.emit(self.model_box.itemData(index))


def _limits(prediction: Prediction) -> tuple[float, float]:
    """What all sketches have room for: what was measured, and where curves end."""
    ends = [curve[-1:] for curve in prediction.family_curves.values()]
    values = np.concatenate([prediction.curve.measured(), *ends])
    values = values[np.isfinite(values)]
    return float(values.min()), float(values.max())


def _in_words(prediction: Prediction) -> str:
    """As "Predicted 0.151 at meta-iteration 50 (90 % band 0.121 to 0.197). 88 % likely …"."""
    best = prediction.curve.best
    ends = [float(each[-1]) for each in (prediction.mean, prediction.low, prediction.high)]
    end, low, high = apart(ends, 3)
    told = f"Predicted {end} at {prediction.curve.end} (90 % band {low} to {high})."
    chance = prediction.told(best)
    chance = f"{chance[0].upper()}{chance[1:]}."
    return " ".join(filter(None, [told, chance, prediction.remark]))
