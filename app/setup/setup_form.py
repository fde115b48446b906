"""The fields of an experiment, section by section: which of them count, are wrong, or changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from app.setup.data_fields import DataFields, DataState
from app.setup.field import Field
from app.setup.form import MoreSection, make_form
from app.setup.mismatches import mismatches
from app.setup.schedule_field import ScheduleField
from app.setup.setup_fields import (
    constant_fields,
    hypergradient_fields,
    hyperparameter_fields,
    meta_fields,
    model_fields,
    movement_fields,
    split_fields,
    training_fields,
)
from app.setup.what_applies import Standing, standing
from engine.errors import InputError
from engine.experiments.experiment import Data, Experiment
from engine.experiments.fields import Descriptions, descriptions
from engine.experiments.problems import problems, validate
from engine.experiments.tasks import TASKS, all_models, fit_of
from engine.hyperparameters.kinds import KINDS

MARGIN = 12
_HIDDEN = (20,)  # layers, where a network has to have some
_BOUND = (*TASKS["surface"].models, *TASKS["shared networks"].models)  # to one kind of data
_BAR = QRect(4, 0, 3, 0)  # left of what was changed


class SetupForm(QWidget):
    """Every field of an experiment but its name.

    A bar in the margin marks what differs from the experiment's values.

    Attributes:
        data: the data set.
        fields: all fields, by dotted name.
        sections: those that open on request: "data", "hyperparameters", "meta".

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
        every = descriptions()
        self.data = DataFields(every)
        self.fields: dict[str, Field] = {}
        self.sections: dict[str, MoreSection] = {}
        self._forms: list[QFormLayout] = []
        self._is_editable = True
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, 0, 4, MARGIN)
        self._column.setSpacing(6)
        self._title("Data")
        self._add(*self.data.fields)
        self._column.addWidget(self.data)
        self._more("data", "More about the data", split_fields(every))
        self._title("Model")
        self._form(model_fields(every))
        self._title("Training")
        self._form(training_fields(every))
        self._title("Hypergradient")
        self._form(hypergradient_fields(every))
        self._title("Hyperparameters: tick to tune")
        self._hyperparameters(every)
        self._more("hyperparameters", "More: how they move", movement_fields(every))
        self._title("Meta-optimization")
        self._form(meta_fields(every))
        self._more("meta", "More about the meta-optimizer", constant_fields(every))
        self._column.addStretch(1)

    def fill(self, experiment: Experiment) -> None:
        """Show an experiment."""
        tables = experiment.model_dump()
        for key, field in self.fields.items():
            if field not in self.data.fields:
                field.set_value(look_up(tables, key))
        self.data.set_data(experiment.data)

    def compare_with(self, own: Experiment) -> None:
        """Tell the fields the values that the experiment itself has."""
        tables = own.model_dump()
        for key, field in self.fields.items():
            field.own = look_up(tables, key)
        self.data.source.own = own.data.file or own.data.source

    def tables(self, own: Experiment) -> dict[str, Any]:
        """The nested tables of the experiment in the fields.

        Args:
            own: has the values that no field holds, and those of fields that do not count now.
        """
        tables = own.model_dump(exclude_none=True)
        split = {name: tables["data"][name] for name in ("train", "validation", "test")}
        split |= {name: tables["data"][name] for name in ("scaling", "seed")}
        tables["data"] = {**split, **self.data.table()}
        was_a_surface = own.model.kind in TASKS["surface"].models
        now_a_surface = self.data.kind == "surface" and not was_a_surface
        now = self._standing()
        left_out = now.left_out.union(TASKS["surface"].ignores if now_a_surface else ())
        for key, field in self.fields.items():
            room, _, last = key.rpartition(".")
            if field in self.data.fields:
                continue
            if key not in now.idle:
                look_up(tables, room)[last] = field.value()
            elif key in left_out:
                look_up(tables, room).pop(last, None)
        if not _is_deep(tables["model"]["kind"]):
            tables["model"]["hidden"] = []
        return tables

    def check(self, own: Experiment) -> dict[str, str]:
        """Mark what is wrong, what was changed, and what does not count now.

        Returns:
            What keeps the fields from being an experiment: a sentence for each dotted name.
        """
        tables = self.tables(own)
        found = problems(tables) or mismatches(validate(tables), self.data.kind)
        if self.data.kind is None and not self.data.is_reading:
            found["data.source"] = self.data.problem
        now = self._standing()
        for key, field in self.fields.items():
            if field not in self.data.fields:
                field.set_problem(_problem_of(key, found))
            field.mark(field.differs() and key not in now.idle)
        self._activate(now)
        self._show_what_applies(now)
        self.update()
        return found

    def set_editable(self, editable: bool) -> None:
        """Let the fields be changed, or only looked at and asked about."""
        self._is_editable = editable
        self.data.set_editable(editable)
        self._activate(self._standing())

    def show_problem(self, error: InputError) -> None:
        """Mark the first of the fields that the engine refused, if it is in the form."""
        key = error.fields[0]
        if key in self.fields:
            self.fields[key].set_problem(_problem_of(key, {key: error.sentence}))
            self._show_what_applies(self._standing())

    def changed(self) -> list[str]:
        """The fields that are marked as changed, from top to bottom."""
        return [key for key, field in self.fields.items() if field.is_changed]

    def fit_to_data(self, own: Experiment, before: DataState) -> None:
        """Fit the model, the objective and the split to other data.

        Args:
            own: the values to return to where they fit.
            before: the data that were in use.
        """
        given, kind = self.data.given, self.data.kind
        if (given.source, given.file) != (before.given.source, before.given.file):
            is_own = (given.source, given.file) == (own.data.source, own.data.file)
            split = own.data if is_own else Data(source="any")
            for key, field in self.fields.items():
                if key.startswith("data.") and field not in self.data.fields:
                    field.set_value(getattr(split, key.removeprefix("data.")))
            if kind == "several tasks" and not is_own:
                self.fields["data.scaling"].set_value("none")
        if kind is not None and kind != before.kind:
            self._fit_model(kind, own)

    def _fit_model(self, kind: str, own: Experiment) -> None:
        """Fit the model, its batches and the objective to another kind of data."""
        fit, model, hidden = fit_of(kind), self.fields["model.kind"], self.fields["model.hidden"]
        batch_size, objective = self.fields["training.batch_size"], self.fields["meta.objective"]
        was = model.value()
        if was not in fit.models:
            back = was in _BOUND and own.model.kind in fit.models
            model.set_value(own.model.kind if back else fit.models[-1])
        if was in TASKS["surface"].models:
            back = own.model.kind not in TASKS["surface"].models
            objective.set_value(own.meta.objective if back else fit.objectives[0])
        if was in TASKS["shared networks"].models:
            batch_size.set_value(own.training.batch_size)
        if model.value() in TASKS["shared networks"].models:
            batch_size.set_value(None)
        if _is_deep(model.value()) and hidden.value() is None:
            hidden.set_value(own.model.hidden or _HIDDEN)
        if fit.losses:
            self.fields["model.loss"].set_value(fit.losses[0])
        if objective.value() not in fit.objectives:
            objective.set_value(fit.objectives[0])

    def unfold(self, key: str) -> QWidget:
        """A field, made visible if its section was closed."""
        field = self.fields[key]
        for section in self.sections.values():
            if field in section.fields:
                section.open()
        return field

    def event(self, event: QEvent) -> bool:
        """Repaint the bars when the fields move."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.update()
        return done

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar beside each changed field, or beside the button that hides it."""
        with QPainter(self) as painter:
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

    def _standing(self) -> Standing:
        """Which fields count now, because of what others hold."""
        values = {key: field.value() for key, field in self.fields.items()}
        return standing(values, self.data.given, self.data.kind)

    def _activate(self, now: Standing) -> None:
        for key, field in self.fields.items():
            field.set_active(self._is_editable and key not in now.idle)

    def _show_what_applies(self, now: Standing) -> None:
        """Open sections that have errors; hide the rows that do not apply."""
        for form in self._forms:
            for key, field in self.fields.items():
                is_here = form.indexOf(field) >= 0
                if is_here and form.isRowVisible(field) == (key in now.hidden):
                    form.setRowVisible(field, key not in now.hidden)
        for section in self.sections.values():
            section.setVisible(any(field.key not in now.hidden for field in section.fields))
            if any(field.complaint.text() for field in section.fields):
                section.open()

    def _title(self, title: str) -> None:
        label = QLabel(title)
        label.setObjectName("section")
        label.setIndent(0)
        self._column.addWidget(label)

    def _form(self, fields: Sequence[Field]) -> None:
        self._add(*fields)
        self._forms.append(make_form(fields))
        self._column.addLayout(self._forms[-1])

    def _more(self, name: str, title: str, fields: Sequence[Field]) -> None:
        self._add(*fields)
        self.sections[name] = MoreSection(title, fields)
        self._forms.append(self.sections[name].form)
        self._column.addWidget(self.sections[name])

    def _hyperparameters(self, every: Descriptions) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(5)
        form.setHorizontalSpacing(4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for kind in KINDS:
            free, initial, *others = hyperparameter_fields(every, kind)
            form.addRow(free, initial)
            for other in others:
                form.addRow(other)
            self._add(free, initial, *others)
        self._forms.append(form)
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


def _is_deep(model: str) -> bool:
    return model in all_models()[model].deep


def look_up(tables: Mapping[str, Any], key: str) -> Any:
    """What nested tables hold under a dotted name; the tables themselves under none."""
    value: Any = tables
    for part in key.split(".") if key else ():
        value = value[part]
    return value


def _problem_of(key: str, found: dict[str, str]) -> str:
    """The sentence for a field: about itself, a part of it, or its whole table."""
    for name, sentence in found.items():
        whole_table = {"model": "model.hidden", "data": "data.source"}.get(name, name)
        if whole_table == key or name.startswith(f"{key}."):
            return sentence[:1].upper() + sentence[1:]
    return ""
