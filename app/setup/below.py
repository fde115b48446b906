"""What a field says below its value."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plain_text import PlainLabel


class Below(QWidget):
    """What is wrong with a field's value, and why the value does not count now.

    Args:
        field: that it belongs to.

    Attributes:
        complaint: what is wrong.
        reason: why it does not count.
    """

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._said = QWidget(self)  # where the complaint stands
        self.complaint = PlainLabel("", self._said)
        self.complaint.setObjectName("error")
        self.reason = PlainLabel("", self)
        self.reason.setObjectName("muted")
        said, column = QVBoxLayout(self._said), QVBoxLayout(self)
        said.addWidget(self.complaint)
        said.addStretch(1)
        column.setSpacing(2)
        column.addWidget(self._said)
        column.addWidget(self.reason)
        for layout in (said, column):
            layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.complaint, self._said, self.reason, self):
            part.hide()

    def complain(self, sentence: str) -> None:
        """Say what is wrong; with "", nothing.

        The room of what was said stays until `give_room_back`: what is below must not move away
        under the pointer.
        """
        keeps_room = self._said.isVisible()
        if keeps_room and self.complaint.text():
            high = self.complaint.heightForWidth(self.width())  # it may not be laid out yet
            self._said.setMinimumHeight(max(high, self._said.minimumHeight()))
        self.complaint.setText(sentence)
        self.complaint.setVisible(bool(sentence))
        self._said.setVisible(keeps_room or bool(sentence))
        self._show_or_hide()

    def give_room_back(self) -> None:
        """Keep no room for what was wrong and is not any more."""
        self._said.setMinimumHeight(0)
        self._said.setVisible(bool(self.complaint.text()))
        self._show_or_hide()

    def explain(self, sentence: str) -> None:
        """Say why the value does not count now; with "", nothing."""
        self.reason.setText(sentence)
        self.reason.setVisible(bool(sentence))
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        self.setHidden(self._said.isHidden() and self.reason.isHidden())
