"""What the dialog that imports a table offers, and how much of the table it shows."""

from pathlib import Path

from importing import import_dialog, open_by_clicks
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app.data.import_dialog import ImportDialog


def table(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text)
    return path


def test_a_file_that_is_opened_twice_at_once_is_asked_about_once(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = table(tmp_path, "a,b,kind\n" + "".join(f"{i},{i}.5,{'uv'[i % 2]}\n" for i in range(9)))
    hall.setup.open_data(str(path))
    hall.setup.open_data(str(path))
    dialog = import_dialog(qtbot)
    shown = [one for one in hall.setup.findChildren(ImportDialog) if one.isVisible()]
    assert shown == [dialog]
    other = path.with_name("other.csv")
    other.write_text(path.read_text())
    hall.setup.open_data(str(other))
    [shown_now] = [one for one in hall.setup.findChildren(ImportDialog) if one.isVisible()]
    assert shown_now.file == str(other)
    shown_now.reject()


def test_the_dialog_is_as_wide_as_its_columns_if_the_screen_is(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    names = [f"quantity {place} of this long name" for place in range(6)]
    rows = "".join(f"{i}.5,{i}.5,{i}.5,{i}.5,{i}.5,{'uv'[i % 2]}\n" for i in range(9))
    path = table(tmp_path, ",".join(names) + "\n" + rows)
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    screen = dialog.screen().availableGeometry().width()
    asked = dialog.table.width_of_first(6) + 32
    assert asked > 1000
    assert dialog.width() == max(min(1000, screen - 80), min(asked, screen - 80))
    dialog.reject()
