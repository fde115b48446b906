"""A painter that outlives its paint event leaves Qt painting on what is gone, and may crash it.

Whatever holds on to a frame of Python's, such as an exception that refers to itself, holds on to
all frames that called it, and to the painters in them.
"""

import ast
import sys
from pathlib import Path
from types import FrameType

from plots_to_show import levels, shown
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import app
from app.application import make_application
from app.plots.map_view import MapView
from app.theme import LIGHT

SOURCES = sorted(Path(app.__file__).parent.rglob("*.py"))


def test_every_painter_ends_with_its_block() -> None:
    made, ended = set(), set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("QPainter"):
                made.add((source.name, node.lineno))
            if isinstance(node, ast.withitem):
                ended.add((source.name, node.context_expr.lineno))
    assert made
    assert not made - ended


def test_painting_is_over_even_while_something_holds_on_to_its_frames(qtbot: QtBot) -> None:
    make_application()
    view = MapView(LIGHT)
    shown(qtbot, view)
    view.show_plot(levels())
    frames: list[FrameType] = []
    sys.setprofile(lambda frame, *_: frames.append(frame))
    try:
        QApplication.processEvents()  # a painter still active makes Qt warn, which fails a test
    finally:
        sys.setprofile(None)
    assert "paintEvent" in {frame.f_code.co_name for frame in frames}
