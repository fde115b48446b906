"""The set-up panel: an experiment as fields, whose changes can be undone and saved."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plain_text import plain_tip
from app.setup.experiment_dialogs import ask_what_to_open, ask_where_to_save
from app.setup.field import Field
from app.setup.fields import ChoiceField, TextField
from app.setup.form_scroll import FormScroll
from app.setup.other_data import title_and_description
from app.setup.schedule_field import initial_fields
from app.setup.setup_form import SetupForm
from app.setup.setup_head import MARGIN, SetupHead
from app.setup.setup_history import Change, History, Origin, Snapshot
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.fields import description_of_choice
from engine.experiments.files import load_experiment, save_experiment
from engine.experiments.problems import validate
from engine.output.scripts import to_python
from engine.sentences import one_line

RUNNING = "Stop the run first: its set-up cannot be replaced during the run."


class SetupPanel(QWidget):
    """Holds the experiment that Run will start.

    Attributes:
        shipped: the experiments to fill the fields from, by name.
        history: the changes of the fields, for actions that undo and redo them.
        head: above the fields.
        form: the fields.
        origin: where the experiment in them came from.
        data: the data set among them.
        experiment_box: which experiment they were filled from.

    Signals:
        edited: a field changed, or what is wrong with them did.
        said: reports an action in one sentence.
        said_problem: reports in one sentence why an action failed.
        filed: an experiment was opened or saved; with its path.
        opened: an experiment, or a file of data that is read now.
        help_requested: a person asked what a field is; with its dotted name.
        edit_requested: a person wants to edit a schedule; with the kind of hyperparameter.
    """

    edited = Signal()
    said = Signal(str)
    said_problem = Signal(str)
    filed = Signal(str)
    opened = Signal()
    help_requested = Signal(str)
    edit_requested = Signal(str)

    def __init__(self, experiments: dict[str, Experiment], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shipped = experiments
        self.history = History(self)
        self.origin = Origin(next(iter(experiments.values())))
        self._opened: dict[str, Origin] = {}
        self._problems: dict[str, str] = {}
        self._is_editable = self._are_fields_editable = True
        titles: dict[str | None, str] = {name: one.title for name, one in experiments.items()}
        self.experiment_box = ChoiceField(replace(description_of_choice(), choices=titles))
        self.head = SetupHead(self.experiment_box, self)  # before the form, for Tab
        self._scroll = FormScroll(self)
        self.form = SetupForm(self._scroll.viewport())  # where it belongs: moving it takes long
        self.data = self.form.data
        self._build()
        self.experiment_box.edited.connect(self._load_chosen)
        self.experiment_box.help_requested.connect(self.help_requested)
        self.head.reset_button.clicked.connect(self.reset_to_own)
        self.head.shows_all_changed.connect(self._change_view)
        self.head.searched.connect(self._change_view)
        self.form.edited.connect(self._take_edit)
        self.form.back_requested.connect(self._back_to_own)
        self.form.help_requested.connect(self.help_requested)
        self.form.edit_requested.connect(self.edit_requested)
        self.data.edited.connect(self._take_data)
        self.data.refused.connect(self._take_edit)
        self.data.noted.connect(self._take_note)
        self.data.opening.connect(self.opened)
        self._fill(self.origin)
        self._check()
        self._last = self._snapshot()

    @property
    def problems(self) -> dict[str, str]:
        """What keeps the fields from being an experiment, by dotted name; empty if they are one."""
        return dict(self._problems)

    @property
    def is_ready(self) -> bool:
        """Whether Run may start."""
        return not self._problems and not self.data.is_reading

    @property
    def is_modified(self) -> bool:
        """Whether a field differs from the experiment as it was opened, or saved last."""
        return bool(self.form.changed())

    @property
    def fields(self) -> dict[str, Field]:
        """All fields, by dotted name."""
        return dict(self.form.fields)

    def field(self, key: str) -> Field:
        """The field with a dotted name."""
        return self.form.fields[key]

    def experiment(self) -> Experiment:
        """The experiment in the fields.

        Raises:
            InputError: a field is wrong.
        """
        return validate(self.form.tables(self.origin.own))

    def set_experiment(
        self, experiment: Experiment, path: Path | None = None, shown: Experiment | None = None
    ) -> None:
        """Fill the fields from an experiment; that can be undone.

        Args:
            experiment: whose values are its own from now on.
            path: of the file that it came from, if any.
            shown: what the fields have instead, if it was changed since.
        """
        origin = Origin(experiment, path)
        if origin.key not in self.shipped:
            self._opened[origin.key] = origin
        self._show(origin, f"Open {path.name}" if path else "Experiment", shown)

    def change(self, key: str, value: Any, *, reveals: bool = True) -> None:
        """Set a field as a person would, and show it unless told otherwise; one step to undo."""
        if self._may_change(field=True):
            self.field(key).set_value(value)
            self._record(key, self.field(key).title)
            if reveals:
                self._reveal(key)

    def take_hyperparameters(self, values: Mapping[str, Any]) -> None:
        """Use edited values, by kind as `as_initial` takes them, as the initial ones."""
        self.change_together(initial_fields(values, self.form.fields), "Use as initial schedule")

    def change_together(self, values: Mapping[str, Any], what: str) -> bool:
        """Set the fields of these dotted names that there are; one step to undo, if it may be."""
        if not self._may_change(field=True):
            return False
        there = [key for key in values if key in self.form.fields]
        for key in there:
            self.field(key).set_value(values[key])
        is_of_one = len({key.rpartition(".")[0] for key in there}) == 1
        self._record(there[0] if is_of_one else "", what)
        return True

    def set_editable(self, editable: bool, *, fields: bool = False) -> None:
        """Let the experiment be changed, or only its fields, or nothing of it."""
        self._is_editable, self._are_fields_editable = editable, editable or fields
        self.experiment_box.set_active(editable)
        self.form.set_editable(editable or fields)
        self._follow_changes()
        self.history.rest(not editable)

    def show_problem(self, error: InputError) -> bool:
        """Mark the field that the engine refused; whether it is there, and in sight."""
        field = self.form.show_problem(error)
        return field is not None and self._scroll.bring(field)

    def check_again(self) -> None:
        """Forget what `show_problem` said."""
        self._problems = self.form.check(self.origin.own)

    def shut_down(self) -> None:
        """Wait for files that are being read."""
        self.data.shut_down()

    @Slot()
    def reset_to_own(self) -> None:
        """Restore every field to the experiment's value; that can be undone."""
        if self._may_change():
            self._show(self.origin, "Restore defaults")

    @Slot()
    def open_experiment_file(self) -> None:
        """Ask for a TOML file and open it."""
        ask_what_to_open(self, self.origin.path, self.open_experiment)

    @Slot()
    def save_experiment_file(self) -> None:
        """Ask where to save the experiment, and save it."""
        path = self.origin.path
        name = str(path or f"{self.origin.own.name}.toml")
        ask_where_to_save(self, path, name, self.save_experiment)

    @Slot(str)
    def open_experiment(self, path: str | Path) -> None:
        """Fill the fields from a TOML file, or say why that cannot be done."""
        path = Path(path).resolve()
        if not self._may_change():
            return
        try:
            experiment = load_experiment(path)
        except InputError as error:
            self.said_problem.emit("\n".join(error.messages))
            return
        self.set_experiment(experiment, path)
        self.filed.emit(str(path))
        self.opened.emit()
        self.said.emit(f"Opened {path.name}.")

    @Slot(str)
    def open_data(self, path: str) -> None:
        """Read a file, whose contents become the data set if they can be used."""
        self.data.open_path(path)

    @Slot(str)
    def save_experiment(self, path: str | Path) -> None:
        """Write the experiment in the fields to a TOML file, or say why that cannot be done."""
        path = Path(path).resolve()
        if path.suffix.lower() != ".toml":
            path = path.with_name(f"{path.name}.toml")
        try:
            experiment = self.experiment()
            save_experiment(experiment, path)
        except InputError as error:
            self.said_problem.emit(one_line(f"Fix the marked fields, then save: {error}"))
            return
        except OSError as error:
            refusal = InputError(str(path), f"expected a writable file: {error.strerror}.")
            self.said_problem.emit(str(refusal))
            return
        self._opened.pop(self.origin.key, None)
        self.origin.own, self.origin.path = experiment, path
        self._opened[self.origin.key] = self.origin
        self._show_origin()
        self._check()
        self.filed.emit(str(path))
        self.said.emit(f"Saved as {path.name}.")

    def copy_as_python(self) -> None:
        """Put a script that runs the experiment on the clipboard."""
        try:
            script = to_python(self.experiment())
        except InputError as error:
            self.said_problem.emit(one_line(f"Fix the marked fields, then copy: {error}"))
            return
        QGuiApplication.clipboard().setText(script)
        self.said.emit("Copied the experiment as a Python script.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo, regardless of which field has the keyboard."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.history.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.history.redo()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self._scroll.spared.connect(self.form.data.keep_clear)
        self._scroll.setWidget(self.form)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._scroll, 1)
        self.setAccessibleName("Set-up")
        undo_and_redo = [self.history.createUndoAction(self), self.history.createRedoAction(self)]
        for field in (self.experiment_box, *self.form.fields.values()):
            field.addActions(undo_and_redo)  # in their menus

    def put_below(self, widget: QWidget) -> None:
        """Put something below the fields that stays while they are scrolled; it moves none."""
        beside = QVBoxLayout()
        beside.setContentsMargins(MARGIN, 4, 8, 4)
        beside.addWidget(widget)
        self._column.addLayout(beside)

    @Slot()
    def _change_view(self) -> None:
        self.form.set_view(shows_all=self.head.shows_all, words=self.head.search.text())

    def _may_change(self, *, field: bool = False) -> bool:
        may = self._are_fields_editable if field else self._is_editable
        if not may:
            self.said_problem.emit(RUNNING)
        return may

    def _show(self, origin: Origin, change: str, shown: Experiment | None = None) -> None:
        if origin is not self.origin:
            self.head.search.clear()  # it was about the fields of another one
        self._fill(origin, shown)
        self._record("experiment" if change == "Experiment" else "", change)

    def _fill(self, origin: Origin, shown: Experiment | None = None) -> None:
        self.origin = origin
        self.form.fill(shown or origin.own)
        self._show_origin()

    def _show_origin(self) -> None:
        """The experiment's name and description; opened files are listed below the shipped ones."""
        box = self.experiment_box.box
        while box.count() > len(self.shipped):
            box.removeItem(box.count() - 1)
        for key, opened in self._opened.items():
            title = opened.own.title or opened.own.name
            box.addItem(f"{title} (file)" if opened.path else title, key)
            box.setItemData(box.count() - 1, plain_tip(key), Qt.ItemDataRole.ToolTipRole)
        self.experiment_box.set_value(self.origin.key)
        self.form.compare_with(self.origin.own)

    def _snapshot(self) -> Snapshot:
        states = {key: field.state() for key, field in self.form.fields.items()}
        return Snapshot(self.origin, states, self.data.state())

    def _record(self, key: str, name: str, *, typed: bool = False) -> None:
        """Note a change that has been made, so that it can be undone."""
        self._check()
        before, self._last = self._last, self._snapshot()
        if before != self._last:
            change = Change(key, name, before, self._last, typed, self._restore)
            self.history.push(change)

    def _restore(self, snapshot: Snapshot, key: str) -> None:
        shown = self._last
        self.origin = snapshot.origin
        for name, field in self.form.fields.items():
            field.restore(snapshot.fields[name])
        self.data.restore(snapshot.data)
        self._show_origin()
        self._check()
        self._last = self._snapshot()
        changed = [name for name, old in shown.fields.items() if old != self._last.fields[name]]
        self._reveal(key or next(iter(changed), "experiment"))

    def _reveal(self, key: str) -> None:
        """Bring a field into view and the keyboard into it."""
        field = self.experiment_box if key == "experiment" else self.form.unfold(key)
        if field is not self.experiment_box:
            self._scroll.bring(field)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _check(self) -> None:
        self._problems = self.form.check(self.origin.own)
        words = title_and_description(self.origin.own, self.data.given)
        self.head.describe(words["description"])
        self._follow_changes()
        self.edited.emit()

    def _follow_changes(self) -> None:
        held = "" if self._is_editable else "a run is going on"
        self.head.set_restorable(held if self.is_modified else "nothing has been changed")

    @Slot(str)
    def _take_edit(self, key: str) -> None:
        field = self.field(key)
        self._record(key, field.title, typed=isinstance(field, TextField))

    @Slot(str)
    def _take_data(self, key: str) -> None:
        self.form.fit_to_data(self.origin.own, self._last.data)
        self._record(key, self.field(key).title)

    @Slot()
    def _take_note(self) -> None:
        self._check()
        self._last = self._snapshot()

    @Slot(str)
    def _back_to_own(self, key: str) -> None:
        field = self.field(key)
        if field in self.data.fields:
            self.data.set_data(self.origin.own.data)
            self.form.fit_to_data(self.origin.own, self._last.data)
        else:
            field.set_value(field.own)
        self._record(key, field.title)

    @Slot()
    def _load_chosen(self) -> None:
        chosen = self.experiment_box.value()
        if chosen in self._opened:
            self._show(self._opened[chosen], "Experiment")
        elif self.shipped[chosen] is self.origin.own:
            self._show(self.origin, "Experiment")
        else:
            self._show(Origin(self.shipped[chosen]), "Experiment")
