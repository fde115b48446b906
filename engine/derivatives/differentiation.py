"""Autograd, loaded while another thread may be loading what adds names to numpy.

Autograd goes through numpy's names as it is imported, and numpy loads some of its parts only when
they are asked for: if another thread asks meanwhile, Python breaks the import off.
"""

import importlib
from typing import Any, Final

_TRIES: Final = 50


def _loaded(name: str) -> Any:
    """A module, whoever else is loading."""
    for _ in range(_TRIES):
        try:
            return importlib.import_module(name)
        except RuntimeError as error:
            if "changed size" not in str(error):
                raise
    return importlib.import_module(name)


anp: Final = _loaded("autograd.numpy")
isbox: Final = _loaded("autograd.tracer").isbox
defvjp: Final = _loaded("autograd.extend").defvjp
primitive: Final = _loaded("autograd.extend").primitive
make_vjp: Final = _loaded("autograd.differential_operators").make_vjp
