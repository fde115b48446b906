"""Screens for windows that are not shown: what fills one of them is as large as it is."""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from app.application import make_application


def application_on(sizes: Sequence[QSize]) -> QApplication:
    """The application, with an offscreen screen of each size, side by side."""
    left, screens = 0, []
    for size in sizes:
        place = {"x": left, "y": 0, "width": size.width(), "height": size.height()}
        dots = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        screens.append({"name": f"{size.width()} × {size.height()}", **place, **dots})
        left += size.width()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "screens.json"
        file.write_text(json.dumps({"screens": screens}), encoding="utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"
        return make_application()
