import pytest
from pytestqt.qtbot import QtBot

from app.guide.formula import Formula, formula_path
from engine.experiments.fields import field_texts
from engine.experiments.help_texts import method_text
from engine.hypergradients.catalogue import METHODS
from engine.plots.help_texts import comparison_texts, plot_texts

WITH_FORMULA = [
    (key, what.formula)
    for key, what in {
        **field_texts(),
        **plot_texts(),
        **comparison_texts(),
        **{name: method_text(name) for name in METHODS},
    }.items()
    if what.formula
]


def test_every_formula_of_the_help_can_be_drawn() -> None:
    sizes = {key: formula_path(formula).boundingRect() for key, formula in WITH_FORMULA}
    assert sizes
    for key, size in sizes.items():
        assert 1.0 < size.width() < 40.0, key
        assert 0.4 < size.height() < 4.5, key


def test_a_formula_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Unknown symbol"):
        formula_path(r"$\nonsense{$")


def test_a_formula_is_drawn_in_the_ink_it_is_given(qtbot: QtBot) -> None:
    shown = Formula()
    qtbot.addWidget(shown)
    shown.set_ink("#FF0000")
    shown.set_formula("$x^2$")
    shown.resize(shown.sizeHint())
    picture = shown.grab().toImage()
    colours = [
        picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())
    ]
    assert sum(colour.red() - colour.green() > 120 for colour in colours) > 5


def test_a_wide_formula_shrinks_into_the_room_there_is(qtbot: QtBot) -> None:
    shown = Formula()
    qtbot.addWidget(shown)
    shown.set_ink("#000000")
    shown.set_formula("$" + "+".join(["x"] * 60) + "$")
    shown.resize(120, 40)
    picture = shown.grab().toImage()
    edge = [picture.pixelColor(119, y).lightness() for y in range(picture.height())]
    inside = [picture.pixelColor(x, 20).lightness() for x in range(60, 118)]
    assert min(edge) > min(inside)


def test_what_has_no_formula_takes_no_room(qtbot: QtBot) -> None:
    shown = Formula()
    qtbot.addWidget(shown)
    shown.set_formula("$x$")
    assert shown.accessibleName() == "Formula: x"
    shown.set_formula("")
    assert shown.isHidden()
    assert shown.accessibleName() == ""
