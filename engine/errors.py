"""The ways in which the engine refuses: bad input, and training or derivatives that diverge."""

from collections.abc import Sequence
from typing import Any, ClassVar

from engine.sentences import LONGEST, one_line

_MOST_MESSAGES = 8  # that a person reads before looking at the file
_ROOM_FOR_SENTENCE = 180  # characters of a message that the names before it leave, if it needs them


class InputError(ValueError):
    """Something a person gave cannot be used.

    Its message is one line of at most `engine.sentences.LONGEST` characters that is shown as it
    stands, in the window and on the command line, whatever was typed or stands in a file.

    Args:
        field: what is wrong: the dotted name of an experiment's field ("training.iterations",
            several of them joined by " + "), an argument, a file or a folder.
        sentence: what was expected, and what was found: "expected at least 1, found 0."
        file: the file that the field stands in; empty if there is none.
        others: what else cannot be used there.

    Attributes:
        field, sentence, file: the same, each as one line.
        others: the same.
    """

    def __init__(
        self, field: str, sentence: str, file: str = "", others: Sequence["InputError"] = ()
    ) -> None:
        self.field = one_line(field)
        self.sentence = one_line(sentence)
        self.file = one_line(file)
        self.others = tuple(others)
        super().__init__(_joined([part for part in (self.file, self.field) if part], self.sentence))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are wrong together, one by one."""
        return tuple(self.field.split(" + "))

    @property
    def messages(self) -> list[str]:
        """What is wrong, this and the others; of many, how many more there are."""
        told = [str(self), *map(str, self.others[: _MOST_MESSAGES - 1])]
        if more := len(self.others) + 1 - len(told):
            told.append(f"There are {more:,} more mistakes." if more > 1 else "There is one more.")
        return told

    def inside(self, file: str) -> "InputError":
        """The same, saying which file the fields stand in."""
        others = [other.inside(file) for other in self.others]
        return type(self)(self.field, self.sentence, file, others)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with the arguments it was made from."""
        return type(self), (self.field, self.sentence, self.file, self.others)


def _joined(names: list[str], sentence: str) -> str:
    """Names and a sentence as one message; what is too long gives way in its middle."""
    if not names:
        return sentence
    room = LONGEST - 2 - min(len(sentence), _ROOM_FOR_SENTENCE)
    place = one_line(": ".join(names), room)
    return f"{place}: {one_line(sentence, LONGEST - 2 - len(place))}"


class DivergedError(ArithmeticError):
    """Training left the range of the fixed-point numbers, or a derivative stopped being finite.

    Args:
        iteration: training iteration, counted from 0, whose step could not be taken; None if it is
            the hypergradient of the whole run that is of no use.
        group: name of the parameter group it happened in; empty without an iteration, and where it
            is not of one group.
        reason: what happened, as the end of a sentence: "the velocity leaves ±2048".

    Attributes:
        iteration, group, reason: the same.
        sentence: what happened, and where, without advice.
        smaller_steps_help: whether they are worth a try.
    """

    smaller_steps_help: ClassVar[bool] = True

    def __init__(self, iteration: int | None, group: str, reason: str) -> None:
        self.iteration = iteration
        self.group = group
        self.reason = reason
        self.sentence, advice = self._words()
        super().__init__(f"{self.sentence} {advice}")

    def _words(self) -> tuple[str, str]:
        """What happened, and what usually helps."""
        if self.iteration is None:
            return (
                f"Training is chaotic: {self.reason}.",
                "A smaller learning rate or fewer iterations usually help.",
            )
        where = f" in {self.group}" if self.group else ""
        return (
            f"Training diverged at iteration {self.iteration}{where}: {self.reason}.",
            "A smaller learning rate or initial scale usually helps.",
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with the arguments it was made from."""
        return type(self), (self.iteration, self.group, self.reason)


class UnsolvedError(DivergedError):
    """A method cannot find a hypergradient where training went well; smaller steps do not help.

    Args:
        reason: what keeps it: "the Hessian is not positive definite".
        advice: what usually helps, as a sentence.

    Attributes:
        advice: the same.
    """

    smaller_steps_help: ClassVar[bool] = False

    def __init__(self, reason: str, advice: str) -> None:
        self.advice = advice
        super().__init__(None, "", reason)

    def _words(self) -> tuple[str, str]:
        return f"{self.reason[0].upper()}{self.reason[1:]}.", self.advice

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with the arguments it was made from."""
        return type(self), (self.reason, self.advice)


class NoDerivativeError(DivergedError):
    """A loss, or a derivative of it, is not finite where training is; smaller steps do not help.

    Args:
        what: is not finite: "the gradient of training_loss by w".
        iteration: training iteration, counted from 0; None after training.

    Attributes:
        what: the same.
    """

    smaller_steps_help: ClassVar[bool] = False

    def __init__(self, what: str, iteration: int | None = None) -> None:
        self.what = what
        super().__init__(iteration, "", f"{what} is not finite")

    def _words(self) -> tuple[str, str]:
        where = "after training" if self.iteration is None else f"at iteration {self.iteration}"
        return (
            f"{self.reason[0].upper()}{self.reason[1:]} {where}, although w is.",
            "A norm or root has no derivative at 0, and a logarithm no value below; "
            "smaller steps do not help.",
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with the arguments it was made from."""
        return type(self), (self.what, self.iteration)
