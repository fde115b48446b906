"""What the timeline says in words."""

from engine.experiments.strategies import StrategyKind


def name_of_upper(strategy: StrategyKind) -> tuple[str, str]:
    """What the lane of a run by this strategy is called, and what it is for."""
    return strategy.unit.capitalize(), f"The {strategy.unit} shown in the plots"


def name_of_lower(*, goes_back: bool, trains: bool) -> tuple[str, str]:
    """What the lane within a meta-iteration is called, and what it is for.

    Args:
        goes_back: whether the method goes back through training.
        trains: whether there is any, step by step.
    """
    if not trains:
        return "Solving", "How far the meta-iteration is; nothing is trained step by step"
    then = ", and then of its reversal" if goes_back else ""
    return "Training iteration", f"The moment of training{then}"


def step_in_words(step: int, iterations: int) -> str:
    """Where training is, or going back: "iteration 3 of 50, reversing"."""
    if step <= iterations:
        return f"iteration {step:,} of {iterations:,}, training"
    return f"iteration {2 * iterations - step:,} of {iterations:,}, reversing"


def to_update(stretch: int, update: int) -> str:
    """What the lower lane of one training run spans: the iterations that an update follows."""
    iterations = "1 iteration" if stretch == 1 else f"{stretch:,} iterations"
    return f"{iterations} to update {update:,}, never reversed"
