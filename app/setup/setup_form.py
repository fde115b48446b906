"""The fields of an experiment, section by section: which are shown, count, are wrong or changed."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.setup.data_fields import DataFields
from app.setup.data_state import DataState
from app.setup.essential import essential, found
from app.setup.field import Field
from app.setup.free_menu import FreeMenu
from app.setup.mismatches import mismatches
from app.setup.nothing_found import NothingFound
from app.setup.other_data import title_and_description
from app.setup.schedule_field import ScheduleField
from app.setup.section import Section
from app.setup.sections import FIELDS, SECTIONS
from app.setup.setup_fields import hyperparameter_fields
from app.setup.setup_head import MARGIN
from app.setup.summaries import summary
from engine.errors import InputError
from engine.experiments.experiment import Data, Experiment
from engine.experiments.fields import Descriptions, descriptions
from engine.experiments.problems import problems, validate
from engine.experiments.tasks import TASKS, all_models, fit_of
from engine.experiments.what_applies import Standing, standing
from engine.hyperparameters.kinds import KINDS

_HIDDEN = (20,)  # layers, where a network has to have some
_OF_ONE_KIND = ("surface", "shared networks", "series", "own losses")  # of data
_BOUND = tuple(model for name in _OF_ONE_KIND for model in TASKS[name].models)
_BAR = QRect(4, 0, 3, 0)  # left of what was changed


class SetupForm(QWidget):
    """Every field of an experiment but its name: the essential ones, or all in folded sections.

    What is wrong or changed is among the essential ones, and stays there until another experiment
    comes. A bar in the margin marks what differs from the experiment's values.

    Attributes:
        data: the data set.
        fields: all fields, by dotted name.
        sections: by name.

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
        self._is_editable = True
        self._shows_all, self._words = False, ""
        self._kept: set[str] = set()
        self.free_menu = FreeMenu()
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, 0, MARGIN)
        column.setSpacing(5)
        self.sections: dict[str, Section] = {}
        for name, title in SECTIONS.items():
            self.sections[name] = section = Section(title, self)
            self._fill(name, section, every)
            section.toggled.connect(self._unfold)
            column.addWidget(section)  # once it is full, so that Tab goes from top to bottom
            if name == "hyperparameters":
                column.addWidget(self.free_menu, 0, Qt.AlignmentFlag.AlignLeft)
        self.nothing_found = NothingFound(self)
        column.addWidget(self.nothing_found)
        column.addStretch(1)
        self.free_menu.chosen.connect(self._set_free)

    def set_view(self, *, shows_all: bool, words: str = "") -> None:
        """Show few fields, or all; or those that have some words, if there are any."""
        if not shows_all or not self._shows_all:
            self._kept.clear()
        self._shows_all, self._words = shows_all, words
        self._give_room_back()
        self._show_what_applies()

    def fill(self, experiment: Experiment) -> None:
        """Show an experiment."""
        self._kept.clear()
        self._give_room_back()
        tables = experiment.model_dump()
        for key, field in self.fields.items():
            if field not in self.data.fields:
                field.set_value(look_up(tables, key))
        self.data.set_data(experiment.data)

    def compare_with(self, own: Experiment) -> None:
        """Tell the fields the values that the experiment itself has."""
        tables = own.model_dump()
        self.data.tell_of(own.problem)
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
        tables |= title_and_description(own, self.data.given)
        if self.data.kind != "own losses":
            tables["problem"] = {}
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
        typed = {key: text for field in self.fields.values() for key, text in field.typed().items()}
        wrong = problems(tables, typed) or mismatches(
            validate(tables), self.data.kind, self.data.count
        )
        if self.data.kind is None and not self.data.is_reading:
            wrong["data.source"] = self.data.problem
        self.data.ask_for_a_file("problem.file" in wrong)
        now = self._standing()
        for key, field in self.fields.items():
            if field not in self.data.fields:
                field.set_problem(_problem_of(key, wrong))
            field.mark(field.differs() and key not in now.idle)
            field.set_reason(now.reasons.get(key, ""))
            if key in now.units:
                field.set_unit(now.units[key])
            if key in now.labels:
                field.set_label(now.labels[key])
        self._activate(now)
        self._show_what_applies(now)
        self.update()
        return wrong

    def set_editable(self, editable: bool) -> None:
        """Let the fields be changed, or only looked at and asked about."""
        self._is_editable = editable
        self._give_room_back()
        self.data.set_editable(editable)
        self._activate(self._standing())

    def show_problem(self, error: InputError) -> QWidget | None:
        """Mark the first of the fields that the engine refused; None if it is not in the form."""
        key = error.fields[0]
        if key not in self.fields or error.file:
            return None
        self.fields[key].set_problem(_problem_of(key, {key: error.sentence}))
        return self.unfold(key)

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
            if kind == "classification":  # what an experiment is about, and no part of the split
                self.fields["data.corrupted"].set_value(own.data.corrupted)
            if kind == "several tasks" and not is_own:
                self.fields["data.scaling"].set_value("none")
        if kind is not None and kind != before.kind:
            self._fit_model(kind, own)

    def _fit_model(self, kind: str, own: Experiment) -> None:
        """Fit the model, its batches and the objective to another kind of data."""
        model, hidden = self.fields["model.kind"], self.fields["model.hidden"]
        fit = fit_of(kind, model.value())
        batch_size, objective = self.fields["training.batch_size"], self.fields["meta.objective"]
        was = model.value()
        if was not in fit.models:
            back = was in _BOUND and own.model.kind in fit.models
            model.set_value(own.model.kind if back else fit.models[-1])
        if was in TASKS["surface"].models:
            back = own.model.kind not in TASKS["surface"].models
            objective.set_value(own.meta.objective if back else fit.objectives[0])
        if was in TASKS["series"].models and own.model.kind in fit.models:
            objective.set_value(own.meta.objective)
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
        """A field, made visible if it was not."""
        self._kept.add(key)
        self._section_of(key).open()
        self._show_what_applies()
        return self.fields[key]

    def event(self, event: QEvent) -> bool:
        """Repaint the bars when the fields move."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.update()
        return done

    def leaveEvent(self, event: QEvent) -> None:
        """Close the gaps that errors have left: nobody points at what moves."""
        super().leaveEvent(event)
        self._give_room_back()

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

    def _give_room_back(self) -> None:
        """Close the gaps that errors have left; at a time when all may move."""
        for field in self.fields.values():
            field.give_room_back()

    def _place_of(self, field: Field) -> QWidget | None:
        if field.isVisibleTo(self):
            return field
        section = self._section_of(field.key)
        return section.button if section.button.isVisibleTo(self) else None

    def _section_of(self, key: str) -> Section:
        field = self.fields[key]
        return next(section for section in self.sections.values() if field in section.fields)

    def _standing(self) -> Standing:
        """Which fields count now, because of what others hold."""
        values = {key: field.value() for key, field in self.fields.items()}
        return standing(values, self.data.given, self.data.kind, self.data.problem_file)

    def _activate(self, now: Standing) -> None:
        for key, field in self.fields.items():
            field.set_active(self._is_editable and key not in now.idle)

    @Slot()
    def _unfold(self) -> None:
        self._show_what_applies()

    def _show_what_applies(self, now: Standing | None = None) -> None:
        """Show the rows that are wanted and apply; what is wrong is always wanted."""
        now = now or self._standing()
        wrong = {key for key, field in self.fields.items() if field.problem}
        self._kept |= wrong | {key for key, field in self.fields.items() if field.is_changed}
        values = {key: field.value() for key, field in self.fields.items()}
        for key in wrong:
            self._section_of(key).open()
        few = {*(essential(values) - now.idle), *self._kept}
        heading, searched = self._shows_all and not self._words, found(self.fields, self._words)
        self.nothing_found.tell(self._words, finds=bool(searched - now.hidden))
        for name, section in self.sections.items():
            section.summarise(summary(name, self.fields, now.idle))
            wanted = {field.key for field in section.fields} if section.is_open else set()
            if self._words:
                wanted = searched
            elif not self._shows_all:
                wanted = few
            applies = any(field.key not in now.hidden for field in section.fields)
            section.show_rows(wanted - now.hidden, heading=heading and applies)
        self._offer_kinds(now)

    def _offer_kinds(self, now: Standing) -> None:
        """What else could be free, where the rows of what is not are not shown."""
        flags = {name: f"hyperparameters.{name}.free" for name in KINDS}
        self.free_menu.offer(
            {
                name: self.fields[key].label
                for name, key in flags.items()
                if key not in now.hidden and not self.fields[key].value()
            },
            {name: now.reasons[key] for name, key in flags.items() if key in now.reasons},
        )
        self.free_menu.setVisible(not self._shows_all and self.free_menu.isEnabled())

    @Slot(str)
    def _set_free(self, kind: str) -> None:
        key = f"hyperparameters.{kind}.free"
        self.fields[key].set_value(True)
        self.edited.emit(key)
        self.unfold(key).setFocus()

    def _fill(self, name: str, section: Section, every: Descriptions) -> None:
        if name == "data":
            section.add_row(self.data, *self.data.fields)
        elif name == "hyperparameters":
            for kind in KINDS:
                free, initial, *others = hyperparameter_fields(every, kind)
                section.add_pair(free, initial)
                for other in others:
                    section.add_row(other, other)
        for make in FIELDS[name]:
            section.add_fields(make(every))
        for field in section.fields:
            self._take(field)

    def _take(self, field: Field) -> None:
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
