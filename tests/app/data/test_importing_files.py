"""Files as people have them, each loaded by clicks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from importing import (
    import_button,
    import_it,
    open_by_clicks,
    set_choice,
    set_role,
    wait_for_words,
    words,
)
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app.data.import_dialog import ImportDialog
from engine.data.dataset import Dataset
from engine.tasks.fitting import open_dataset

Hands = Callable[[QtBot, ImportDialog], str]


@dataclass(frozen=True)
class Sample:
    """A file, and what it becomes.

    Attributes:
        content: of it.
        shape: examples and features.
        classes: names of them; empty if numbers are predicted.
        features: names of those, if they matter.
        clicks: what is chosen before it is imported.
        refusal: part of what is said before that; empty if it is fine as it stands.
        note: part of what is said of the result.
        name: of the file.
    """

    content: str | bytes
    shape: tuple[int, int]
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    clicks: Hands | None = None
    refusal: str = ""
    note: str = ""
    name: str = "table.csv"
    values: dict[tuple[int, int], float] = field(default_factory=dict)


def rows(template: str, count: int = 30) -> str:
    """So many lines; {i}, {kind}, {colour} and {x} differ from line to line."""
    return "".join(
        template.format(
            i=i, kind="uvw"[i % 3], colour=("red", "green")[i % 2], x=i * 0.5, day=i % 28 + 1
        )
        + "\n"
        for i in range(count)
    )


UVW = ("u", "v", "w")
SAMPLES = {
    "label first": Sample("kind,a,b\n" + rows("{kind},{x},{i}.5"), (30, 2), UVW, ("a", "b")),
    "text columns": Sample(
        "colour,a,kind\n" + rows("{colour},{x},{kind}"),
        (30, 3),
        UVW,
        ("colour = green", "colour = red", "a"),
        note="its 2 texts are columns of 0 and 1",
        values={(0, 0): 0, (0, 1): 1, (1, 0): 1},
    ),
    "missing cells": Sample(
        "a,b,kind\n" + rows("{x},1.5,{kind}") + ",2.5,u\n",
        (30, 2),
        UVW,
        note="1 of 31 rows is left out, because a cell is missing",
    ),
    "missing cells that are filled": Sample(
        "a,b,kind\n" + rows("{x},1.5,{kind}") + ",2.5,u\n",
        (31, 2),
        UVW,
        clicks=lambda qtbot, dialog: set_choice(qtbot, dialog, "missing", "median"),
        note="1 missing cell is filled with the median of the training part",
        values={(30, 0): float("nan")},
    ),
    "mixed marks for missing cells": Sample(
        "a,b,kind\n" + rows("{x},1.5,{kind}") + "NA,2.5,u\n1.5,?,v\n,2,w\n1.5,null,u\n",
        (30, 2),
        UVW,
        note="4 of 34 rows",
    ),
    "dates": Sample("when,a,kind\n" + rows("2024-01-{day:02},{x},{kind}"), (30, 1), UVW, ("a",)),
    "dates as numbers": Sample(
        "when,a,kind\n" + rows("{day}.1.2024,{x},{kind}"),
        (30, 2),
        UVW,
        clicks=lambda qtbot, dialog: set_role(qtbot, dialog, "when", "feature"),
        note="dates are days since 1970-01-01",
        values={(0, 0): 19723},
    ),
    "decimal commas": Sample(
        "a;b;y\n" + rows("{x};{i},25;{i},75").replace(".", ","),
        (30, 2),
        values={(0, 1): 0.25, (1, 0): 0.5},
    ),
    "decimal commas in quotation marks": Sample(
        "a,b,kind\n" + rows('"{i},5","{i},25",{kind}'), (30, 2), UVW, values={(2, 1): 2.25}
    ),
    "UTF-16": Sample(
        ("größe,kind\n" + rows("{x},{kind}")).encode("utf-16"), (30, 1), UVW, ("größe",)
    ),
    "Latin-1 umlauts": Sample(
        ("Länge,Art\n" + rows("{x},größer{kind}")).encode("latin-1"),
        (30, 1),
        ("größeru", "größerv", "größerw"),
        ("Länge",),
    ),
    "no header": Sample(
        rows("{x},{i}.25,{kind}"), (30, 2), UVW, ("column 1", "column 2"), name="plain.data"
    ),
    "no header and text only": Sample(
        rows("{colour},{kind}"), (30, 2), UVW, ("column 1 = green", "column 1 = red")
    ),
    "quoted text": Sample(
        "note,a,kind\n" + rows('"one, or {colour} ""{kind}""",{x},{kind}'), (30, 7), UVW
    ),
    "semicolons": Sample("a;b;kind\n" + rows("{x};{i}.5;{kind}"), (30, 2), UVW, ("a", "b")),
    "tabs": Sample("a\tb\tkind\n" + rows("{x}\t{i}.5\t{kind}"), (30, 2), UVW, name="table.txt"),
    "booleans": Sample(
        "flag,a,kind\n" + rows("true,{x},{kind}", 15) + rows("false,{x},{kind}", 15),
        (30, 3),
        UVW,
        ("flag = false", "flag = true", "a"),
    ),
    "a constant column": Sample("a,b,kind\n" + rows("7,{x},{kind}"), (30, 2), UVW, ("a", "b")),
    "duplicate names": Sample(
        "a,a,kind\n" + rows("{x},{i}.5,{kind}"), (30, 2), UVW, ("a", "a (2)"), note="are numbered"
    ),
    "spaces in names": Sample(
        "the size, how wide ,kind\n" + rows("{x}, {i}.5,{kind}"),
        (30, 2),
        UVW,
        ("the size", "how wide"),
    ),
    "an empty name above numbers of the rows": Sample(
        ",a,kind\n" + rows("{i},{x},{kind}"), (30, 1), UVW, ("a",)
    ),
    "names and notes": Sample(
        "name,a,kind\n" + rows("somebody {i},{x},{kind}"), (30, 1), UVW, ("a",)
    ),
    "numbers to predict, and the target in the middle": Sample(
        "a,price,b\n" + rows("{x},{i}.5,{i}"),
        (30, 2),
        features=("a", "b"),
        clicks=lambda qtbot, dialog: set_choice(qtbot, dialog, "target", "price"),
    ),
    "thousands between commas": Sample(
        "a,n,kind\n" + rows('{x},"{i},000",{kind}'),
        (30, 1),
        UVW,
        ("a",),
        clicks=lambda qtbot, dialog: set_role(qtbot, dialog, "n", "ignored"),
        refusal="Line 2, column 'n': expected a number, found '0,000'.",
    ),
}


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=list(SAMPLES))
def test_a_file_as_people_have_them_is_loaded_by_clicks(
    sample: Sample, hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / sample.name
    text = sample.content
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    assert import_button(dialog).isEnabled() == (not sample.refusal), words(dialog)
    assert sample.refusal in words(dialog)
    if sample.clicks:
        sample.clicks(qtbot, dialog)
    assert sample.note in words(dialog)
    import_it(qtbot, hall.setup.data, dialog)
    assert hall.setup.is_ready
    dataset = open_dataset(hall.setup.experiment().data)
    assert dataset.inputs.shape == sample.shape
    assert dataset.class_names == sample.classes
    assert sample.features in ((), dataset.feature_names)
    for place, value in sample.values.items():
        assert np.array_equal(dataset.inputs[place], value, equal_nan=True), place


def test_one_column_only_is_refused_in_a_sentence(hall: Hall, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a\n1\n2\n")
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    assert words(dialog) == (
        "Line 1: expected two or more columns between commas, semicolons or tabs, found 1."
    )
    assert not import_button(dialog).isEnabled()
    dialog.reject()


def is_reading() -> bool:
    """Whether a dialog is open that does not say yet what results."""
    dialog = QApplication.activeModalWidget()
    return isinstance(dialog, ImportDialog) and not words(dialog)


@pytest.mark.parametrize("said", [False, True])
def test_a_hundred_thousand_rows_are_loaded_while_the_window_stays_responsive(
    said: bool, hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    """Read as it stands, and column by column with one of them ignored."""
    columns, count = 50, 100_000
    some = np.random.default_rng(0).normal(size=(1000, columns)).round(4)
    lines = [",".join(map(str, row)) + f",{'uvw'[i % 3]}" for i, row in enumerate(some)]
    names = ",".join(f"f{i}" for i in range(columns)) + ",kind\n"
    path = tmp_path / "large.csv"
    path.write_text(names + ("\n".join(lines) + "\n") * (count // len(lines)))
    beats = []
    pulse = QTimer(interval=5)
    pulse.timeout.connect(lambda: beats.append(is_reading()))
    pulse.start()
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    if said:
        set_role(qtbot, dialog, "f0", "ignored")
    assert f"100,000 examples, {49 if said else 50} features, 3 classes." in words(dialog)
    pulse.stop()
    assert beats.count(True) > 10, "the window goes round while the file is read"
    import_it(qtbot, hall.setup.data, dialog)
    assert hall.setup.is_ready
    content = hall.setup.data.state().content
    assert isinstance(content, Dataset)
    assert content.size == count


def test_a_click_on_import_while_a_file_is_read_counts(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b,kind\n" + rows("{x},1,{kind}", 100_000))
    with qtbot.waitSignal(hall.setup.data.edited, timeout=30_000):
        hall.setup.data.open_path(str(path))
        dialog = hall.setup.data.findChild(ImportDialog)
        assert isinstance(dialog, ImportDialog)
        import_button(dialog).click()
        assert not import_button(dialog).isEnabled()
    assert hall.setup.experiment().data.file == str(path)


def test_what_is_wrong_beyond_the_first_rows_is_said(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b,kind\n" + rows("{x},1,{kind}", 3000) + "?,2,u\n")
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    assert words(dialog) == "Line 3002, column 'a': expected a number, found '?'."
    set_choice(qtbot, dialog, "missing", "drop")
    assert "3,000 examples" in wait_for_words(qtbot, dialog)
    import_it(qtbot, hall.setup.data, dialog)
