"""What an experiment may choose of a model, by name: loaded without the libraries that train it."""

from typing import Literal

Activation = Literal["tanh", "ReLU", "softplus"]
LossName = Literal["cross-entropy", "squared"]
