"""What trained parameters are judged by: the measures of a task, and their values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Part = Literal["training", "validation", "test"]


@dataclass(frozen=True)
class Measure:
    """A number that trained parameters are judged by.

    Attributes:
        name: what files call it.
        title: what people call it.
        quantity: what it measures, "loss" or "accuracy": measures of the same quantity share an
            axis.
        part: of the data that it is taken on.
        unit: "nats", say; empty if it has none.
        lower_is_better: which way is better.
    """

    name: str
    title: str
    quantity: str
    part: Part
    unit: str = ""
    lower_is_better: bool = True


class Measures(Mapping[str, float | None]):
    """The values of measures, by their names; None where a part of the data is empty.

    Args:
        values: by name.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, float | None]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> float | None:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        return f"Measures({self._values})"

    def replace(self, **changes: float | None) -> "Measures":
        """The same with other values of some measures."""
        return Measures({**self._values, **changes})

    @property
    def training(self) -> float | None:
        """The training loss."""
        return self.get("training_loss")

    @property
    def validation(self) -> float | None:
        """The validation loss."""
        return self.get("validation_loss")

    @property
    def test(self) -> float | None:
        """The test loss."""
        return self.get("test_loss")

    @property
    def test_accuracy(self) -> float | None:
        """The share of the test part that is classified rightly."""
        return self.get("test_accuracy")


def losses_of(parts: tuple[Part, ...], unit: str) -> tuple[Measure, ...]:
    """A loss on each part of the data."""
    return tuple(Measure(f"{part}_loss", f"{part} loss", "loss", part, unit) for part in parts)


TEST_ACCURACY = Measure("test_accuracy", "test accuracy", "accuracy", "test", lower_is_better=False)
VALIDATION_ACCURACY = Measure(
    "validation_accuracy",
    "validation accuracy",
    "accuracy",
    "validation",
    lower_is_better=False,
)
TEST_ACCURACY_ERROR = Measure(
    "test_accuracy_error", "standard error of the test accuracy", "standard error", "test"
)

DETECTION: Final[tuple[Measure, ...]] = (
    Measure("precision", "precision", "share", "training", lower_is_better=False),
    Measure("recall", "recall", "share", "training", lower_is_better=False),
    Measure("f1", "F1", "share", "training", lower_is_better=False),
)
"""How well the example weights find the labels that were corrupted on purpose."""

ORACLE: Final = "oracle"
ALL_EXAMPLES: Final = "all examples"
VALIDATION_ONLY: Final = "validation only"
"""What learned example weights are compared with: the first knows which labels are corrupted."""

NO_PENALTY: Final = "no penalty"
BEST_SINGLE: Final = "best single penalty"
"""What learned penalties of the inputs are compared with."""

LEARNED: Final = "learned"
"""What the outcome of meta-optimization is called beside its baselines."""
