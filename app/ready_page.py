"""What Explore shows before there is a run: what would be run, and how to start it."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.guide.card_picture import CardPicture
from app.plain_text import PlainLabel
from app.theme import Theme
from engine.experiments.amounts import amount, instead_in
from engine.experiments.experiment import Experiment
from engine.experiments.own_problem import called

_WIDTH = 480
_OTHER_DATA: Final = (
    "The data are other ones; rates and steps are those of the experiment. If training diverges or "
    "hardly moves, change the learning rate first."
)
_WITHOUT_TRAINING: Final = (
    "The data are other ones; what the hyperparameters start from is as in the experiment. If they "
    "hardly move, start them elsewhere first."
)


class ReadyPage(QWidget):
    """Says in words what Run will do.

    Args:
        theme: the colours.

    Attributes:
        title: of the experiment.
        amount: how long it is, and what is free in it.
        picture: of the experiment, if it has one, and its own data.
        note: what to look at with other data.
        hint: how to start it, or what is to be done first.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.amount, self.hint = _label("title"), _label(""), _label("muted")
        self.note = _label("muted")
        self.note.hide()
        self.picture = CardPicture("", theme)
        self.picture.setFixedSize(_WIDTH, self.picture.heightForWidth(_WIDTH))
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self.title, self.picture, self.amount, self.note, self.hint):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_experiment(
        self, experiment: Experiment | None, *, has_other_data: bool = False
    ) -> None:
        """Show what is set up.

        Args:
            experiment: to be run; None: a field is wrong.
            has_other_data: whether its data are not those that it was made for.
        """
        if experiment is None:
            self.hint.setText("A field of the set-up is marked: fix it, then press Run.")
            return
        self.title.setText(experiment.title or experiment.name)
        self.amount.setText(_amount(experiment))
        self.hint.setText("Press Run (F5). The plots appear here after the first training.")
        self.picture.show_experiment(experiment.name)
        self.picture.setVisible(self.picture.is_there and not has_other_data)
        self.note.setText(_WITHOUT_TRAINING if instead_in(experiment) else _OTHER_DATA)
        self.note.setVisible(has_other_data)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.picture.set_theme(theme)


def _amount(experiment: Experiment) -> str:
    settings, problem = experiment.hyperparameters.root, experiment.problem
    free = [called(problem, name) for name, one in settings.items() if one.free]
    what = amount(experiment.model_copy(update={"compares": ()}))
    return f"{what}; free: {', '.join(free)}." if free else f"{what}; no hyperparameter is free."


def _label(role: str) -> PlainLabel:
    label = PlainLabel()
    label.setObjectName(role)
    label.setFixedWidth(_WIDTH)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return label
