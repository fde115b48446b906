"""Editing a schedule by hand: from the run to the editor, and back to the set-up."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.schedules.schedule_editor import ScheduleEditor
from app.schedules.try_out import TryOuts
from app.theme import Theme
from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.groups import ParameterGroup
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.schedules import with_schedule
from engine.hyperparameters.values import Hyperparameters


class HandEditing(QObject):
    """Opens a schedule's editor, and supplies the results of training with an edit.

    Args:
        window: that the editor belongs to.

    Signals:
        taken: kind and values of a schedule to start from.
    """

    taken = Signal(str, object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._subject: tuple[str, Experiment, int] | None = None
        self._try_outs = TryOuts(self)
        self.editor: ScheduleEditor | None = None

    def open(
        self,
        kind: str,
        experiment: Experiment,
        hyperparameters: Hyperparameters,
        groups: Sequence[ParameterGroup],
        meta_iteration: int,
        theme: Theme,
    ) -> None:
        """Open the editor, in place of one that is open already and whose edits are not lost.

        An editor of the same schedule is only brought to the front.

        Args:
            kind: "learning_rates" or "decays".
            experiment: whose task is trained to judge an edit.
            hyperparameters: what the edit starts from, and what else is trained with.
            groups: the G parameter groups.
            meta_iteration: whose initial parameters and minibatches judge it.
            theme: the colours.
        """
        setting = experiment.hyperparameters[kind]
        values = hyperparameters[kind]
        if "group" not in setting.granularity:
            values = values[:, :1]
        subject = kind, experiment, meta_iteration
        if self.editor and self._subject == subject and self.editor.shows(values):
            self.editor.raise_()
            self.editor.activateWindow()
            return

        def ask(edited: Floats) -> None:
            changed = with_schedule(hyperparameters, kind, edited)
            self._try_outs.ask(experiment, changed, meta_iteration)

        def show() -> None:
            self._subject = subject
            editor = ScheduleEditor(kind, groups, values, ask, theme, self._window, setting.domain)
            editor.panel.set_note(_note(kind, experiment, meta_iteration))
            self._show(editor)

        self.ask_before_losing(show)

    def ask_before_losing(self, then: Callable[[], object]) -> None:
        """Close the editor, and do something then; ask before, if that would lose edits."""
        if self.editor:
            self.editor.leave(then)
        else:
            then()

    def _show(self, editor: ScheduleEditor) -> None:
        self.editor = editor
        self._try_outs.tried.connect(self.editor.show_tried)
        self._try_outs.failed.connect(self.editor.show_failure)
        self.editor.taken.connect(self.taken)
        self.editor.finished.connect(self._forget)
        self.editor.show()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        if self.editor:
            self.editor.set_theme(theme)

    def close(self) -> None:
        """Close the editor without a question, if it is open, and leave no thread behind."""
        if self.editor:
            self.editor.close()
        self._try_outs.shut_down()

    @Slot()
    def _forget(self) -> None:
        if self.editor:
            self._try_outs.tried.disconnect(self.editor.show_tried)
            self._try_outs.failed.disconnect(self.editor.show_failure)
            self.editor.deleteLater()
            self.editor = None
        self._try_outs.shut_down()


def _note(kind: str, experiment: Experiment, meta_iteration: int) -> str:
    """What the results rest on that the next run does not start from; empty if there is nothing."""
    others = [KINDS[one].plural for one in KINDS if one in experiment.free and one != kind]
    if not meta_iteration or not others:
        return ""
    return (
        f"Trained with the {' and '.join(others)} of meta-iteration {meta_iteration}; the next run "
        "starts from those in the set-up."
    )
