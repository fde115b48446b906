"""Data of one's own in an experiment that was written for others."""

from pathlib import Path

import pytest
from driving import choose_field, click
from importing import import_it, open_by_clicks
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from engine.experiments.files import list_experiments


@pytest.fixture
def hall(fresh_hall: Hall) -> Hall:
    return fresh_hall


def test_title_and_description_say_that_the_data_are_others(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    own = list_experiments()["schedules"]
    path = tmp_path / "rain.csv"
    path.write_text("month,station,rain\n" + "".join(f"{i},{i % 5},{i}.5\n" for i in range(80)))
    import_it(qtbot, hall.setup.data, open_by_clicks(qtbot, hall.setup.data, path))
    click(qtbot, hall.setup.head.about_button)
    about = hall.setup.head.about.text()
    assert about.startswith(
        f"Changed: the data are rain.csv now, and the other settings are those of “{own.title}”."
    )
    assert about.endswith(f"That experiment: {own.description}")
    assert hall.setup.experiment().title == f"{own.title}, with rain.csv"

    hall.undo_action.trigger()
    assert hall.setup.head.about.text() == own.description
    assert hall.setup.experiment() == own


def test_labels_stay_corrupted_where_that_is_what_the_experiment_is_about(
    hall: Hall, qtbot: QtBot
) -> None:
    hall.setup.set_experiment(list_experiments()["hyper-cleaning"])
    for source, corrupted in (("iris", 0.5), ("diabetes", 0.0), ("digits", 0.5)):
        choose_field(qtbot, hall, "data.source", source)
        assert hall.setup.field("data.corrupted").value() == corrupted
