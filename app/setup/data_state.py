"""What the data of the set-up are, as they are kept for undo."""

from typing import NamedTuple

from engine.data.dataset import Dataset
from engine.data.datasets import BUILT_IN
from engine.data.drawings import Drawings
from engine.experiments.experiment import Data

Content = Dataset | Drawings


class DataState(NamedTuple):
    """What the data fields hold.

    Attributes:
        given: the data in use.
        content: the contents of their file, once it has been read.
        file: the file that can be chosen, with its contents.
        attempt: the last choice of data that could not be used.
        problem: why it could not.
    """

    given: Data
    content: Content | None = None
    file: tuple[Data, Content] | None = None
    attempt: Data | None = None
    problem: str = ""

    @property
    def kind(self) -> str | None:
        """What `engine.data.datasets` calls their kind; None while that is not known."""
        if self.given.source in BUILT_IN:
            return BUILT_IN[self.given.source].kind
        if isinstance(self.content, Drawings):
            return "several tasks"
        return self.content.kind if self.content else None

    @property
    def size(self) -> int | None:
        """How many examples, or values of a series, they have; None while that is not known."""
        if self.given.source in BUILT_IN:
            return BUILT_IN[self.given.source].values
        return self.content.size if isinstance(self.content, Dataset) else None
