"""The sections of the set-up, from top to bottom, and what makes the fields of each."""

from collections.abc import Callable, Sequence
from typing import Final

from app.setup.field import Field
from app.setup.setup_fields import (
    constant_fields,
    hypergradient_fields,
    meta_fields,
    model_fields,
    movement_fields,
    problem_fields,
    split_fields,
    stopping_fields,
    training_fields,
)
from engine.experiments.fields import Descriptions

SECTIONS: Final = {
    "data": "Data",
    "model": "Model",
    "training": "Training",
    "hyperparameters": "Hyperparameters",
    "hypergradient": "Hypergradient",
    "meta": "Meta-optimization",
    "stopping": "Stopping",
}
FIELDS: Final[dict[str, list[Callable[[Descriptions], Sequence[Field]]]]] = {
    "data": [split_fields, problem_fields],
    "model": [model_fields],
    "training": [training_fields],
    "hyperparameters": [movement_fields],
    "hypergradient": [hypergradient_fields],
    "meta": [meta_fields, constant_fields],
    "stopping": [stopping_fields],
}
