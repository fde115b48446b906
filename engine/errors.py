"""The two ways in which the engine refuses: bad input, and training that diverges."""

from typing import Any


class InputError(ValueError):
    """Something a person gave cannot be used.

    Its message is one line that is shown as it stands, in the window and on the command line.

    Args:
        field: what is wrong: the dotted name of an experiment's field ("training.iterations",
            several of them joined by " + "), an argument, a file or a folder.
        sentence: what was expected, and what was found: "expected at least 1, found 0."
        file: the file that the field stands in; empty if there is none.

    Attributes:
        field, sentence, file: the same.
    """

    def __init__(self, field: str, sentence: str, file: str = "") -> None:
        self.field = field
        self.sentence = sentence
        self.file = file
        super().__init__(": ".join(part for part in (file, field, sentence) if part))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are wrong together, one by one."""
        return tuple(self.field.split(" + "))

    def inside(self, file: str) -> "InputError":
        """The same, saying which file the field stands in."""
        return type(self)(self.field, self.sentence, file)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with the arguments it was made from."""
        return type(self), (self.field, self.sentence, self.file)


class DivergedError(ArithmeticError):
    """Training left the range of the fixed-point numbers, or a derivative stopped being finite.

    Args:
        iteration: training iteration, counted from 0, whose step could not be taken; None if it is
            the hypergradient of the whole run that is of no use.
        group: name of the parameter group it happened in; empty without an iteration.
        reason: what happened, as the end of a sentence: "the velocity leaves ±2048".

    Attributes:
        iteration, group, reason: the same.
    """

    def __init__(self, iteration: int | None, group: str, reason: str) -> None:
        self.iteration = iteration
        self.group = group
        self.reason = reason
        if iteration is None:
            super().__init__(
                f"Training is chaotic: {reason}. "
                "A smaller learning rate or fewer iterations usually help."
            )
        else:
            super().__init__(
                f"Training diverged at iteration {iteration} in {group}: {reason}. "
                "A smaller learning rate or initial scale usually helps."
            )

    def __reduce__(self) -> tuple[type["DivergedError"], tuple[int | None, str, str]]:
        """Travel between processes with the arguments it was made from."""
        return type(self), (self.iteration, self.group, self.reason)
