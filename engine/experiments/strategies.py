"""How hyperparameters can move, by name: what an experiment may choose."""

from typing import Final, Literal

Name = Literal["sgd", "rmsprop", "adam", "sweep", "none"]

TITLES: Final[dict[Name, str]] = {
    "adam": "Adam",
    "rmsprop": "RMSprop",
    "sgd": "SGD with momentum",
    "sweep": "Sweep: constant step",
    "none": "None: average over meta-iterations",
}
