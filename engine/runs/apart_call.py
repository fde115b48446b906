"""What is done in a process of its own, as it is told there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.experiments.experiment import Experiment


@dataclass(frozen=True)
class Call:
    """What is to be done in a process of its own.

    Attributes:
        function: "module:name" of a generator function, or a function.
        arguments, options: it is called with; they travel by pickle.
        checks: the experiment whose hypergradient is held to finite differences first, if any.
        changes: the experiment that may change while it goes on, if any.
    """

    function: str
    arguments: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    checks: Experiment | None = None
    changes: Experiment | None = None
