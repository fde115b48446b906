"""Another subject of comparisons than there is: what shows and writes any shows and writes it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from driving import go_round
from experiments_for_tests import tiny
from pytestqt.qtbot import QtBot

from app.comparison import subjects
from app.comparison.page import ComparePage
from app.comparison.progress import ComparisonProgress
from app.comparison.subject import Lane, Row, Subject, Words
from app.comparison.unattended import take_down
from app.terminal import FailedRunError
from app.theme import LIGHT
from engine.experiments.experiment import Experiment
from engine.output.compared import ComparisonFiles, csv_text, json_text
from engine.plots import AnyPlot


@dataclass
class Begun:
    experiment: Experiment
    dice: tuple[str, ...]


@dataclass
class Thrown:
    index: int
    eyes: int


@dataclass
class Elsewhere:
    done: int


class Throws:
    """How many eyes dice show."""

    def __init__(self, begun: Begun) -> None:
        self.experiment, self.dice = begun.experiment, begun.dice
        self.eyes: dict[int, int] = {}
        self.current: int | None = None
        self.is_over = False

    def add(self, event: object) -> None:
        if isinstance(event, Thrown):
            self.eyes[event.index] = event.eyes
            self.is_over = len(self.eyes) == len(self.dice)


class OfDice(Subject[Throws]):
    words = Words("dice", "throws", "thrown", "No die showed any")
    record = Throws
    started, elsewhere, advances = Begun, Elsewhere, (Thrown,)

    def plots(self, record: Throws) -> list[AnyPlot]:
        return []

    def headers(self, record: Throws | None = None) -> list[str]:
        return ["Method", "Error", "Note"]

    def rows(self, record: Throws) -> list[Row]:
        return [
            Row((place, "solid"), [die, str(record.eyes.get(place, "")), "a cube"], ("it rolls",))
            for place, die in enumerate(record.dice)
        ]

    def files(self) -> ComparisonFiles[Throws]:
        return ComparisonFiles(
            lambda record: json_text({"eyes": [*record.eyes.values()]}),
            lambda record: csv_text(["eyes"], [{"eyes": one} for one in record.eyes.values()]),
            self.plots,
        )

    def how_far(self, record: Throws) -> tuple[int, int]:
        return len(record.eyes), len(record.dice)

    def has_any(self, record: Throws) -> bool:
        return bool(record.eyes)

    def part(self, record: Throws, index: int) -> str:
        return record.dice[index]

    def count(self, record: Throws) -> int:
        return len(record.dice)

    def failures(self, record: Throws) -> int:
        return [*record.eyes.values()].count(0)

    def is_fruitless(self, record: Throws) -> bool:
        return not any(record.eyes.values())

    def where(self, done: int, total: int) -> str:
        return f"{done} of {total} thrown"

    def lane(self, record: Throws, event: Any) -> Lane:
        return Lane(says="Rolling.", parts=("in the air",), most=6, done=event.eyes, held="a die")


def thrown(*eyes: int) -> Iterator[object]:
    yield Begun(tiny(), ("red", "white"))
    for index, number in enumerate(eyes):
        yield Thrown(index, number)


def test_without_a_window_it_leaves_a_table_its_notes_and_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handed: list[object] = []

    def begin(executor: object) -> Iterator[object]:
        handed.append(executor)
        return thrown(3, 6)

    out = tmp_path / "out"
    assert take_down(OfDice(), out, begin, None, "") == 3
    assert handed == [None]
    assert json.loads((out / "comparison.json").read_text()) == {"eyes": [3, 6]}
    assert (out / "comparison.csv").read_text() == "eyes\n3\n6\n"
    assert (out / "experiment.toml").exists()
    printed = capsys.readouterr().out
    assert [line for line in printed.splitlines() if line.startswith("white:")] == [
        "white: a cube",
        "white: it rolls",
    ]


def test_without_a_window_it_fails_if_nothing_came_of_any(tmp_path: Path) -> None:
    with pytest.raises(FailedRunError, match=r"^No die showed any; the table says why\."):
        take_down(OfDice(), tmp_path / "out", lambda executor: thrown(0, 0), None, "")


def test_the_page_and_the_lanes_show_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "SUBJECTS", (*subjects.SUBJECTS, OfDice()))
    page, lanes = ComparePage(LIGHT), ComparisonProgress(LIGHT)
    for part in (page, lanes):
        qtbot.addWidget(part)
        part.show()
    begun, *events = thrown(3, 6)
    of = subjects.subject_begun_by(begun)
    assert of is not None
    record = of.record(begun)
    for event in events:
        record.add(event)
        lanes.follow(record, event)
    page.show_record(record)
    qtbot.waitUntil(lambda: page.table.rowCount() == 2)
    heads = [page.table.horizontalHeaderItem(column).text() for column in range(3)]
    assert heads == ["Method", "Error", "Note"]
    assert page.table.item(1, 1).text() == "6"
    assert page.table.item(1, 2).toolTip() == "a cube\nit rolls"
    assert (lanes.status.text(), lanes.where.text()) == ("Rolling.", "2 of 2 thrown")
    assert (lanes.phases.progress, lanes.held.text()) == (6, "a die")
    go_round(qtbot)
