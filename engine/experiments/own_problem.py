"""What an experiment says of a problem of one's own: a Python file, and what that declares.

The declaration stands in the experiment, so that nothing of the file has to be run to know which
groups and hyperparameters there are.
"""

from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from engine.experiments.tables import Table
from engine.hyperparameters.domains import Domain
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.own_theta import OWN_THETA
from engine.sentences import one_line

LONGEST_NAME: Final = 40
MOST_GROUPS: Final = 100
_Called = Annotated[
    str, Field(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]+$")
]
_Count = Annotated[int, Field(strict=True, ge=0, le=2**40)]


class OwnGroup(Table):
    """A parameter group of a problem of one's own.

    Attributes:
        name: what the file calls it.
        start, stop: its slice of the (P,) elementary parameters.
    """

    name: _Called
    start: _Count
    stop: _Count


class OwnTheta(Table):
    """One of the hyperparameters that a problem of one's own has.

    Attributes:
        name: what the file calls it.
        shape: of its values; () of a single number.
        least, greatest: of the values that it starts from.
        low, high: the closed range that its values stay in; None: there is no end.
        domain: the coordinate that it moves in, unless the experiment says otherwise.
    """

    name: _Called
    shape: Annotated[tuple[_Count, ...], Field(max_length=8)] = ()
    least: float = 0.0
    greatest: float = 0.0
    low: float | None = None
    high: float | None = None
    domain: Domain = "identity"

    @property
    def range(self) -> tuple[float, float]:
        """The ends of its range, infinite where there are none."""
        return (
            -float("inf") if self.low is None else self.low,
            float("inf") if self.high is None else self.high,
        )

    @property
    def words(self) -> str:
        """As in "3 values, from 0.01; 1e-06 to 10"."""
        count = 1
        for length in self.shape:
            count *= length
        many = f"{count:,} values" if count != 1 else "1 value"
        shape = f" ({' × '.join(map(str, self.shape))})" if len(self.shape) > 1 else ""
        start = f"{self.least:g}"
        if self.least != self.greatest:
            start += f" … {self.greatest:g}"
        ends = self.low is not None or self.high is not None
        low = "−∞" if self.low is None else f"{self.low:g}"
        high = "∞" if self.high is None else f"{self.high:g}"
        return f"{many}{shape}, from {start}" + (f"; {low} to {high}" if ends else "")


class OwnProblem(Table):
    """A Python file with losses of one's own, and what it declares.

    Attributes:
        file: its path; None: there is none.
        sha256: of its content: what somebody trusted, and no other.
        time_limit: seconds that its first evaluation may take, with its import.
        checked: whether hypergradients are checked against finite differences before a run.
        groups: the G parameter groups that it declares.
        theta: the hyperparameters that it declares, in the order of their kinds.
        tests: whether it has a test loss.
    """

    file: str | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    time_limit: Annotated[float, Field(strict=True, gt=0, le=3600)] = 10.0
    checked: bool = True
    groups: Annotated[tuple[OwnGroup, ...], Field(max_length=MOST_GROUPS)] = ()
    theta: Annotated[tuple[OwnTheta, ...], Field(max_length=len(OWN_THETA))] = ()
    tests: bool = False

    @property
    def kinds(self) -> dict[str, OwnTheta]:
        """What it declares, by the name of its kind."""
        return dict(zip((kind.name for kind in OWN_THETA), self.theta, strict=False))

    @property
    def words(self) -> str:
        """As in "ridge.py: 15 parameters in 3 groups."."""
        name = one_line(Path(str(self.file)).name, 60)
        size = max((group.stop for group in self.groups), default=0)
        count = len(self.groups)
        many = f"{size:,} parameter{'s' * (size != 1)}"
        return f"{name}: {many} in {count} group{'s' * (count != 1)}."

    @property
    def possible_kinds(self) -> tuple[str, ...]:
        """The kinds that it may have: all, as long as nobody has looked into the file."""
        is_known = self.groups or self.file is None
        return tuple(self.kinds) if is_known else tuple(kind.name for kind in OWN_THETA)

    def declares_as(self, other: "OwnProblem") -> bool:
        """Whether both declare the same groups and hyperparameters."""
        return (self.groups, self.theta, self.tests) == (other.groups, other.theta, other.tests)


def called(problem: OwnProblem, kind: str) -> str:
    """What people call a kind of hyperparameter: that of a file by the name it has there."""
    own = problem.kinds.get(kind)
    return KINDS[kind].plural if own is None else own.name


def named(problem: OwnProblem, words: str) -> str:
    """What a kind is called, by its plural, with a file's own name: "θ₁ penalties"."""
    for kind, own in problem.kinds.items():
        if KINDS[kind].plural == words:
            return f"{words} {own.name}"
    return words
