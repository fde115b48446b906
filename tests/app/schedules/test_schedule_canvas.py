import numpy as np
import pytest
from on_canvas import place_of
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.schedules.schedule_canvas import ScheduleCanvas
from app.schedules.schedule_edits import ScheduleEdits
from app.theme import DARK, LIGHT
from engine.plots.strokes import Strand

T = 20
GROUPS = (Strand("weights", 0, "solid"), Strand("biases", 0, "dashed"))
ALL = (Strand("all groups", 0, "solid"),)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def canvas_on(qtbot: QtBot, edits: ScheduleEdits) -> ScheduleCanvas:
    make_application()
    made = ScheduleCanvas(edits, LIGHT)
    qtbot.addWidget(made)
    made.resize(640, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def edits() -> ScheduleEdits:
    values = np.stack([np.full(T, 0.3), np.full(T, 0.1)], axis=1)
    return ScheduleEdits("learning_rates", GROUPS, values, "log")


@pytest.fixture
def canvas(qtbot: QtBot, edits: ScheduleEdits) -> ScheduleCanvas:
    return canvas_on(qtbot, edits)


def drag(qtbot: QtBot, canvas: ScheduleCanvas, *places: QPoint, release: bool = True) -> None:
    viewport = canvas.viewport()
    qtbot.mousePress(viewport, LEFT, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(viewport, place)
    if release:
        qtbot.mouseRelease(viewport, LEFT, pos=places[-1])


def test_each_iteration_that_the_pointer_passes_takes_its_height(
    qtbot: QtBot, canvas: ScheduleCanvas, edits: ScheduleEdits
) -> None:
    canvas.set_columns([0])
    drag(
        qtbot, canvas, place_of(canvas, 3, 0.2), place_of(canvas, 9, 0.2), place_of(canvas, 12, 0.6)
    )
    drawn = edits.values[:, 0]
    np.testing.assert_allclose(drawn[3:10], 0.2, rtol=0.02)
    np.testing.assert_allclose(drawn[12], 0.6, rtol=0.02)
    np.testing.assert_allclose(drawn[10], 0.2 * 3 ** (1 / 3), rtol=0.03)
    assert (drawn[:3] == 0.3).all()
    assert (drawn[13:] == 0.3).all()
    assert (edits.values[:, 1] == 0.1).all(), "the other group is not chosen"


def test_drawing_backwards_and_over_all_groups(
    qtbot: QtBot, canvas: ScheduleCanvas, edits: ScheduleEdits
) -> None:
    drag(qtbot, canvas, place_of(canvas, 12, 0.2), place_of(canvas, 5, 0.2))
    np.testing.assert_allclose(edits.values[5:13], 0.2, rtol=0.02)


def test_what_was_drawn_is_one_edit(
    qtbot: QtBot, canvas: ScheduleCanvas, edits: ScheduleEdits
) -> None:
    drag(qtbot, canvas, place_of(canvas, 3, 0.2), place_of(canvas, 9, 0.5))
    assert edits.history.count() == 1
    drawn = edits.values
    edits.history.undo()
    np.testing.assert_array_equal(edits.values, edits.original)
    edits.history.redo()
    np.testing.assert_array_equal(edits.values, drawn)


def test_a_point_is_dragged_alone_and_keeps_its_distance_to_the_pointer(
    qtbot: QtBot, canvas: ScheduleCanvas, edits: ScheduleEdits
) -> None:
    canvas.set_tool("move")
    canvas.set_columns([1])
    drag(qtbot, canvas, place_of(canvas, 7, 0.2), place_of(canvas, 9, 0.4))
    np.testing.assert_allclose(edits.values[7, 1], 0.2, rtol=0.02)
    assert (np.delete(edits.values[:, 1], 7) == 0.1).all()


def test_a_click_with_the_point_tool_changes_nothing(
    qtbot: QtBot, canvas: ScheduleCanvas, edits: ScheduleEdits
) -> None:
    canvas.set_tool("move")
    qtbot.mouseClick(canvas.viewport(), LEFT, pos=place_of(canvas, 7, 0.3))
    assert edits.history.count() == 0
    assert canvas.current == 7


def test_dragging_groups_together_keeps_their_ratio(
    qtbot: QtBot, canvas: ScheduleCanvas, edits: ScheduleEdits
) -> None:
    canvas.set_tool("move")
    drag(qtbot, canvas, place_of(canvas, 7, 0.3), place_of(canvas, 7, 0.6))
    np.testing.assert_allclose(edits.values[7], [0.6, 0.2], rtol=0.02)


def test_escape_takes_back_what_is_being_drawn(
    qtbot: QtBot, canvas: ScheduleCanvas, edits: ScheduleEdits
) -> None:
    drag(qtbot, canvas, place_of(canvas, 3, 0.2), place_of(canvas, 9, 0.5), release=False)
    assert edits.is_changed
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not edits.is_changed
    qtbot.mouseRelease(canvas.viewport(), LEFT, pos=place_of(canvas, 9, 0.5))
    assert edits.history.count() == 0


def test_a_decay_cannot_be_drawn_beyond_its_limits(qtbot: QtBot) -> None:
    edits = ScheduleEdits("decays", ALL, np.full((T, 1), 0.98), "logit")
    refusals: list[str] = []
    edits.refused.connect(refusals.append)
    canvas = canvas_on(qtbot, edits)
    drag(qtbot, canvas, place_of(canvas, 3, 0.99), place_of(canvas, 6, 1.05))
    assert edits.values.max() < 1
    assert "less than 1" in refusals[0]


def test_a_stretch_is_marked_with_the_mouse_and_lifted_by_a_click(
    qtbot: QtBot, canvas: ScheduleCanvas, edits: ScheduleEdits
) -> None:
    canvas.set_tool("mark")
    drag(qtbot, canvas, place_of(canvas, 12, 0.3), place_of(canvas, 4, 0.2))
    assert canvas.stretch == (4, 12)
    assert not edits.is_changed
    qtbot.mouseClick(canvas.viewport(), LEFT, pos=place_of(canvas, 2, 0.3))
    assert canvas.stretch is None


def test_the_arrow_keys_go_from_point_to_point_and_change_them(
    qtbot: QtBot, canvas: ScheduleCanvas, edits: ScheduleEdits
) -> None:
    canvas.set_columns([0])
    for key, current in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_End, T - 1),
        (Qt.Key.Key_Right, T - 1),
        (Qt.Key.Key_PageUp, T - 11),
        (Qt.Key.Key_Left, T - 12),
        (Qt.Key.Key_Home, 0),
    ):
        qtbot.keyClick(canvas, key)
        assert canvas.current == current
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    coarse = edits.values[0, 0] / 0.3
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    np.testing.assert_allclose(edits.values[0, 0], 0.3)
    qtbot.keyClick(canvas, Qt.Key.Key_Up, SHIFT)
    fine = edits.values[0, 0] / 0.3
    assert 1 < fine < coarse
    np.testing.assert_allclose(fine**10, coarse)


def test_steps_of_one_point_are_undone_together_but_not_those_of_two(
    qtbot: QtBot, canvas: ScheduleCanvas, edits: ScheduleEdits
) -> None:
    canvas.set_columns([0])
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(canvas, key)
    assert edits.history.count() == 2
    edits.history.undo()
    assert edits.values[0, 0] > 0.3 == edits.values[1, 0]
    edits.history.undo()
    assert not edits.is_changed


def test_shift_and_the_arrow_keys_mark_a_stretch(qtbot: QtBot, canvas: ScheduleCanvas) -> None:
    canvas.go_to(5)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(canvas, key, SHIFT)
    assert canvas.stretch == (5, 6)
    qtbot.keyClick(canvas, Qt.Key.Key_Home, SHIFT)
    assert canvas.stretch == (0, 5)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.stretch is None


def test_the_original_stays_in_sight(
    qtbot: QtBot, canvas: ScheduleCanvas, edits: ScheduleEdits
) -> None:
    drag(qtbot, canvas, place_of(canvas, 0, 0.05), place_of(canvas, T - 1, 0.05))
    edits.scale(slice(0, T), [0, 1], 0.001)
    place = place_of(canvas, 3, 0.3)
    assert 0 <= place.y() <= canvas.height()
    np.testing.assert_allclose(canvas._pale[0].getOriginalDataset()[1], 0.3)


def test_rates_below_zero_are_drawn_on_a_linear_axis(qtbot: QtBot) -> None:
    edits = ScheduleEdits("learning_rates", ALL, np.full((T, 1), -0.5), "identity")
    canvas = canvas_on(qtbot, edits)
    drag(qtbot, canvas, place_of(canvas, 3, -0.48), place_of(canvas, 6, -0.48))
    np.testing.assert_allclose(edits.values[3:7, 0], -0.48, atol=0.002)


def test_a_schedule_of_one_iteration_and_a_theme(qtbot: QtBot) -> None:
    edits = ScheduleEdits("decays", ALL, np.full((1, 1), 0.5), "logit")
    canvas = canvas_on(qtbot, edits)
    canvas.set_theme(DARK)
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    np.testing.assert_allclose(edits.values, 0.51)


@pytest.mark.parametrize(
    ("low", "high"), [(0.1, 10.0), (1e-6, 1e3), (0.29, 0.31), (0.3, 0.9), (0.95, 1.05)]
)
def test_a_logarithmic_axis_has_round_values_and_room_between_them(
    canvas: ScheduleCanvas, low: float, high: float
) -> None:
    axis = canvas.getPlotItem().getAxis("left")
    ((_, ticks),) = axis.tickValues(np.log10(low), np.log10(high), 330)
    assert 2 <= len(ticks) <= 12
    labels = axis.logTickStrings(ticks, 1.0, 1.0)
    assert len(set(labels)) == len(labels)
    np.testing.assert_allclose([float(label) for label in labels], 10 ** np.array(ticks))


def test_weights_are_solid_and_biases_dashed_in_the_colour_of_their_layer(
    canvas: ScheduleCanvas,
) -> None:
    weights, biases = (curve.opts["pen"] for curve in canvas._strong)
    assert weights.style() == Qt.PenStyle.SolidLine
    assert biases.style() == Qt.PenStyle.DashLine
    assert weights.color().rgb() == biases.color().rgb()
