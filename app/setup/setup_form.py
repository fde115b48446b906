"""The fields of an experiment, section by section: which of them count, are wrong, or changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from app.setup.data_fields import DataFields, DataState
from app.setup.field import Field
from app.setup.form import MoreSection, make_form
from app.setup.schedule_field import ScheduleField
from app.setup.setup_fields import (
    CONSTANTS,
    FITS,
    LAYERED,
    OF_EXAMPLES,
    constant_fields,
    domain_fields,
    hyperparameter_fields,
    meta_fields,
    model_fields,
    split_fields,
    training_fields,
)
from engine.experiments import Data, Experiment, problems, validate
from engine.hyperparameters import KINDS
from engine.tasks.fitting import misfit

MARGIN = 12
_BAR = QRect(4, 0, 3, 0)  # left of what was changed


class SetupForm(QWidget):
    """Every field of an experiment but its name.

    A bar in the margin marks what differs from the experiment's own values.

    Attributes:
        data: the data set.
        fields: all fields, by dotted name.
        sections: what is folded away: "data", "hyperparameters", "meta".

    Signals:
        edited: a person changed a field; with its key.
        back_requested: a person wants a field's own value back; with its key.
        help_requested: a person asked what a field is; with its key.
        edit_requested: a person wants to edit a schedule; with its kind.
    """

    edited = Signal(str)
    back_requested = Signal(str)
    help_requested = Signal(str)
    edit_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = DataFields()
        self.fields: dict[str, Field] = {}
        self.sections: dict[str, MoreSection] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, 0, 4, MARGIN)
        self._column.setSpacing(6)
        self._title("Data")
        self._add(*self.data.fields)
        self._column.addWidget(self.data)
        self._more("data", "More about the data", split_fields())
        self._title("Model")
        self._form(model_fields())
        self._title("Training")
        self._form(training_fields())
        self._title("Hyperparameters: tick what is free")
        self._hyperparameters()
        self._more("hyperparameters", "More: how they move", domain_fields())
        self._title("Meta-optimization")
        self._form(meta_fields())
        self._more("meta", "More about the meta-optimizer", constant_fields())
        self._column.addStretch(1)

    def fill(self, experiment: Experiment) -> None:
        """Show an experiment."""
        tables = experiment.model_dump()
        for key, field in self.fields.items():
            if field not in self.data.fields:
                field.set_value(look_up(tables, key))
        self.data.set_data(experiment.data)

    def compare_with(self, own: Experiment) -> None:
        """Let the fields know the values that the experiment itself has."""
        tables = own.model_dump()
        for key, field in self.fields.items():
            field.own = look_up(tables, key)
        self.data.source.own = own.data.file or own.data.source

    def tables(self, own: Experiment) -> dict[str, Any]:
        """The nested tables of the experiment in the fields.

        Args:
            own: says what no field does, and what the fields say that do not count now.
        """
        tables = own.model_dump(exclude_none=True)
        split = {name: tables["data"][name] for name in ("train", "validation", "test")}
        split |= {name: tables["data"][name] for name in ("scaling", "seed")}
        tables["data"] = {**split, **self.data.table()}
        idle = self._idle()
        for key, field in self.fields.items():
            room, _, last = key.rpartition(".")
            if field in self.data.fields:
                continue
            if key not in idle:
                look_up(tables, room)[last] = field.value()
            elif key in OF_EXAMPLES and own.model.kind != "two weights":
                look_up(tables, room).pop(last, None)
        if tables["model"]["kind"] != "dense network":
            tables["model"]["hidden"] = []
        return tables

    def check(self, own: Experiment) -> dict[str, str]:
        """Mark what is wrong, what was changed, and what does not count now.

        Returns:
            What keeps the fields from being an experiment: a sentence a dotted name.
        """
        tables = self.tables(own)
        found = problems(tables)
        if not found and self.data.kind is not None:
            key, _, sentence = misfit(validate(tables), self.data.kind).partition(": ")
            found = {key: sentence} if key else {}
        if self.data.kind is None and not self.data.is_reading:
            found["data.source"] = self.data.problem
        idle = self._idle()
        for key, field in self.fields.items():
            if field not in self.data.fields:
                field.set_problem(_problem_of(key, found))
                field.set_active(key not in idle)
            field.mark(field.differs() and key not in idle)
        self._show_what_applies()
        self.update()
        return found

    def show_problem(self, sentence: str) -> None:
        """Mark the field that a sentence of the engine names, if it is here."""
        names, _, problem = sentence.partition(": ")
        key = names.split(" + ")[0]
        if key in self.fields:
            self.fields[key].set_problem(_problem_of(key, {key: problem}))
            self._show_what_applies()

    def changed(self) -> list[str]:
        """The fields that are marked as changed, from top to bottom."""
        return [key for key, field in self.fields.items() if field.is_changed]

    def fit_to_data(self, own: Experiment, before: DataState) -> None:
        """Other data are in use: let the model, the objective and the split go with them.

        Args:
            own: what to go back to where it fits.
            before: the data that were in use.
        """
        given, kind = self.data.given, self.data.kind
        if (given.source, given.file) != (before.given.source, before.given.file):
            is_own = (given.source, given.file) == (own.data.source, own.data.file)
            split = own.data if is_own else Data(source="any")
            for key, field in self.fields.items():
                if key.startswith("data.") and field not in self.data.fields:
                    field.set_value(getattr(split, key.removeprefix("data.")))
        if kind is None or kind == before.kind:
            return
        fit = FITS[kind]
        model = self.fields["model.kind"]
        if model.value() not in fit.models:
            was_surface = model.value() in FITS["surface"].models
            back = was_surface and own.model.kind in fit.models
            model.set_value(own.model.kind if back else fit.models[-1])
            if was_surface:
                back = own.model.kind not in FITS["surface"].models
                objective = own.meta.objective if back else fit.objectives[0]
                self.fields["meta.objective"].set_value(objective)
        if fit.losses:
            self.fields["model.loss"].set_value(fit.losses[0])
        objective_field = self.fields["meta.objective"]
        if objective_field.value() not in fit.objectives:
            objective_field.set_value(fit.objectives[0])

    def unfold(self, key: str) -> QWidget:
        """A field, unfolded if it was folded away, to look at."""
        field = self.fields[key]
        for section in self.sections.values():
            if field in section.fields:
                section.open()
        return field

    def event(self, event: QEvent) -> bool:
        """Paint the bars anew when the fields move."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.update()
        return done

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar beside everything that was changed, or beside the button that hides it."""
        painter = QPainter(self)
        for field in self.fields.values():
            place = self._place_of(field) if field.is_changed else None
            if place is not None:
                top = place.mapTo(self, QPoint(0, 0)).y()
                bar = _BAR.translated(0, top)
                bar.setHeight(place.height())
                painter.fillRect(bar, self.palette().accent())

    def _place_of(self, field: Field) -> QWidget | None:
        if field.isVisibleTo(self):
            return field
        folded = [one for one in self.sections.values() if field in one.fields and not one.is_open]
        return folded[0].button if folded else None

    def _idle(self) -> set[str]:
        """The fields that do not count now, because of what others hold."""
        idle: set[str] = set()
        if self.fields["model.kind"].value() != "dense network":
            idle.update(LAYERED)
        if self.data.kind == "surface":
            idle.update(OF_EXAMPLES)
        chosen = self.fields["meta.optimizer"].value()
        for optimizer, constants in CONSTANTS.items():
            if optimizer != chosen:
                idle.update(constants)
        return idle

    def _show_what_applies(self) -> None:
        """Fold out what is wrong; leave out what does not apply."""
        for kind in KINDS:
            free = bool(self.fields[f"hyperparameters.{kind}.free"].value())
            self.fields[f"hyperparameters.{kind}.granularity"].setVisible(free)
        chosen = self.fields["meta.optimizer"].value()
        for optimizer, constants in CONSTANTS.items():
            for key in constants:
                self.sections["meta"].show_row(self.fields[key], optimizer == chosen)
        for section in self.sections.values():
            if any(field.complaint.text() for field in section.fields):
                section.open()

    def _title(self, title: str) -> None:
        label = QLabel(title)
        label.setObjectName("section")
        label.setIndent(0)
        self._column.addWidget(label)

    def _form(self, fields: Sequence[Field]) -> None:
        self._add(*fields)
        self._column.addLayout(make_form(fields))

    def _more(self, name: str, title: str, fields: Sequence[Field]) -> None:
        self._add(*fields)
        self.sections[name] = MoreSection(title, fields)
        self._column.addWidget(self.sections[name])

    def _hyperparameters(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(5)
        form.setHorizontalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for kind in KINDS:
            free, initial, granularity = hyperparameter_fields(kind)
            free.leave_out_question()  # for want of room; F1 and the menu ask
            form.addRow(free, initial)
            form.addRow(granularity)
            self._add(free, initial, granularity)
        self._column.addLayout(form)

    def _add(self, *fields: Field) -> None:
        for field in fields:
            self.fields[field.key] = field
            field.help_requested.connect(self.help_requested)
            field.back_requested.connect(self.back_requested)
            if field not in self.data.fields:
                field.edited.connect(self.edited)
            if isinstance(field, ScheduleField):
                field.edit_requested.connect(self.edit_requested)


def look_up(tables: Mapping[str, Any], key: str) -> Any:
    """What nested tables hold under a dotted name."""
    value: Any = tables
    for part in key.split("."):
        value = value[part]
    return value


def _problem_of(key: str, found: dict[str, str]) -> str:
    """The sentence for a field: about itself, a part of it, or its whole table."""
    for name, sentence in found.items():
        whole_table = {"model": "model.hidden", "data": "data.source"}.get(name, name)
        if whole_table == key or name.startswith(f"{key}."):
            return sentence[:1].upper() + sentence[1:]
    return ""
