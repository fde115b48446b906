"""What the timeline says in words."""


def step_in_words(step: int, iterations: int) -> str:
    """Where training is, or going back: "iteration 3 of 50, reversing"."""
    if step <= iterations:
        return f"iteration {step:,} of {iterations:,}, training"
    return f"iteration {2 * iterations - step:,} of {iterations:,}, reversing"


def to_update(stretch: int, update: int) -> str:
    """What the lower lane of one training run spans: the iterations that an update follows."""
    iterations = "1 iteration" if stretch == 1 else f"{stretch:,} iterations"
    return f"{iterations} to update {update:,}, never reversed"
