import gc
import weakref

from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QApplication

from app.undoing import UndoStack


class _Key(QUndoCommand):
    """A key that was typed: it belongs to the one before."""

    def __init__(self, holds: object) -> None:
        super().__init__()
        self.holds = holds

    def id(self) -> int:
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802
        return isinstance(other, _Key)


class _Panel:
    """What a change refers to."""


def test_a_change_that_was_merged_keeps_nothing_alive(qapp: QApplication) -> None:
    stack = UndoStack()
    panels = [_Panel(), _Panel()]
    for panel in panels:
        stack.push(_Key(panel))
    assert stack.count() == 1
    left = [weakref.ref(panel) for panel in panels]
    del panel, panels
    gc.collect()
    assert [one() is not None for one in left] == [True, False]
    stack.clear()
    gc.collect()
    assert left[0]() is None
