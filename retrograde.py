"""The command ``retrograde``: makes sure that the packages it finds are its own, and hands over."""

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_PACKAGES: Final = ("app", "engine", "resources")
_HOME: Final = Path(__file__).resolve().parent
_STATUS: Final = 2


def main() -> int:
    """Run the command; returns its exit status."""
    if sentence := _what_is_in_the_way():
        print(f"retrograde: {sentence}", file=sys.stderr)
        return _STATUS
    from app.command_line import main as run

    return run()


def _what_is_in_the_way() -> str:
    """Which package is not Retrograde's own, in a sentence; empty if all are."""
    for name in _PACKAGES:
        found = _folder_of(find_spec(name))
        if found != _HOME / name:
            return (
                f"expected Retrograde's own package {name} in {_HOME}, "
                f"found {found or 'none'}. Take what is in its way out of PYTHONPATH, or install "
                f"Retrograde in an environment of its own."
            )
    return ""


def _folder_of(package: ModuleSpec | None) -> Path | None:
    """Where a package, or a module of its name, is."""
    if package is None:
        return None
    for place in package.submodule_search_locations or ():
        return Path(place).resolve()
    return Path(package.origin).resolve() if package.origin else None


if __name__ == "__main__":
    sys.exit(main())
