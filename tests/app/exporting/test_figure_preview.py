import threading
from collections.abc import Iterator

import pytest
from plots_for_tests import lines, pictures
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.exporting.figure_preview import FigurePreview
from engine.plots import AnyPlot

PATIENCE = 20_000


@pytest.fixture
def preview(qtbot: QtBot) -> Iterator[FigurePreview]:
    make_application()
    made = FigurePreview()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    yield made
    made.shut_down()
    made.close()


def test_a_figure_is_shown_at_the_shape_it_will_have(preview: FigurePreview, qtbot: QtBot) -> None:
    with qtbot.waitSignal(preview.drawn, timeout=PATIENCE) as drawn:
        preview.show_figure(lines, "slide")
    assert drawn.args == pytest.approx([10, 5.6], rel=0.01)
    assert preview.image.width() == pytest.approx(400 * preview.devicePixelRatioF(), abs=2)
    middle = preview.grab().toImage().pixelColor(200, 3)
    assert middle.name() == "#ffffff"


def test_figures_are_made_in_another_thread(preview: FigurePreview, qtbot: QtBot) -> None:
    makers: list[int] = []

    def make() -> AnyPlot:
        makers.append(threading.get_ident())
        return lines()

    with qtbot.waitSignal(preview.drawn, timeout=PATIENCE):
        preview.show_figure(make, "page")
    assert makers
    assert threading.get_ident() not in makers


def test_of_several_figures_asked_for_the_last_wins(preview: FigurePreview, qtbot: QtBot) -> None:
    made: list[str] = []
    gate = threading.Event()

    def maker(name: str) -> AnyPlot:
        gate.wait(10)
        made.append(name)
        return pictures(1) if name == "last" else lines()

    for name in ("first", "second", "third", "last"):
        preview.show_figure(lambda name=name: maker(name), "column")  # type: ignore[misc]
    gate.set()
    with qtbot.waitSignal(preview.drawn, timeout=PATIENCE):
        pass
    assert made == ["first", "last"]
    assert not preview.is_drawing


def test_a_figure_is_drawn_anew_for_more_room(preview: FigurePreview, qtbot: QtBot) -> None:
    with qtbot.waitSignal(preview.drawn, timeout=PATIENCE):
        preview.show_figure(lines, "page")
    with qtbot.waitSignal(preview.drawn, timeout=PATIENCE):
        preview.resize(QSize(800, 500))
    assert preview.image.width() == pytest.approx(800 * preview.devicePixelRatioF(), abs=2)


def test_a_figure_asked_for_before_the_preview_is_seen_is_drawn_once_at_its_size(
    qtbot: QtBot,
) -> None:
    make_application()
    made: list[AnyPlot] = []

    def make() -> AnyPlot:
        made.append(lines())
        return made[-1]

    preview = FigurePreview()
    qtbot.addWidget(preview)
    preview.show_figure(make, "page")
    preview.resize(640, 480)
    assert not preview.is_drawing
    with qtbot.waitSignal(preview.drawn, timeout=PATIENCE):
        preview.show()
    assert not preview.is_drawing
    assert len(made) == 1
    assert preview.image.width() == pytest.approx(640 * preview.devicePixelRatioF(), abs=2)
    preview.shut_down()
    preview.close()


def test_what_cannot_be_drawn_is_said_and_the_next_figure_is_shown(
    preview: FigurePreview, qtbot: QtBot
) -> None:
    def fail() -> AnyPlot:
        raise ValueError("by hand")

    with qtbot.waitSignal(preview.drawn, timeout=PATIENCE) as drawn:
        preview.show_figure(fail, "page")
    assert drawn.args == [0, 0]
    assert "by hand" in preview.problem
    assert preview.image.isNull()
    preview.grab()
    with qtbot.waitSignal(preview.drawn, timeout=PATIENCE):
        preview.show_figure(lines, "page")
    assert not preview.problem
    assert not preview.image.isNull()


def test_shutting_down_in_the_middle_leaves_nothing_behind(preview: FigurePreview) -> None:
    preview.show_figure(lines, "poster")
    preview.show_figure(lines, "page")
    preview.shut_down()
    assert not preview.is_drawing
