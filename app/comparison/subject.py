"""What there is to know of a subject of comparisons, such as methods or strategies."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

from engine.experiments.experiment import Experiment
from engine.plots import AnyPlot
from engine.plots.base import Colour, Dash

if TYPE_CHECKING:
    from engine.output.compared import ComparisonFiles


class Comparison(Protocol):
    """A record of a comparison.

    Attributes:
        current: the place of what is done now; None between two.
        is_over: whether all is done.
    """

    current: int | None
    is_over: bool

    @property
    def experiment(self) -> Experiment | None:
        """What is compared on; None: none."""

    def add(self, event: Any, /) -> None:
        """Take in what happened."""


RecordT = TypeVar("RecordT", bound=Comparison)


class Row(NamedTuple):
    """A row of the table.

    Attributes:
        stroke: the colour and dash that it has in plots.
        cells: its texts, the name first and the note last.
        remarks: what else there is to know.
    """

    stroke: tuple[Colour, Dash]
    cells: list[str]
    remarks: tuple[str, ...] = ()


class Lane(NamedTuple):
    """How far that is which is done now; None of what stays as it is.

    Attributes:
        says: what is done, in a sentence.
        parts: of the lane, from left to right.
        most, done: how much there is to do, and how much of it is done.
        held: what stands beside it.
    """

    says: str | None = None
    parts: tuple[str, ...] | None = None
    most: int | None = None
    done: int | None = None
    held: str | None = None


class Words(NamedTuple):
    """What is said of a comparison, whose parts are measurements, or searches.

    Attributes:
        all: what is compared, as in "methods"; also in names of folders.
        parts: as in "measurements".
        begun: what happens in the first, as in "measured".
        fruitless: nothing came of any, as in "No method gave a hypergradient".
    """

    all: str
    parts: str
    begun: str
    fruitless: str


class Subject(ABC, Generic[RecordT]):
    """What differs between comparisons of one thing and of another; all else is the same code.

    Attributes:
        words: what is said of them.
        record: collects the events of one.
        started: the event that begins one.
        elsewhere: the event that says how many parts are ``done`` in other processes.
        advances: the events after which a part, by ``index``, has something new to show.
        within: the events that only move the lane of the part that is done now.
        most_rows: of the table that are seen at once.
        spared: columns of the table that are left out one by one where there is no room for all.
        headline_tip: what its words mean.
        prints_notes: whether the command tells every row's note, besides the table.
    """

    words: ClassVar[Words]
    record: type[RecordT]
    started: ClassVar[type[Any]]
    elsewhere: ClassVar[type[Any]]
    advances: ClassVar[tuple[type[Any], ...]]
    within: ClassVar[tuple[type[Any], ...]] = ()
    most_rows: ClassVar[int] = 100
    spared: ClassVar[tuple[str, ...]] = ()
    headline_tip: ClassVar[str] = ""
    prints_notes: ClassVar[bool] = True

    def name(self, record: RecordT) -> str:
        """What it is compared on, for folders."""
        return record.experiment.name if record.experiment else ""

    def title(self, record: RecordT) -> str:
        """What it is compared on, for people."""
        experiment = record.experiment
        return (experiment.title or experiment.name) if experiment else ""

    def highlights(self, record: RecordT) -> tuple[str, ...]:
        """Keys of the plots that are in front at first."""
        return record.experiment.highlights if record.experiment else ()

    def headline(self, record: RecordT) -> str:
        """What came of it, in a sentence that stands on top; "" where the table says it."""
        return ""

    def says_when_outdated(self, record: RecordT) -> str:
        """That something else is asked by now."""
        return f"Of “{self.title(record)}”, as it was: the set-up has changed since."

    def says_at_the_end(self, record: RecordT) -> str:
        """That all is done."""
        return f"Compared {self.count(record)} {self.words.all}."

    @abstractmethod
    def plots(self, record: RecordT) -> list[AnyPlot]:
        """All plots of a comparison as far as it is."""

    @abstractmethod
    def headers(self, record: RecordT | None = None) -> list[str]:
        """What stands above the columns of the table."""

    @abstractmethod
    def rows(self, record: RecordT) -> list[Row]:
        """The rows of the table."""

    @abstractmethod
    def files(self) -> "ComparisonFiles[RecordT]":
        """What a comparison leaves behind; figures are loaded only for that."""

    @abstractmethod
    def how_far(self, record: RecordT) -> tuple[int, int]:
        """How many parts are done, of how many."""

    @abstractmethod
    def has_any(self, record: RecordT) -> bool:
        """Whether there is anything to export."""

    @abstractmethod
    def part(self, record: RecordT, index: int) -> str:
        """What a part is called beside a bar."""

    @abstractmethod
    def count(self, record: RecordT) -> int:
        """How many are compared."""

    @abstractmethod
    def failures(self, record: RecordT) -> int:
        """How many of those compared, or of their parts, failed."""

    @abstractmethod
    def is_fruitless(self, record: RecordT) -> bool:
        """Whether nothing came of any."""

    @abstractmethod
    def where(self, done: int, total: int) -> str:
        """How many parts are done, beside their lane."""

    @abstractmethod
    def lane(self, record: RecordT, event: Any) -> Lane:
        """How far the part is that is done now, after an event."""
