"""Editing a schedule by hand, with the results of training shown as you edit."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import icons
from app.numbers import read_number
from app.plain_text import PlainLabel
from app.plots.pens import STROKE
from app.schedules.leaving import LeavingQuestion
from app.schedules.schedule_canvas import ScheduleCanvas
from app.schedules.schedule_edits import ScheduleEdits, range_in_words
from app.schedules.schedule_table import ScheduleTable
from app.schedules.schedule_tools import ScheduleTools, name_button, push_button
from app.schedules.trials import Trials
from app.schedules.try_out_panel import TryOutPanel
from app.theme import Theme
from engine.arrays import Floats
from engine.groups import ParameterGroup
from engine.hyperparameters.domains import Domain
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.schedules import fitting_domain
from engine.plots.strokes import strands
from engine.runs.try_out import TryOut
from engine.sentences import quoted

_WIDEST_FACTOR = "0.123456789"


class ScheduleEditor(QDialog):
    """A window in which the schedule of one kind is changed with mouse, keys and numbers.

    Args:
        kind: "learning_rates" or "decays".
        groups: one a column of the values.
        values: (T, G), or (T,) or (T, 1) when all groups share them.
        ask: called with a schedule shaped like the values; the results of training with the
            latest one are to be passed to `show_tried` or `show_failure`.
        theme: the colours.
        domain: the coordinate the kind moves in, if the values are in it; by default the usual one.

    Signals:
        taken: kind and values of a schedule to start from.
    """

    taken = Signal(str, object)

    def __init__(
        self,
        kind: str,
        groups: Sequence[ParameterGroup],
        values: Floats,
        ask: Callable[[Floats], None],
        theme: Theme,
        parent: QWidget | None = None,
        domain: Domain | None = None,
    ) -> None:
        super().__init__(parent)
        title = KINDS[kind].plural.capitalize()
        self.setWindowTitle(f"{title} by hand")
        self.setModal(False)
        self._shape = values.shape
        columns = values.reshape(len(values), -1)
        per_group = len(groups) == columns.shape[1]
        self.edits = ScheduleEdits(
            kind,
            strands(groups, per_group=per_group),
            columns,
            fitting_domain(kind, columns, domain),
            self,
        )
        self._question: LeavingQuestion | None = None
        self._kept: Floats = self.edits.original  # or the schedule last used as initial
        self._is_selecting = False

        self.canvas = ScheduleCanvas(self.edits, theme)
        self.table = ScheduleTable(self.edits)
        self.panel = TryOutPanel(theme)
        self._trials = Trials(
            self.edits, self.panel, lambda values: ask(values.reshape(self._shape))
        )
        self.group = QComboBox()
        self.tools = ScheduleTools()
        self.smooth = push_button("Smooth", "Average each value with its neighbours")
        self.flatten = push_button("Flatten", "Set the values of each group to their mean")
        self.scale = push_button("Scale by", "Multiply the values by the factor")
        self.factor = QLineEdit("0.5")
        self.undo, self.redo = QToolButton(), QToolButton()
        self._history_actions = (
            self.edits.history.createUndoAction(self, "Undo"),
            self.edits.history.createRedoAction(self, "Redo"),
        )
        self.readout = QLabel()
        self.scope = QLabel()
        self.problem = PlainLabel()
        self.take = push_button(
            "Use as initial schedule",
            "Start the next run from the edited schedule; other hyperparameters start as the "
            "set-up says, not as at this moment",
        )
        self.reset = push_button("Reset", "Restore the original schedule (can be undone)")
        self.close_button = push_button("Close", "Close this window; asks before edits are lost")
        self._build(self.edits.group_names)
        self._connect()
        self.set_theme(theme)
        self._follow_current()
        self._follow_edits()
        self._show_scope()
        self._trials.begin()

    @property
    def values(self) -> Floats:
        """The schedule as edited, shaped like the one given; read-only."""
        return self.edits.values.reshape(self._shape)

    @Slot(object)
    def show_tried(self, outcome: TryOut) -> None:
        """Show the results of training with the schedule last asked about."""
        self._trials.note(outcome, "")

    @Slot(str)
    def show_failure(self, sentence: str) -> None:
        """Show why training with the schedule last asked about failed."""
        self._trials.note(None, sentence)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.canvas.set_theme(theme)
        self.panel.set_theme(theme)
        self.tools.set_theme(theme)
        for index, sample in enumerate(self.table.set_theme(theme)):
            self.group.setItemIcon(index + 1, sample)
        for action, icon in zip(self._history_actions, ("undo", "redo"), strict=True):
            action.setIcon(icons.icon(icon, theme))
        self.setStyleSheet(
            f"QToolButton:checked {{ background: {theme.progress}; border-color: {theme.accent}; }}"
        )

    def shows(self, values: Floats) -> bool:
        """Whether these values, shaped like the ones given, are where editing began."""
        return np.array_equal(values.reshape(len(values), -1), self.edits.original)

    def leave(self, then: Callable[[], object] | None = None) -> None:
        """Close, and do something then; ask before, if there are edits that nothing uses."""
        if self._is_kept:
            self._end(then)
            return
        if self._question:
            self._question.reject()
        plural = KINDS[self.edits.kind].plural
        question = self._question = LeavingQuestion(plural, self)

        def answer(button: QAbstractButton) -> None:
            if button is question.use:
                self._take()
            if button is not question.keep:
                self._end(then)

        question.buttonClicked.connect(answer)
        question.finished.connect(self._forget_question)
        question.open()

    def reject(self) -> None:
        """Escape asks before edits are lost."""
        self.leave()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window's frame asks before edits are lost; the program does not."""
        if event.spontaneous():
            event.ignore()
            self.leave()
        else:
            self.done(QDialog.DialogCode.Rejected)

    def _end(self, then: Callable[[], object] | None) -> None:
        self.done(QDialog.DialogCode.Rejected)
        if then:
            then()

    @Slot()
    def _forget_question(self) -> None:
        if self._question:
            self._question.deleteLater()
            self._question = None

    @property
    def _is_kept(self) -> bool:
        return np.array_equal(self.edits.values, self._kept)

    @property
    def _rows(self) -> slice:
        """The iterations that the buttons change."""
        stretch = self.canvas.stretch
        return slice(stretch[0], stretch[1] + 1) if stretch else slice(0, self.edits.iterations)

    @Slot()
    def _follow_edits(self) -> None:
        self.reset.setEnabled(self.edits.is_changed)
        self.take.setEnabled(self.edits.is_changed)

    @Slot()
    def _follow_sketch(self) -> None:
        self._trials.follow_sketch()

    @Slot()
    def _follow_settled(self) -> None:
        self._say("")
        self._show_scope()
        self._trials.follow_edit()

    @Slot()
    def _follow_current(self) -> None:
        iteration, columns = self.canvas.current, self.canvas.columns
        now = self.edits.values[iteration, columns]
        before = self.edits.original[iteration, columns]
        text = f"iteration {iteration}: {range_in_words(now)}"
        if (now != before).any():
            text += f" ({range_in_words(before)} originally)"
        self.readout.setText(text)
        self.canvas.setAccessibleDescription(f"{self.group.currentText()}, {text}")

    @Slot(int)
    def _choose_group(self, index: int) -> None:
        everything = list(range(len(self.edits.group_names)))
        self.canvas.set_columns(everything if index == 0 else [index - 1])
        self._show_scope()

    @Slot()
    def _follow_mark(self) -> None:
        self._is_selecting = True
        if self.canvas.stretch:
            self.table.select_rows(*self.canvas.stretch, self.canvas.columns)
        else:
            self.table.clearSelection()
        self._is_selecting = False
        self._show_scope()

    @Slot(QItemSelection, QItemSelection)
    def _follow_selection(self) -> None:
        if self._is_selecting:
            return
        rows = {index.row() for index in self.table.selectedIndexes()}
        self.canvas.set_stretch((min(rows), max(rows)) if len(rows) > 1 else None)
        if self.table.currentIndex().isValid():
            self.canvas.go_to(self.table.currentIndex().row())
        self._show_scope()

    @Slot()
    def _smooth(self) -> None:
        self.edits.smooth(self._rows, self.canvas.columns)

    @Slot()
    def _flatten(self) -> None:
        self.edits.flatten(self._rows, self.canvas.columns)

    @Slot()
    def _scale(self) -> None:
        try:
            factor = read_number(self.factor.text())
        except ValueError:
            self._say(
                f"Scale by: expected a number such as 0.5, found {quoted(self.factor.text())}."
            )
            return
        self.edits.scale(self._rows, self.canvas.columns, factor)

    @Slot()
    def _take(self) -> None:
        self._kept = self.edits.values
        self.taken.emit(self.edits.kind, self.values)
        self._say("")
        self._show_scope()

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)

    def _show_scope(self) -> None:
        if self._is_kept and self.edits.is_changed:
            self.scope.setText("The next run starts from this schedule.")
            return
        stretch = self.canvas.stretch
        which = f"iterations {stretch[0]} to {stretch[1]}" if stretch else "all iterations"
        self.scope.setText(f"Smooth, Flatten and Scale change {which}")

    def _connect(self) -> None:
        self.edits.changed.connect(self._follow_edits)
        self.edits.sketched.connect(self._follow_sketch)
        self.edits.settled.connect(self._follow_settled)
        self.edits.refused.connect(self._say)
        self.tools.chosen.connect(self.canvas.set_tool)
        self.canvas.current_moved.connect(self._follow_current)
        self.canvas.stretch_marked.connect(self._follow_mark)
        self.table.selectionModel().selectionChanged.connect(self._follow_selection)
        self.group.activated.connect(self._choose_group)
        for button, does in (
            (self.smooth, self._smooth),
            (self.flatten, self._flatten),
            (self.scale, self._scale),
            (self.take, self._take),
            (self.reset, self.edits.reset),
            (self.close_button, self.reject),
        ):
            button.clicked.connect(does)

    def _build(self, names: Sequence[str]) -> None:
        self.readout.setObjectName("muted")
        self.scope.setObjectName("muted")
        self.problem.setObjectName("error")
        card = QFrame()
        card.setObjectName("card")
        under = QHBoxLayout()
        under.addWidget(self.readout)
        under.addStretch(1)
        under.addWidget(self.scope)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(8, 8, 12, 8)
        inside.addWidget(self.canvas, 1)
        inside.addLayout(under)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(card)
        left.addWidget(self.table)
        left.setStretchFactor(0, 1)
        left.setSizes([380, 140])
        left.setChildrenCollapsible(False)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(left)
        both.addWidget(self.panel)
        both.setStretchFactor(0, 1)
        both.setSizes([640, 330])
        both.setChildrenCollapsible(False)
        last = QHBoxLayout()
        last.addWidget(self.reset)
        last.addWidget(self.problem, 1)
        last.addWidget(self.close_button)
        last.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        column.addLayout(self._tool_row(names))
        column.addWidget(both, 1)
        column.addLayout(last)
        self.resize(1000, 640)
        self._order_by_sight()
        self.canvas.setFocus()

    def _order_by_sight(self) -> None:
        """Let the tab key go from top to bottom."""
        order: list[QWidget] = [self.group, *self.tools.buttons.values()]
        order += [self.smooth, self.flatten, self.scale, self.factor, self.undo, self.redo]
        order += [self.canvas, self.table, self.reset, self.close_button, self.take]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _tool_row(self, names: Sequence[str]) -> QHBoxLayout:
        self.group.addItems(["all groups at once", *names])
        self.group.setAccessibleName("Group to change")
        self.group.setToolTip("The parameter group whose schedule is changed")
        self.group.setIconSize(STROKE)
        self.group.setVisible(len(names) > 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.group)
        row.addWidget(self.tools)
        row.addStretch(1)
        self.factor.setFixedWidth(self.factor.fontMetrics().horizontalAdvance(_WIDEST_FACTOR))
        self.factor.returnPressed.connect(self._scale)
        self.factor.setAccessibleName("Factor to scale by")
        self.factor.setToolTip("The factor for Scale by")
        for part in (self.smooth, self.flatten, self.scale, self.factor):
            row.addWidget(part)
        row.addStretch(1)
        keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
        for button, action, key in zip(
            (self.undo, self.redo), self._history_actions, keys, strict=True
        ):
            action.setShortcuts(QKeySequence.keyBindings(key))
            name_button(button, action.iconText(), action.toolTip())
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            row.addWidget(button)
            self.addAction(action)  # so that its keys work with any focus
        return row
