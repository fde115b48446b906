"""The compiled loops: exact arithmetic, momentum SGD, and the derivatives of dense networks.

They run without the interpreter lock. Nothing here checks its arguments; `engine.exact`,
`engine.dynamics` and `engine.derivatives` do.

`exact` is loaded when it is first asked for: the compiler takes long to load, and whoever only
describes an experiment or shows its numbers imports `engine.exact`, too, for what an array is.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.kernels import exact as exact


def __getattr__(name: str) -> ModuleType:
    if name == "exact":
        return import_module("engine.kernels.exact")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
