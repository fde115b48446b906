"""The set-up panel: an experiment as fields, checked while it is typed."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.data_fields import DataFields
from app.fields import ChoiceField, Field, FlagField, TextField, read_sizes
from engine import meta_optimizers
from engine.experiments import Experiment, problems, validate
from engine.hyperparameters import KINDS, Kind
from engine.tasks.task import misfit

_GRANULARITIES = {
    "one": "one for everything",
    "iteration": "one per iteration",
    "group": "one per group (layer)",
    "iteration and group": "one per iteration and group",
    "weight": "one per weight",
}
_UNITS: dict[Kind, tuple[str, str]] = {
    "learning_rates": ("α", "Learning rate α at the start; more than 0, usually 0.01 to 1."),
    "decays": ("γ", "Momentum decay γ at the start; more than 0, at most 1 (less if free)."),
    "initial_scales": ("std", "Standard deviation of the initial parameters; 0 to 1,000."),
    "l2_penalties": ("λ", "L2 penalty λ in Σ λ w²; 0 to 1,000,000, more than 0 if free."),
}


class SetupPanel(QScrollArea):
    """Holds the experiment that Run will start.

    Attributes:
        shipped: the experiments to fill the fields from, by name.

    Signals:
        edited: a field changed, or what is wrong with them did.
    """

    edited = Signal()

    def __init__(self, experiments: dict[str, Experiment], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shipped = experiments
        self._base = next(iter(experiments.values()))
        self._problems: dict[str, str] = {}
        self.experiment_box = ChoiceField(
            "experiment",
            "Experiment",
            "Fill every field from an experiment that ships with the program.",
            [(name, experiment.title) for name, experiment in experiments.items()],
        )
        self.about = QLabel()
        self.about.setObjectName("muted")
        self.about.setWordWrap(True)
        self.data = DataFields()
        self._fields: dict[str, Field] = {field.key: field for field in self.data.fields}

        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(12, 8, 12, 12)
        self._column.setSpacing(6)
        self._section("Experiment")
        self._column.addWidget(self.experiment_box)
        self._column.addWidget(self.about)
        self._section("Data")
        self._column.addWidget(self.data)
        self._section("Model")
        self._form(_model_fields())
        self._section("Training")
        self._form(_training_fields())
        self._section("Hyperparameters: tick what is free")
        for kind in KINDS:
            self._hyperparameter(kind)
        self._section("Meta-optimization")
        self._form(_meta_fields())
        self._column.addStretch(1)
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(350)
        self.setAccessibleName("Set-up")

        self.experiment_box.edited.connect(self._load_chosen)
        self.data.edited.connect(self._data_edited)
        self.set_experiment(self._base)

    @property
    def problems(self) -> dict[str, str]:
        """What keeps the fields from being an experiment, by dotted name; empty if nothing."""
        return dict(self._problems)

    @property
    def is_ready(self) -> bool:
        """Whether Run may start."""
        return not self._problems and not self.data.is_reading

    def field(self, key: str) -> Field:
        """The field with a dotted name."""
        return self._fields[key]

    def experiment(self) -> Experiment:
        """The experiment in the fields.

        Raises:
            InputError: a field is wrong.
        """
        return validate(self._tables())

    def set_experiment(self, experiment: Experiment) -> None:
        """Fill the fields from an experiment."""
        self._base = experiment
        tables = experiment.model_dump()
        for key, field in self._fields.items():
            if not key.startswith("data."):
                field.set_value(_look_up(tables, key))
        self.data.set_data(experiment.data)
        self.experiment_box.set_value(experiment.name)
        self.about.setText(experiment.description)
        self._check()

    def set_editable(self, editable: bool) -> None:
        """Let the fields be changed, or only looked at while a run goes on."""
        self._content.setEnabled(editable)

    def show_problem(self, sentence: str) -> None:
        """Mark the field that a sentence of the engine names, if it is here."""
        key = sentence.partition(":")[0]
        if key in self._fields:
            self._fields[key].set_problem(_problem_of(key, {key: sentence.partition(": ")[2]}))

    def shut_down(self) -> None:
        """Leave no thread behind."""
        self.data.shut_down()

    def _section(self, title: str) -> None:
        label = QLabel(title)
        label.setObjectName("section")
        label.setIndent(0)
        self._column.addWidget(label)

    def _form(self, fields: Sequence[Field]) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(5)
        for field in fields:
            self._add(field)
            label = QLabel(field.label)
            label.setMinimumWidth(112)
            label.setBuddy(field)
            label.setToolTip(field.toolTip())
            if isinstance(field, FlagField):
                form.addRow(field)
            else:
                form.addRow(label, field)
        self._column.addLayout(form)

    def _hyperparameter(self, kind: Kind) -> None:
        info = KINDS[kind]
        unit, tip = _UNITS[kind]
        prefix = f"hyperparameters.{kind}"
        free = FlagField(
            f"{prefix}.free",
            info.title.capitalize(),
            f"Free: the meta-optimization changes the {info.title}. Otherwise they stay fixed.",
        )
        initial = TextField(f"{prefix}.initial", f"Initial {info.title}", tip, float, unit)
        granularity = ChoiceField(
            f"{prefix}.granularity",
            f"How finely the {info.title} are set",
            "How many values there are to tune, once they are free.",
            [(value, _GRANULARITIES[value]) for value in info.granularities],
        )
        form = QFormLayout()
        form.setVerticalSpacing(3)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        free.setMinimumWidth(140)
        form.addRow(free, initial)
        form.addRow(granularity)
        for field in (free, initial, granularity):
            self._add(field)
        self._column.addLayout(form)

    def _add(self, field: Field) -> None:
        self._fields[field.key] = field
        field.edited.connect(self._check)

    def _tables(self) -> dict[str, Any]:
        tables = self._base.model_dump(exclude_none=True)
        for key, field in self._fields.items():
            *rooms, last = key.split(".")
            table = tables
            for room in rooms:
                table = table[room]
            if not key.startswith("data."):
                table[last] = field.value()
        tables["data"] = self.data.table()
        if tables["model"]["kind"] != "dense network":
            tables["model"]["hidden"] = []
        return tables

    @Slot()
    def _check(self) -> None:
        tables = self._tables()
        self._problems = problems(tables)
        if not self._problems and self.data.kind is not None:
            sentence = misfit(validate(tables), self.data.kind)
            if sentence:
                key, _, problem = sentence.partition(": ")
                self._problems = {key: problem}
        for key, field in self._fields.items():
            if not key.startswith("data."):
                field.set_problem(_problem_of(key, self._problems))
        for kind in KINDS:
            prefix = f"hyperparameters.{kind}"
            free = bool(self._fields[f"{prefix}.free"].value())
            self._fields[f"{prefix}.granularity"].setVisible(free)
        is_network = self._fields["model.kind"].value() == "dense network"
        for key in ("model.hidden", "model.activation"):
            self._fields[key].setEnabled(is_network)
        self.edited.emit()

    def _load_chosen(self) -> None:
        self.set_experiment(self.shipped[self.experiment_box.value()])

    @Slot()
    def _data_edited(self) -> None:
        """Other data: offer the model's loss that fits them."""
        if self.data.kind == "regression":
            self._fields["model.loss"].set_value("squared")
            if self._fields["model.kind"].value() == "softmax regression":
                self._fields["model.kind"].set_value("linear regression")
        elif self.data.kind == "classification":
            self._fields["model.loss"].set_value("cross-entropy")
            if self._fields["model.kind"].value() == "linear regression":
                self._fields["model.kind"].set_value("softmax regression")
        self._check()


def _model_fields() -> list[Field]:
    return [
        ChoiceField(
            "model.kind",
            "Model",
            "What is trained: a regression (one layer), or a network with hidden layers.",
            [
                ("dense network", "dense network"),
                ("softmax regression", "softmax regression"),
                ("linear regression", "linear regression"),
            ],
        ),
        TextField(
            "model.hidden",
            "Hidden layers",
            "Units of each hidden layer, as in 50, 50, 50; 1 to 20 layers of 1 to 10,000 units.",
            read_sizes,
            "units",
        ),
        ChoiceField(
            "model.activation",
            "Activation",
            "What follows each hidden layer.",
            [("tanh", "tanh"), ("ReLU", "ReLU"), ("softplus", "softplus")],
        ),
        ChoiceField(
            "model.loss",
            "Loss",
            "Cross-entropy for classes; squared distance for numbers, or one-hot classes.",
            [("cross-entropy", "cross-entropy"), ("squared", "squared")],
        ),
    ]


def _training_fields() -> list[Field]:
    return [
        TextField(
            "training.iterations",
            "Iterations T",
            "Number of training iterations; 1 to 1,000,000.",
            int,
            "steps",
        ),
        TextField(
            "training.batch_size",
            "Batch size",
            "Examples in each minibatch; at least 1. Empty: all of them.",
            int,
            "examples",
            empty="all",
        ),
        ChoiceField(
            "training.precision",
            "Gradients",
            "How precisely gradients are computed. Single precision is faster; the state stays "
            "64-bit fixed point, so reversal is exact all the same.",
            [("double", "double precision"), ("single", "single precision")],
        ),
        TextField(
            "training.buffer_megabytes",
            "Buffer in memory",
            "How much of the information buffer is kept in memory; from 0. What comes beyond goes "
            "to a temporary file. Empty: all of it.",
            int,
            "MB",
            empty="all",
        ),
    ]


def _meta_fields() -> list[Field]:
    return [
        ChoiceField(
            "meta.optimizer",
            "Meta-optimizer",
            "How the free hyperparameters follow their hypergradient.",
            list(meta_optimizers.TITLES.items()),
        ),
        TextField(
            "meta.step",
            "Step size",
            "Step of the meta-optimizer, in log units (logit for decays); more than 0.",
            float,
            "log units",
        ),
        TextField(
            "meta.iterations",
            "Meta-iterations",
            "How often the hyperparameters move; 1 to 1,000,000.",
            int,
            "steps",
        ),
        ChoiceField(
            "meta.objective",
            "Objective",
            "The loss after training whose hypergradient is followed.",
            [("validation", "validation loss"), ("training", "training loss")],
        ),
        TextField(
            "meta.seeds",
            "Seeds averaged",
            "Training runs averaged in each meta-iteration; 1 to 1,000.",
            int,
            "runs",
        ),
        TextField(
            "meta.seed",
            "Seed",
            "Where the randomness of weights and minibatches starts; a whole number from 0.",
            int,
            "number",
        ),
        FlagField(
            "meta.new_seed",
            "New weights and minibatches each time",
            "Draw fresh initial weights and minibatches in every meta-iteration.",
        ),
    ]


def _look_up(tables: dict[str, Any], key: str) -> Any:
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
