"""What trained parameters were judged by, in short."""

from engine.experiments.measures import Measures


def judged(
    training: float, validation: float | None, test: float | None, accuracy: float | None
) -> Measures:
    """Three losses and an accuracy."""
    return Measures(
        {
            "training_loss": training,
            "validation_loss": validation,
            "test_loss": test,
            "test_accuracy": accuracy,
        }
    )
