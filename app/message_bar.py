"""The one place above the plots for what one has to know, and for buttons that help."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.explanations import Explanation, Suggestion, explain, value_of
from app.flow import Flow, GivingButton
from app.focus_back import FocusBack
from app.plain_text import PlainLabel, plain_tip
from app.what_to_know import name_of
from engine.experiments.experiment import Experiment
from engine.runs.events import Divergence
from engine.runs.records import RunRecord

_MOST_TRIES = 3  # more would hide what is below
_LINES = 2  # of a question, for which room is kept


class Answer(NamedTuple):
    """An answer to a question, as a button.

    Attributes:
        key: what it is called in the code.
        text: what the button says.
        tip: what it does.
    """

    key: str
    text: str
    tip: str


class MessageBar(QFrame):
    """Why something failed, with buttons for changes that may help; else a note, if there is one.

    What failed stands there until it is closed or cleared; a note as long as it is true. Why a run
    failed also goes once another experiment is set up, and a change is offered as long as the
    set-up holds what it would change.

    Attributes:
        note: what is to be known of the plots; often nothing.
        question: that stands open; often nothing.

    A question stands in front of a note until it is answered or withdrawn, and behind a failure.
    Where questions are to be expected, room is kept for them: nothing below moves as they come and
    go. The keyboard goes back to where it was when a button goes.

    Signals:
        applied: the dotted name of a field, and its suggested value.
        answered: a question was: the key of the answer.
        closed: the user closed it.
    """

    applied = Signal(str, object)
    answered = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.note = ""
        self.question = ""
        self._answers: tuple[Answer, ...] = ()
        self._inert: Collection[str] = ()
        self._expecting = ""
        self._focus = FocusBack(self)
        self._fails, self._tells_notes = False, True
        self._failed: Experiment | None = None  # of whose run this tells
        self._offers: list[Suggestion] = []  # of the buttons
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.text = PlainLabel()
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setToolTip("Close the message (Esc)")
        self.close_button.setAccessibleName("Close the message")
        self.close_button.setAccessibleDescription("Keeps the run and its plots")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(self._close)
        self.tries: list[GivingButton] = []
        self._rows = Flow(8)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self.text)
        column.addLayout(self._rows)
        whole = self._whole = QHBoxLayout(self)
        whole.setContentsMargins(12, 4, 4, 4)
        whole.setSpacing(8)
        whole.addLayout(column, 1)
        self._side = QHBoxLayout()
        self._side.setSpacing(8)
        whole.addLayout(self._side)
        whole.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._like_answers = GivingButton("?", parent=self)  # never seen: as high as answers are
        self._like_answers.hide()
        self.hide()

    def show_divergence(self, divergence: Divergence, record: RunRecord) -> None:
        """Explain why a run diverged, and show suggested changes."""
        self.show_explanation(explain(divergence, record.experiment, record))
        self._failed = record.experiment

    def follow_setup(self, experiment: Experiment) -> None:
        """Offer what can still be changed in the experiment that is set up; nothing in another."""
        failed = self._failed
        if failed is None:
            return
        if name_of(experiment) != name_of(failed):
            self.clear()
            return
        for button, offer in zip(self.tries, self._offers, strict=True):
            held, ran = (value_of(one, offer.key) for one in (experiment, failed))
            button.setText(f"✓ {offer.label}" if held == offer.value else offer.label)
            button.setEnabled(held == ran)

    def show_explanation(self, explanation: Explanation) -> None:
        """Show why a run diverged, and what to try."""
        self._say(explanation.sentence, "")
        before: QWidget = self.text
        self._offers = explanation.what_to_try[:_MOST_TRIES]
        for suggestion in self._offers:
            tip = f"Change {suggestion.key} in the set-up. Then press Run."
            button = GivingButton(suggestion.label, tip)
            button.clicked.connect(partial(self._apply, suggestion))
            before = self._add(button, before, self._rows)
        QWidget.setTabOrder(before, self.close_button)

    def show_message(
        self, sentence: str, report: str = "", failed: Experiment | None = None
    ) -> None:
        """Show a sentence alone.

        Args:
            sentence: what failed.
            report: can be read by hovering over it, if there is one.
            failed: whose run it was, if it was one.
        """
        self._say(sentence, report)
        self._failed = failed

    def ask(self, question: str, answers: Sequence[Answer], inert: Collection[str] = ()) -> None:
        """Ask something that nothing waits for.

        Args:
            question: a sentence.
            answers: a button each.
            inert: the keys of those that cannot be chosen now.
        """
        self.question, self._inert = question, inert
        is_same, self._answers = tuple(answers) == self._answers, tuple(answers)
        if self._fails:
            return
        if is_same and self.tries:  # the buttons stay under the hand
            self._tell(question)
            self._let_answer()
        else:
            self._show_note()

    def expect(self, sentence: str) -> None:
        """Keep room for questions; with "", no longer.

        Args:
            sentence: stands there while there is neither a question nor a note.
        """
        if sentence != self._expecting:
            self._expecting = sentence
            self._keep_room()
            if not self._fails and not self.question:
                self._show_note()

    def withdraw(self) -> None:
        """What was asked makes no difference any more."""
        if self.question:
            self.question, self._answers = "", ()
            if not self._fails:
                self._show_note()

    def set_note(self, text: str) -> None:
        """Say something that is no failure; with "", nothing."""
        is_new, self.note = text != self.note, text
        if not self._fails and (is_new or not self.question):
            self._show_note()

    def tell_notes(self, on: bool) -> None:
        """Show notes, or only keep them where they would tell of plots that are not there."""
        self._tells_notes = on
        if not self._fails:
            self._show_note()

    def set_type(self, points: float) -> None:
        """Write in type of this size."""
        self.setStyleSheet(f"QWidget {{ font-size: {points}pt; }}")
        self._keep_room()

    def clear(self) -> None:
        """Nothing has failed."""
        self._fails = False
        self._show_note()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc, while the keyboard is in here."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def _say(self, sentence: str, report: str) -> None:
        self._fails = True
        self._show(sentence, report)

    def _show_note(self) -> None:
        """What is asked, or else what is to be known."""
        note = self.note if self._tells_notes else ""
        self._show(self.question or note or self._expecting, "")
        before: QWidget = self.text
        for answer in self._answers:
            button = GivingButton(answer.text, answer.tip)
            button.clicked.connect(partial(self._answer, answer.key))
            before = self._add(button, before, self._side)
        self._let_answer()

    def _let_answer(self) -> None:
        for button, answer in zip(self.tries, self._answers, strict=False):
            may = answer.key not in self._inert
            if not may and button.hasFocus():
                self._focus.give_back()
            button.setEnabled(may)

    def _keep_room(self) -> None:
        """As high as a question is, from before the first one on."""
        self.setMinimumHeight(0)
        if self._expecting:
            for part in (self, self.text, self._like_answers):
                part.ensurePolished()
            lines = _LINES * self.text.fontMetrics().lineSpacing()
            inside = max(lines, self._like_answers.sizeHint().height())
            around = self._whole.contentsMargins(), self.contentsMargins()  # its frame's
            self.setMinimumHeight(inside + sum(one.top() + one.bottom() for one in around))

    def _show(self, sentence: str, report: str) -> None:
        if any(button.hasFocus() for button in (*self.tries, self.close_button)):
            self._focus.give_back()
        for button in self.tries:
            for row in (self._rows, self._side):
                row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.tries, self._offers, self._failed = [], [], None
        self.text.setToolTip(plain_tip(report))
        self.close_button.setVisible(self._fails)
        kind = "Question" if self.question else "Note"
        self.setAccessibleName("Error" if self._fails else kind)
        self._tell(sentence)
        if self.property("fails") != self._fails:
            self.setProperty("fails", self._fails)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setVisible(bool(sentence))

    def _tell(self, sentence: str) -> None:
        self.text.setText(sentence)
        self.setAccessibleDescription(sentence)

    def _add(self, button: GivingButton, before: QWidget, row: QLayout) -> QWidget:
        """Put a button at the end of a row, reached by Tab after what stands before it."""
        row.addWidget(button)
        button.show()  # now, so that Tab finds it
        self.tries.append(button)
        QWidget.setTabOrder(before, button)
        return button

    def _answer(self, key: str, _checked: bool = False) -> None:
        self.withdraw()
        self.answered.emit(key)

    def _apply(self, suggestion: Suggestion, _checked: bool = False) -> None:
        self.applied.emit(suggestion.key, suggestion.value)
        for button in self.tries:
            if button.text() == suggestion.label:
                button.setText(f"✓ {suggestion.label}")
                button.setEnabled(False)

    @Slot()
    def _close(self) -> None:
        self.clear()
        self.closed.emit()
