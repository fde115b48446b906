import pytest
from driving import choose_field
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.ready_page import ReadyPage
from app.theme import LIGHT
from engine.experiments.files import list_experiments, override


@pytest.mark.parametrize(
    ("name", "amount"),
    [
        ("toy", "3 × 50 iterations; free: learning rates, momentum decays."),
        ("chaos", "free: learning rates."),
        ("hoag", "30 meta-iterations, minimised to a tolerance; free: L2 penalties."),
    ],
)
def test_it_says_what_would_be_run(qtbot: QtBot, name: str, amount: str) -> None:
    page, experiment = ReadyPage(LIGHT), list_experiments()[name]
    qtbot.addWidget(page)
    page.show_experiment(experiment)
    assert page.title.text() == experiment.title
    assert page.amount.text().endswith(amount)
    assert "F5" in page.hint.text()


def test_an_edit_reads_no_picture_again(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    honest = QPixmap.loadFromData

    def noting(picture: QPixmap, data: bytes) -> bool:
        read.append(data)
        return honest(picture, data)

    monkeypatch.setattr(QPixmap, "loadFromData", noting)
    page, experiment = ReadyPage(LIGHT), list_experiments()["toy"]
    qtbot.addWidget(page)
    for seed in "12":
        page.show_experiment(override(experiment, {"meta.seed": seed}))
    page.show_experiment(list_experiments()["spirals"])
    assert len(read) == len(set(read)) == 2


def test_with_other_data_it_shows_no_picture_of_the_old_ones_but_what_to_look_at(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.setup.set_experiment(list_experiments()["spirals"])
    window.show_run()
    assert window.ready.picture.isVisible()
    assert not window.ready.note.isVisible()
    choose_field(qtbot, window, "data.source", "iris")
    assert not window.ready.picture.isVisible()
    assert window.ready.note.isVisible()
    assert "change the learning rate first" in window.ready.note.text()


@pytest.mark.parametrize("name", ["学" * 90, "..", "a/b", "toy\0"])
def test_an_experiment_of_any_name_may_have_no_picture(qtbot: QtBot, name: str) -> None:
    page = ReadyPage(LIGHT)
    qtbot.addWidget(page)
    page.show_experiment(list_experiments()["toy"])
    page.show_experiment(list_experiments()["toy"].model_copy(update={"name": name}))
    assert not page.picture.isVisibleTo(page)


def test_a_wrong_field_is_to_be_fixed_first(window: MainWindow) -> None:
    window.show_run()
    assert window.ready.isVisible()
    assert "Press Run" in window.ready.hint.text()
    window.setup.change("training.iterations", "ten")
    assert "fix it" in window.ready.hint.text()
