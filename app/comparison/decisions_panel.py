"""The left of the page Compare: which finished curves are replayed, and under which rule."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QPushButton, QWidget

from app.comparison.panel import ComparedRow, ComparisonPanel, PanelWords
from app.exporting.count_box import CountBox
from app.numbers import read_number
from app.plain_text import PlainLabel
from app.runner import Runner, State
from app.setup.line import Line
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.forecasting.curve_sets import SHIPPED, CurveSet, shipped_curves
from engine.forecasting.curve_tables import read_curves
from engine.forecasting.models import FORECASTERS
from engine.forecasting.scales import Quantity
from engine.forecasting.stopping import Rule
from engine.runs.decisions import DecisionsRecord, Replayed, checked
from engine.runs.finished_curves import curves_of
from engine.runs.records import RunRecord

_WORDS: Final = PanelWords(
    title="Stopping",
    what="Replay the decisions: which finished learning curves would have been stopped, and when",
    does="Forecast each curve from its beginnings, and decide",
    besides="Rule",
    button="Replay",
    at_first="Choose curves, then press Replay.",
)
_RUN: Final = "run"
_FILE: Final = "file"
_QUANTITIES: Final[tuple[Quantity, ...]] = ("accuracy", "loss")
_USUAL: Final = Rule()
_FILTER: Final = "Tables (*.csv *.txt);;All files (*)"


class DecisionsPanel(ComparisonPanel[Any]):
    """Asks for curves and a rule; a CSV file of curves may be dropped on it.

    Attributes:
        curves: those of the run, those that ship, or those of a file.
        open_button: asks for a file.
        about: what the curves are, or why there are none.
        refusal: why a file cannot be read; what was chosen before it stays.
        quantity, model: what curves are, and what forecasts them.
        threshold, patience, least, every: see `engine.forecasting.stopping.Rule`, and how many
            points are between two looks.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_WORDS, parent)
        self._record: RunRecord | None = None
        self._meta_iterations = 0  # of the run, when its curves were offered
        self._of_run: CurveSet | InputError | None = None
        self._file: CurveSet | InputError | None = None
        self._path = Path()
        self._quantities: dict[str, Quantity] = dict.fromkeys(SHIPPED, "accuracy")
        self.curves, self.quantity, self.model = QComboBox(), QComboBox(), QComboBox()
        self.open_button = QPushButton("Open CSV…")
        self.open_button.setToolTip("A file with a column for each learning curve; or drop it here")
        self.about = PlainLabel()
        self.about.setObjectName("muted")
        self.refusal = PlainLabel()
        self.refusal.setObjectName("error")
        self.refusal.setVisible(False)
        self.threshold = Line()
        # what is too few is said, rather than changed
        self.patience = CountBox(0, 100, " forecasts", " forecast")
        self.least = CountBox(0, 100_000, " points", " point")
        self.every = CountBox(0, 100_000, " points", " point")
        self._fill()
        self._lay_out()
        self.setAcceptDrops(True)
        self._connect()
        self._is_looked_at = False  # nothing is read before
        self._build()

    @property
    def chosen_curves(self) -> CurveSet:
        """The curves that are asked for.

        Raises:
            InputError: there are none.
        """
        which = self.curves.currentData()
        if which == _RUN:
            return _or_raise(self._curves_of_run())
        if which == _FILE:
            assert self._file is not None, "it stands in the list once it was opened"
            return _or_raise(self._file)
        return shipped_curves(which, self._quantities[which])

    def asked(self) -> Replayed:
        """What would be replayed now.

        Raises:
            InputError: something is not what it may be.
        """
        rule = Rule(_threshold(self.threshold), self.patience.value(), self.least.value())
        asked = Replayed(self.chosen_curves, rule, self.every.value(), self.model.currentData())
        try:
            return checked(asked)
        except InputError as error:
            title = _TITLES.get(error.field, error.field).replace("&", "")
            raise InputError(title, error.sentence) from None

    def set_run(self, record: RunRecord | None) -> None:
        """Offer the curves of a finished run; None: there is none."""
        done = len(record.meta_iterations) if record else 0
        if record is self._record and done == self._meta_iterations:
            return
        self._record, self._meta_iterations, self._of_run = record, done, None
        place = self.curves.findData(_RUN)
        if record is None and place >= 0:
            self.curves.removeItem(place)
        elif record is not None:
            experiment = record.experiment
            text = f"Run: {experiment.title or experiment.name}"
            if place < 0:
                self.curves.insertItem(0, text, _RUN)
            else:
                self.curves.setItemText(place, text)
        self._follow_curves()

    def open_file(self, path: str) -> None:
        """Take the curves of a file; of one that cannot be read, say why, and keep what was."""
        try:
            found = read_curves(Path(path))
        except InputError as error:
            self.refusal.setText(str(error))
            self.refusal.setVisible(True)
            return
        self._path, self._file = Path(path), found
        place = self.curves.findData(_FILE)
        if place < 0:
            self.curves.addItem("", _FILE)
            place = self.curves.count() - 1
        self.curves.setItemText(place, self._path.name)
        if self.curves.currentIndex() == place:
            self._follow_curves()
        self.curves.setCurrentIndex(place)

    def set_experiment(self, experiment: Experiment | None, problem: str = "") -> None:
        """Nothing depends on the set-up, but somebody looks."""
        self._experiment = experiment
        if not self._is_looked_at:
            self._is_looked_at = True
            self._follow_curves()
        self._follow()

    def beginning(self, runner: Runner) -> Callable[[], None] | None:
        """What begins the replay; None if something is wrong, which the panel says."""
        try:
            return partial(runner.replay_decisions, self.asked())
        except InputError:
            return None

    def differs_from(self, record: DecisionsRecord) -> bool:
        """Whether something else would be replayed now than what a record is of.

        Other curves that cannot be replayed are something else, too.

        Raises:
            InputError: the rule is not what it may be.
        """
        try:
            _ = self.chosen_curves
        except InputError:
            return True
        return self.asked() != record.asked

    def follow(self, state: State, hindrance: str) -> None:
        """Offer what can be done now; what a run's curves are is known."""
        super().follow(state, hindrance)
        self._offer_quantities()

    def adapt(self, record: Any) -> bool:
        """Have a record decide as is asked now, if all forecasts for that are there."""
        if not isinstance(record, DecisionsRecord):
            return False
        try:
            asked = self.asked()
        except InputError:
            return False
        if asked == record.asked or not record.can_be(asked):
            return False
        record.asked = asked
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a CSV file, unless a replay goes on."""
        if self._state == "idle" and _csv_in(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the curves in a file."""
        if path := _csv_in(event):
            event.acceptProposedAction()
            self.open_file(path)

    @property
    def _is_set_up(self) -> bool:
        return True

    def _new_rows(self) -> Iterable[tuple[str, ComparedRow[Any]]]:
        return ()

    def _usual(self, experiment: Experiment) -> list[Any]:
        return []  # nothing is ticked

    def _name_of(self, one: Any) -> str:
        return ""

    def _mistake(self) -> str:
        if not self._is_looked_at:
            return ""
        wrong, sentence = "", ""
        try:
            self.asked()
        except InputError as error:
            wrong, sentence = error.field, str(error)
        for part in (self.threshold, self.patience, self.least, self.every):
            _mark(part, wrong == part.accessibleName())
        return sentence

    def _fill(self) -> None:
        for name, title in SHIPPED.items():
            self.curves.addItem(title, name)
        for quantity in _QUANTITIES:
            self.quantity.addItem(quantity.capitalize(), quantity)
        for model in FORECASTERS.values():
            self.model.addItem(model.title, model.name)
            place = self.model.count() - 1
            self.model.setItemData(place, model.about, Qt.ItemDataRole.ToolTipRole)
        self.threshold.setText(f"{_USUAL.threshold:g}")
        self.patience.setValue(_USUAL.patience)
        self.least.setValue(_USUAL.least)
        for box in (self.curves, self.model):
            box.setMinimumContentsLength(8)  # a long title widens no window
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )

    def _lay_out(self) -> None:
        self.title.setText("Finished learning curves")
        which, rule = QFormLayout(), QFormLayout()
        for form in (which, rule):
            form.setContentsMargins(0, 0, 0, 0)
        for form, label, part in (
            (which, "&Curves", self.curves),
            (which, "&Quantity", self.quantity),
            (which, "&Model", self.model),
            (rule, _TITLES["threshold"], self.threshold),
            (rule, _TITLES["patience"], self.patience),
            (rule, _TITLES["least"], self.least),
            (rule, _TITLES["every"], self.every),
        ):
            form.addRow(label, part)
            part.setAccessibleName(label.replace("&", ""))
            self._asked.append(part)
        self.curves.setToolTip("Of a finished run, of networks that ship, or of a file of yours")
        self.quantity.setToolTip("What the curves are: of a loss, less is better")
        self.model.setToolTip("What forecasts the curves")
        self.threshold.setToolTip("Stopped where beating the best is less likely than this")
        self.patience.setToolTip("Forecasts in a row that have to say so")
        self.least.setToolTip("Of a curve, before which nothing is stopped")
        self.every.setToolTip("Between two looks at a curve")
        self._list.addLayout(which)
        self._list.addWidget(self.open_button)
        self._list.addWidget(self.refusal)
        self._list.addWidget(self.about)
        self._besides.addLayout(rule)
        self._asked.append(self.open_button)

    def _connect(self) -> None:
        self.curves.currentIndexChanged.connect(self._follow_curves)
        self.quantity.activated.connect(self._follow_quantity)
        self.model.activated.connect(self._note)
        self.threshold.textEdited.connect(self._note)
        for box in (self.patience, self.least, self.every):
            box.valueChanged.connect(self._note)
        self.open_button.clicked.connect(self._ask_for_file)

    @Slot()
    def _note(self) -> None:
        self._follow()
        self.changed.emit()

    @Slot()
    def _follow_quantity(self) -> None:
        which, quantity = self.curves.currentData(), self.quantity.currentData()
        if which == _FILE:
            self._read(quantity)
        elif which in self._quantities:
            self._quantities[which] = quantity
        self._follow_curves()

    @Slot()
    def _follow_curves(self) -> None:
        """Say what the curves are, and look at them as often as suits their length."""
        if not self._is_looked_at:
            return
        self.refusal.clear()
        self.refusal.setVisible(False)
        try:
            curves = self.chosen_curves
        except InputError:
            self.about.setText("")
            self.about.setVisible(False)  # what is wrong stands above the button
            self._note()
            return
        told = f"{curves.count} curves of {curves.points} points"
        if curves.each > 1:
            told += f", one every {curves.each:g} {curves.along}s"
        self.about.setText(f"{told}. {curves.remark}".rstrip())
        self.about.setVisible(True)
        self.quantity.setCurrentIndex(_QUANTITIES.index(curves.quantity))
        self._offer_quantities()
        if self.every.maximum() != curves.points - 1:
            self.every.setMaximum(curves.points - 1)
            self.every.setValue(max(1, curves.points // 10))
            self.least.setValue(min(_USUAL.least, curves.points))
        self._note()

    def _offer_quantities(self) -> None:
        is_known = self.curves.currentData() == _RUN
        self.quantity.setEnabled(self._state == "idle" and not is_known)

    @Slot()
    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self, "Open learning curves", "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _read(self, quantity: Quantity) -> None:
        try:
            self._file = read_curves(self._path, quantity)
        except InputError as error:
            self._file = error

    def _curves_of_run(self) -> CurveSet | InputError:
        """Found once, as they are looked at for each letter that is typed."""
        assert self._record is not None, "it stands in the list once there is a run"
        if self._of_run is None:
            try:
                self._of_run = curves_of(self._record)
            except InputError as error:
                self._of_run = error
        return self._of_run


_TITLES: Final = {
    "threshold": "&Threshold",
    "patience": "&Patience",
    "least": "&Least",
    "every": "L&ook every",
}


def _or_raise(found: CurveSet | InputError) -> CurveSet:
    if isinstance(found, InputError):
        raise found
    return found


def _mark(part: QWidget, is_wrong: bool) -> None:
    """Have a part look wrong, or not; the style sheet says how."""
    value = "true" if is_wrong else "false"
    if part.property("wrong") != value:
        part.setProperty("wrong", value)
        part.style().unpolish(part)
        part.style().polish(part)


def _threshold(line: Line) -> float:
    text = line.text().strip()
    is_percent = text.endswith("%")
    try:
        number = read_number(text.removesuffix("%").strip())
    except ValueError:
        wanted = "expected a number between 0 and 1"
        raise InputError("Threshold", f"{wanted}, found “{text}”.") from None
    return number / 100 if is_percent else number


def _csv_in(event: QDropEvent) -> str:
    """The path of the one file that is dropped, if it may be a table; or ""."""
    urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
    path = urls[0].toLocalFile() if len(urls) == 1 else ""
    return path if Path(path).suffix.lower() in (".csv", ".txt") else ""
