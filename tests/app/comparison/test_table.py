"""What the columns of the tables of comparisons are."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.comparison.subjects import STRATEGIES
from app.comparison.table import TIPS, ComparisonTable
from app.theme import LIGHT
from engine.experiments.files import list_experiments
from engine.plots import comparison_words, strategy_words
from engine.runs.compare_strategies import compare_strategies
from engine.runs.strategies_compared import (
    SearchDone,
    Step,
    StrategiesFinished,
    StrategiesRecord,
    StrategiesStarted,
)


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


def test_columns_that_say_least_make_room_for_the_others(qtbot: QtBot) -> None:
    strategies = ["adam", "random"]
    started = next(compare_strategies(list_experiments()["moons"], strategies, seeds=2))
    assert isinstance(started, StrategiesStarted)
    record = StrategiesRecord(started)
    for place in range(4):
        record.add(SearchDone(place, (Step(9, 3.0, 0.1 * (place + 1), 0.2, 0.9),)))
    record.add(StrategiesFinished(0))
    table = ComparisonTable()
    qtbot.addWidget(table)
    table.resize(1600, 200)
    table.show()
    table.show_record(record, LIGHT)
    names = [table.horizontalHeaderItem(column).text() for column in range(table.columnCount())]
    assert not any(map(table.isColumnHidden, range(table.columnCount())))
    assert table.item(0, 0).toolTip() == ""
    header = table.horizontalHeader()
    needed = sum(header.sectionSizeHint(column) for column in range(table.columnCount()))
    table.resize(needed, 200)
    hidden = [name for column, name in enumerate(names) if table.isColumnHidden(column)]
    assert hidden
    assert hidden == [*STRATEGIES.spared][: len(hidden)], "the one that says least first"
    assert table.item(0, 0).toolTip().startswith("Range: 0.1 to 0.2")
    assert header.length() <= table.viewport().width(), "nothing is cut off"
