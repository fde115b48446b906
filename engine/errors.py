"""The two ways in which the engine refuses: bad input, and training that diverges."""


class InputError(ValueError):
    """Something a person gave cannot be used.

    The message is one sentence that names the file or field and says what was expected; it is
    shown as it stands in the window and on the command line.
    """


class DivergedError(ArithmeticError):
    """Training left the range of the fixed-point numbers, or its gradient stopped being finite.

    Attributes:
        iteration: training iteration, counted from 0, whose step could not be taken.
        group: name of the parameter group it happened in.

    """

    def __init__(self, iteration: int, group: str, reason: str) -> None:
        self.iteration = iteration
        self.group = group
        self.reason = reason
        super().__init__(
            f"Training diverged at iteration {iteration} in {group}: {reason}. "
            "A smaller learning rate or initial scale usually helps."
        )

    def __reduce__(self) -> tuple[type["DivergedError"], tuple[int, str, str]]:
        """Travel between processes with the arguments it was made from."""
        return type(self), (self.iteration, self.group, self.reason)
