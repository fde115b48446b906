"""Packages whose names are loaded when they are first asked for."""

from collections.abc import Callable, Mapping
from importlib import import_module


def loaded_when_asked(
    package: str, homes: Mapping[str, tuple[str, ...]]
) -> Callable[[str], object]:
    """What a package calls ``__getattr__``.

    Args:
        package: its name.
        homes: which names each module brings, by the module's own name.
    """

    def named(name: str) -> object:
        for module, names in homes.items():
            if name in names:
                return getattr(import_module(module), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return named
