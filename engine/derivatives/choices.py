"""What an experiment may choose of a model, by name: loaded without the libraries that train it.

The kernels count them in this order; see `engine.kernels.layers`.
"""

from typing import Literal

Activation = Literal["tanh", "ReLU", "softplus"]
LossName = Literal["cross-entropy", "squared"]
