"""The one place above the plots for what one has to know, and for buttons that help."""

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

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
from app.plain_text import PlainLabel, plain_tip
from app.what_to_know import name_of
from engine.experiments.experiment import Experiment
from engine.runs.events import Divergence
from engine.runs.records import RunRecord

_MOST_TRIES: Final = 3  # more would hide what is below


class _Question(NamedTuple):
    """What is asked, and how it may be answered.

    Attributes:
        text: a sentence.
        answers: what the buttons say, and what they do.
        then: is told whether the first was chosen; None: `answered` is emitted.
    """

    text: str
    answers: tuple[tuple[str, str], ...]
    then: Callable[[bool], None] | None


class MessageBar(QFrame):
    """Why something failed, with buttons for changes that may help; else a note, if there is one.

    What failed stands there until it is closed or cleared; a note as long as it is true. Why a run
    failed also goes once another experiment is set up, and a change is offered as long as the
    set-up holds what it would change.

    Attributes:
        note: what is to be known of the plots; often nothing.

    A question stands in front of a note until it is answered or withdrawn, and behind a failure; of
    several, the last one.

    Signals:
        applied: the dotted name of a field, and its suggested value.
        answered: a question was: whether the first answer was chosen.
        closed: the user closed it.
    """

    applied = Signal(str, object)
    answered = Signal(bool)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.note = ""
        self._questions: list[_Question] = []
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
        whole = QHBoxLayout(self)
        whole.setContentsMargins(12, 4, 4, 4)
        whole.setSpacing(8)
        whole.addLayout(column, 1)
        self._side = QHBoxLayout()
        self._side.setSpacing(8)
        whole.addLayout(self._side)
        whole.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
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

    @property
    def question(self) -> str:
        """The one that stands in front; often nothing."""
        return self._questions[-1].text if self._questions else ""

    def ask(
        self,
        question: str,
        yes: tuple[str, str],
        no: tuple[str, str],
        then: Callable[[bool], None] | None = None,
    ) -> None:
        """Ask something that nothing waits for, in place of what this one has asked before.

        Args:
            question: a sentence.
            yes: what the first button says, and what it does, as a tip.
            no: the same of the second.
            then: who asks, and is told whether the first was chosen; None: `answered` tells.
        """
        self._drop(then)
        self._questions.append(_Question(question, (yes, no), then))
        if not self._fails:
            self._show_note()

    def withdraw(self, then: Callable[[bool], None] | None = None) -> None:
        """What this one has asked makes no difference any more."""
        if self._drop(then) and not self._fails:
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
        self._show(self.question or (self.note if self._tells_notes else ""), "")
        before: QWidget = self.text
        for place, (text, tip) in enumerate(self._questions[-1].answers if self.question else ()):
            button = GivingButton(text, tip)
            button.clicked.connect(partial(self._answer, place == 0))
            before = self._add(button, before, self._side)

    def _show(self, sentence: str, report: str) -> None:
        for button in self.tries:
            for row in (self._rows, self._side):
                row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.tries, self._offers, self._failed = [], [], None
        self.text.setText(sentence)
        self.text.setToolTip(plain_tip(report))
        self.close_button.setVisible(self._fails)
        kind = "Question" if self.question else "Note"
        self.setAccessibleName("Error" if self._fails else kind)
        self.setAccessibleDescription(sentence)
        if self.property("fails") != self._fails:
            self.setProperty("fails", self._fails)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setVisible(bool(sentence))

    def _add(self, button: GivingButton, before: QWidget, row: QLayout) -> QWidget:
        """Put a button at the end of a row, reached by Tab after what stands before it."""
        row.addWidget(button)
        button.show()  # now, so that Tab finds it
        self.tries.append(button)
        QWidget.setTabOrder(before, button)
        return button

    def _answer(self, yes: bool, _checked: bool = False) -> None:
        then = self._questions[-1].then if self._questions else None
        self.withdraw(then)
        if then is None:
            self.answered.emit(yes)
        else:
            then(yes)

    def _drop(self, then: Callable[[bool], None] | None) -> bool:
        """Forget what this one has asked; returns whether there was anything."""
        before = len(self._questions)
        self._questions = [one for one in self._questions if one.then != then]
        return len(self._questions) < before

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
