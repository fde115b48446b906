"""What lasts as long as the tests, kept out of the garbage collector's way."""

import gc
from typing import Final

_MANY: Final = 30_000  # objects: what a large library leaves behind when it is loaded
_freeze = gc.freeze


def spare() -> None:
    """Spare the collector all that is there now, once the garbage is out."""
    gc.collect()
    _freeze()


def spare_if_many(count: int) -> None:
    """The same where the collector would have so many objects to look through, again and again."""
    if count > _MANY:
        spare()


def keep_it_so() -> None:
    """Runs spare it what there is, too, for as long as they last; the end of one would undo it."""
    gc.freeze = gc.unfreeze = _leave_it


def _leave_it() -> None:
    """Neither spare more, nor less."""
