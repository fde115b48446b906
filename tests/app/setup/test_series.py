"""A table whose rows are a series, from its import to its forecasts; and what is never trained."""

from pathlib import Path

import numpy as np
import pytest
from driving import choose_field, unfold
from importing import import_dialog, import_it, open_by_clicks, set_role, words
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app.data.preview_table import BECOMES
from engine.experiments.files import list_experiments
from engine.tasks.catalogue import make_task
from engine.tasks.fitting import open_dataset

DAYS = range(1, 29)
MONTHS = [f"{2018 + place // 12}-{place % 12 + 1:02}-01" for place in range(48)]
TABLE = "month,shop,sold\n" + "".join(
    f"{month},north,{100 + 7 * (place % 12)}\n" for place, month in enumerate(reversed(MONTHS))
)


@pytest.fixture
def hall(fresh_hall: Hall) -> Hall:
    return fresh_hall


def test_a_column_of_dates_makes_a_table_a_series_by_clicks(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(TABLE)
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    assert dialog.roles.order == "month", "which is proposed"
    assert dialog.roles.target == "sold", "text is not forecast"
    told = words(dialog)
    assert told.startswith(
        "A series of 48 values, in the order of month, 2018-01-01 to 2021-12-01.\n"
        "Its order is the column of dates, “month”; with another role, rows are examples."
    )
    assert "rows are put in the order" in told.lower()
    numbers = dialog.table.numbers
    becomes = [numbers.index(BECOMES, column).data() for column in range(3)]
    assert becomes == ["the order of a series", "left out of a series", "what is predicted"]
    import_it(qtbot, hall.setup.data, dialog)
    assert hall.setup.is_ready
    experiment = hall.setup.experiment()
    assert experiment.model.kind == "walk-forward regression"
    assert experiment.data.order == "month"
    dataset = open_dataset(experiment.data)
    assert dataset.order is not None
    assert np.all(np.diff(dataset.order) > 0)
    assert dataset.targets[0] == 100 + 7 * 11
    assert make_task(experiment).size == 18, "a level for each forecast: two fifths of 48, cut off"


def test_dates_beside_features_point_to_the_order_and_are_it_where_a_series_is_set_up(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    path = tmp_path / "weather.csv"
    path.write_text("day,wind,heat\n" + "".join(f"2024-01-{i:02},{i}.5,{i % 3}.25\n" for i in DAYS))
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    assert dialog.roles.order is None
    numbers = dialog.table.numbers
    assert numbers.index(BECOMES, 0).data() == "left out; as Order, rows are a series"
    dialog.reject()
    hall.setup.set_experiment(list_experiments()["weights-on-the-past"])
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    assert dialog.roles.order == "day"
    assert words(dialog).startswith("A series of 28 values, in the order of day, 2024-01-01 to ")
    set_role(qtbot, dialog, "day", "ignored")
    assert words(dialog).startswith("28 examples, 1 feature")
    dialog.reject()


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["2024-01-01,1.5", "2024-01-01,2.5", "2024-01-02,0.5"], id="a date twice"),
        pytest.param(["01/02/2024,1.5", "02/02/2024,2.5", "03/02/2024,0.5"], id="days or months"),
    ],
)
def test_dates_that_put_nothing_in_order_are_not_proposed_for_it(
    qtbot: QtBot, hall: Hall, tmp_path: Path, rows: list[str]
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("\n".join(["day,heat", *rows, ""]))
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    assert dialog.roles.order is None
    dialog.reject()


def test_a_second_column_takes_the_order_from_the_first(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    path = tmp_path / "two.csv"
    path.write_text("t,u,y\n" + "".join(f"{i},{40 - i}.5,{i}.25\n" for i in range(20)))
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    set_role(qtbot, dialog, "t", "order")
    set_role(qtbot, dialog, "u", "order")
    assert dialog.roles.order == "u"
    assert dialog.roles.of("t") != "order"
    set_role(qtbot, dialog, "u", "feature")
    assert dialog.roles.order == "t", "which was chosen before"
    set_role(qtbot, dialog, "t", "feature")
    assert dialog.roles.order is None
    import_it(qtbot, hall.setup.data, dialog)
    assert open_dataset(hall.setup.experiment().data).kind == "regression"


def test_a_series_imported_before_is_proposed_as_it_was(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(TABLE)
    dialog = open_by_clicks(qtbot, hall.setup.data, path)
    set_role(qtbot, dialog, "month", "order")
    import_it(qtbot, hall.setup.data, dialog)
    hall.setup.data.choose_columns()
    again = import_dialog(qtbot)
    assert (again.roles.order, again.roles.target) == ("month", "sold")
    again.reject()


def test_fields_of_a_series_are_shown_with_a_series_alone(qtbot: QtBot, hall: Hall) -> None:
    hall.setup.set_experiment(list_experiments()["weights-on-the-past"])
    assert hall.setup.field("series.lags").isVisible()
    unfold(qtbot, hall, "data")
    assert hall.setup.field("series.season").isVisible()
    choose_field(qtbot, hall, "data.source", "digits")
    assert not hall.setup.field("series.season").isVisible()


def test_too_many_lags_are_marked_where_they_were_typed_before_anything_runs(
    qtbot: QtBot, hall: Hall
) -> None:
    hall.setup.set_experiment(list_experiments()["weights-on-the-past"])
    hall.setup.change("series.lags", 90)
    wrong = [key for key, field in hall.setup.fields.items() if field.problem]
    assert wrong == ["series.lags"]
    assert not hall.setup.is_ready
    assert hall.setup.field("series.lags").problem.startswith("Expected at most 14, because")
    hall.setup.change("series.lags", 14)
    assert hall.setup.is_ready
    make_task(hall.setup.experiment())
    hall.setup.change("data.train", 0.25)
    assert hall.setup.field("series.lags").problem.startswith("Expected at most 12, because")


def test_iterations_are_not_asked_for_where_nothing_is_trained(qtbot: QtBot, hall: Hall) -> None:
    iterations = hall.setup.field("training.iterations").focusProxy()
    hall.setup.set_experiment(list_experiments()["kernel-ridge"])
    unfold(qtbot, hall, "training")
    assert not iterations.isEnabled()
    choose_field(qtbot, hall, "method", "implicit-cg")
    assert iterations.isEnabled()
