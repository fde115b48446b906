import numpy as np
import pytest
from eyes import EYES, contrast, lab, linear
from PySide6.QtGui import QFontMetricsF, QImage
from pytestqt.qtbot import QtBot

from app.plots.colour_bar import ColourBar, Scale, colour_table
from app.theme import DARK, LIGHT, Theme

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@pytest.mark.parametrize("scale", ["sequential", "diverging"])
@pytest.mark.usefixtures("qapp")
def test_pictures_on_white_have_the_colours_of_exported_figures(scale: Scale) -> None:
    from matplotlib import colormaps

    from engine.figures.bodies import COLOURS

    exported = 255 * colormaps.get_cmap(COLOURS[scale])(np.arange(256))
    assert np.abs(colour_table(scale, LIGHT) - exported).max() <= 1


@BOTH
@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.usefixtures("qapp")
def test_everybody_tells_the_sign_of_what_is_far_from_zero(theme: Theme, eyes: str) -> None:
    seen = seen_by(eyes, colour_table("diverging", theme))
    below, above = seen[:64], seen[-64:]
    apart = np.linalg.norm(below[:, np.newaxis] - above, axis=-1)
    assert apart.min() > 40


@BOTH
@pytest.mark.usefixtures("qapp")
def test_zero_is_nearly_the_card(theme: Theme) -> None:
    red, green, blue = colour_table("diverging", theme)[128][:3]
    assert contrast(f"#{red:02x}{green:02x}{blue:02x}", theme.card) < 1.2


@BOTH
def test_a_long_unit_stands_clear_of_the_values(qtbot: QtBot, theme: Theme) -> None:
    bar = ColourBar(theme)
    qtbot.addWidget(bar)
    bar.set_scale(colour_table("diverging", theme), (-1.0, 1.0), "correlation of weights")
    bar.resize(bar.sizeHint().width(), 250)
    bar.setAutoFillBackground(True)
    picture = bar.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(250, picture.bytesPerLine())
    has_ink = np.ptp(pixels[:, : bar.width()].astype(int), axis=0) > 0
    metrics = QFontMetricsF(bar.font())
    values_end = 26 + int(max(metrics.horizontalAdvance(text) for _, text in bar.ticks))
    assert has_ink[26:values_end].any()
    assert not has_ink[values_end + 1 : values_end + 3].any()
    assert has_ink[values_end + 3 :].any()


def seen_by(eyes: str, table: np.ndarray) -> np.ndarray:
    names = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue, _ in table]
    return np.array([lab(EYES[eyes] @ linear(name)) for name in names])
