"""What the columns of the tables of comparisons are."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.comparison.table import TIPS, ComparisonTable
from engine.plots import comparison_words, strategy_words


def test_every_column_says_what_it_is(qtbot: QtBot) -> None:
    table = ComparisonTable()
    qtbot.addWidget(table)
    for column in range(table.columnCount()):
        heading = table.horizontalHeaderItem(column)
        assert heading.toolTip() == f"{heading.text()}: {TIPS[heading.text()]}."
        assert heading.data(Qt.ItemDataRole.AccessibleDescriptionRole)


@pytest.mark.parametrize("words", [comparison_words, strategy_words])
def test_no_column_of_a_comparison_lacks_words(words: object) -> None:
    names = words.headers()  # type: ignore[attr-defined]
    assert names
    assert set(names) <= set(TIPS)
