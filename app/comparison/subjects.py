"""All that can be compared.

Another subject has a file here that says what it is (see `Subject`), one with its panel for the
left, and an entry each in `SUBJECTS` and in the panels of `control.py`; its files are described in
`engine.output`.
"""

from collections.abc import Sequence
from typing import Any, Final

from app.comparison.of_decisions import OfDecisions
from app.comparison.of_methods import OfMethods
from app.comparison.of_strategies import OfStrategies
from app.comparison.subject import Comparison, Subject
from engine.experiments.rival import is_of_strategies

METHODS: Final = OfMethods()
STRATEGIES: Final = OfStrategies()
DECISIONS: Final = OfDecisions()
SUBJECTS: Final[tuple[Subject[Any], ...]] = (METHODS, STRATEGIES, DECISIONS)


def subject_of(record: Comparison) -> Subject[Any]:
    """What is compared in a comparison."""
    return next(subject for subject in SUBJECTS if isinstance(record, subject.record))


def subject_begun_by(event: object) -> Subject[Any] | None:
    """What is compared in the comparison that an event begins; None if it begins none."""
    return next((subject for subject in SUBJECTS if isinstance(event, subject.started)), None)


def subject_named(compares: Sequence[str]) -> Subject[Any]:
    """What an experiment compares, by what it names."""
    return STRATEGIES if is_of_strategies(compares) else METHODS
