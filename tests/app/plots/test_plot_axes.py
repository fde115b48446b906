import pytest
from plots_to_show import shown, two_lines
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.dress import apply_to_application
from app.plots.plot_view import PlotView
from app.theme import LIGHT


@pytest.fixture
def view(qtbot: QtBot) -> PlotView:
    apply_to_application(make_application(), LIGHT)
    made = PlotView(LIGHT)
    made.set_presentation(True)
    shown(qtbot, made)
    made.show_plot(two_lines())
    return made


def label_at(view: PlotView, height: int) -> tuple[str, float]:
    """What the label of the y axis reads, and how long it is."""
    view.resize(500, height)
    axis = view.getPlotItem().getAxis("left")
    assert axis.label.boundingRect().width() <= axis.size().height()
    return axis.label.toPlainText(), axis.label.boundingRect().width()


def test_a_label_is_set_in_smaller_type_before_it_is_shortened(view: PlotView) -> None:
    whole, usual = label_at(view, 400)
    assert whole == "loss (nats)"
    heights = range(400, 100, -4)
    labels = [label_at(view, height) for height in heights]
    assert any(text == whole and length < 0.85 * usual for text, length in labels)
    assert labels[-1][0].endswith("…")
    assert [text == whole for text, _ in labels] == sorted(
        (text == whole for text, _ in labels), reverse=True
    )
