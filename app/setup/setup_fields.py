"""Which fields the set-up panel has, and what they say of themselves."""

from app.setup.field import Field
from app.setup.fields import AmountField, ChoiceField, FlagField, TextField, read_sizes
from app.setup.schedule_field import WIDEST_UNIT, ScheduleField
from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import all_models
from engine.hyperparameters.kinds import KINDS

_GRANULARITIES = {
    "one": "one for everything",
    "iteration": "one per iteration",
    "group": "one per group (layer)",
    "iteration and group": "one per iteration and group",
    "weight": "one per weight",
}
_DOMAINS = {
    "log": "logarithm",
    "logit": "logit",
    "identity": "the value itself",
}


def split_fields() -> list[Field]:
    """How the examples are divided and scaled."""
    amount = "a count, as in 1200, or a fraction of all, from 0.0 to 1.0."
    return [
        AmountField("data.train", "Training part", f"Examples to train on: {amount}"),
        AmountField(
            "data.validation", "Validation part", f"Examples for the validation loss: {amount}"
        ),
        AmountField("data.test", "Test part", f"Examples kept aside for the test loss: {amount}"),
        ChoiceField(
            "data.scaling",
            "Scaling",
            "What is brought to mean 0 and standard deviation 1, as the training part has them.",
            [
                ("each feature", "each feature by itself"),
                ("all features", "all features together"),
                ("none", "nothing"),
            ],
        ),
        TextField(
            "data.seed",
            "Seed of the split",
            "Decides which examples come into which part; a whole number from 0.",
            int,
            "number",
        ),
        TextField(
            "data.learned_per_class",
            "Learned per class",
            "Examples of each class whose inputs are learned, and trained on in place of the "
            "training part; 1 to 1,000. Empty: none.",
            int,
            "examples",
            empty="none",
        ),
    ]


def model_fields() -> list[Field]:
    """What is trained."""
    return [
        ChoiceField(
            "model.kind",
            "Model",
            "What is trained: a network with hidden layers, a regression (one layer), a network "
            "for each of several tasks, or two weights on a curved surface.",
            [(kind, kind) for kind in all_models()],
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


def training_fields() -> list[Field]:
    """How it is trained."""
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
            "training.order",
            "Order",
            "How minibatches go through the training examples: shuffled anew for every epoch, or "
            "in order, the same in each.",
            [("shuffled", "shuffled each epoch"), ("in order", "in order")],
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


def hyperparameter_fields(kind: str) -> list[Field]:
    """Whether a kind is free, where it starts, and how finely it is set if that can be chosen."""
    info = KINDS[kind]
    free = FlagField(
        f"hyperparameters.{kind}.free",
        info.title.capitalize(),
        f"Free: the meta-optimization changes the {info.title}. Otherwise the start is kept.",
    )
    if info.is_set_by_entry:
        key = f"hyperparameters.{kind}.initial"
        start = TextField(key, f"Start of the {info.title}", info.tip, float, info.unit)
        start.narrow_unit(WIDEST_UNIT)
        return [free, start]
    granularity = ChoiceField(
        f"hyperparameters.{kind}.granularity",
        f"str of the {info.title}",
        f"How finely the {info.title} are set: how many values there are to tune.",
        [(value, _GRANULARITIES[value]) for value in info.granularities],
    )
    return [free, ScheduleField(kind, info.tip, info.unit), granularity]


def domain_fields() -> list[Field]:
    """In which coordinate each kind moves, where that can be chosen."""
    return [
        ChoiceField(
            f"hyperparameters.{kind}.domain",
            f"{info.title.capitalize()} by",
            f"The coordinate in which the {info.title} move, once they are free: equal steps in "
            "the logarithm are equal factors.",
            [(domain, _DOMAINS[domain]) for domain in info.domains],
        )
        for kind, info in KINDS.items()
        if len(info.domains) > 1
    ]


def meta_fields() -> list[Field]:
    """How the hyperparameters are tuned."""
    return [
        ChoiceField(
            "meta.optimizer",
            "Meta-optimizer",
            "How the free hyperparameters follow their hypergradient. A sweep takes the same step "
            "each time, whatever it says; with none, they stay where they are.",
            [(name, strategy.title) for name, strategy in STRATEGIES.items()],
        ),
        TextField(
            "meta.step",
            "Step size",
            "Step of the meta-optimizer, in the units in which the hyperparameters move: of the "
            "logarithm, or the logit; more than 0. A sweep takes it each time.",
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
            "meta.penalty",
            "Weight of Σ λ²",
            "The sum of squared L2 penalties is added to the objective this many times; at "
            "least 0.",
            float,
            "times",
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


def constant_fields() -> list[Field]:
    """The constants of every meta-optimizer."""
    return [
        TextField(
            "meta.momentum",
            "Momentum",
            "How much of its last change SGD keeps; at least 0, less than 1.",
            float,
            "share",
        ),
        TextField(
            "meta.memory",
            "Memory",
            "How much of its running mean square RMSprop keeps; at least 0, less than 1.",
            float,
            "share",
        ),
        TextField(
            "meta.beta1",
            "Memory β₁",
            "How much of the hypergradient's running mean Adam keeps; at least 0, less than 1.",
            float,
            "share",
        ),
        TextField(
            "meta.beta2",
            "Memory β₂",
            "How much of the running mean square Adam keeps; at least 0, less than 1.",
            float,
            "share",
        ),
        TextField(
            "meta.epsilon",
            "Offset ε",
            "Added to the root mean square that Adam divides by; more than 0.",
            float,
            "gradient",
        ),
        TextField(
            "meta.beta1_decay",
            "Decay of β₁",
            "Adam multiplies β₁ by this at every step; more than 0, at most 1 (1: plain Adam).",
            float,
            "a step",
        ),
    ]
