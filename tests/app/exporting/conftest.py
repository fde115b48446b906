"""The dialog that exports, with four plots."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from export_driving import opened
from pytestqt.qtbot import QtBot

from app.exporting.export_dialog import ExportDialog


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> Iterator[ExportDialog]:
    made = opened(qtbot, ["lines"])
    made.folder.setText(str(tmp_path / "figures"))
    yield made
    made.reject()
