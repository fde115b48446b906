"""Autograd, loaded while another thread may be loading what adds names to numpy.

Autograd goes through numpy's names as it is imported, and numpy loads some of its parts only when
they are asked for: if another thread asks meanwhile, Python breaks the import off.
"""

import importlib
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from engine.locks import free_after_fork

_LOCK = threading.RLock()
free_after_fork(_LOCK)

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


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """One thread differentiates at a time: autograd's trace stack is one for the whole process."""
    with _LOCK, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Output seems independent of input")
        yield
