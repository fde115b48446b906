"""The command ``retrograde``: makes sure that the packages it finds are its own, and hands over."""

import sys

_PACKAGES = ("app", "engine", "resources")
_STATUS = 2
_INTERRUPTED = 130


def main() -> int:
    """Run the command; returns its exit status."""
    try:
        if sentence := _what_is_in_the_way():
            print(f"retrograde: {sentence}", file=sys.stderr)
            return _STATUS
        from app.stopping import STOPPING
        from app.terminal import speak_any_text

        STOPPING.listen()
        speak_any_text()
    except KeyboardInterrupt:
        print("retrograde: Interrupted.", file=sys.stderr)
        return _INTERRUPTED
    from app.command_line import main as run

    status = run()
    STOPPING.finish()
    return status


def _what_is_in_the_way() -> str:
    """What keeps the command from working here, in a sentence; empty if nothing does."""
    import os  # here, so that Ctrl+C finds somebody listening
    from importlib.util import find_spec
    from pathlib import Path

    try:
        os.getcwd()
    except OSError:
        return "expected a working folder that is there; change into one."
    home = Path(__file__).resolve().parent
    for name in _PACKAGES:
        package = find_spec(name)
        places = [] if package is None else [*(package.submodule_search_locations or ())]
        if package is not None and package.origin and not places:  # a module, not a package
            places = [package.origin]
        found = Path(places[0]).resolve() if places else None
        if found != home / name:
            return (
                f"expected Retrograde's own package {name} in {home}, "
                f"found {found or 'none'}. Take what is in its way out of PYTHONPATH, or install "
                f"Retrograde in an environment of its own."
            )
    return ""


if __name__ == "__main__":
    sys.exit(main())
