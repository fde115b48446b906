import numpy as np
import pytest
from eyes import EYES, contrast, lab, linear

from app.plots.colour_bar import Scale, colour_table
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


def seen_by(eyes: str, table: np.ndarray) -> np.ndarray:
    names = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue, _ in table]
    return np.array([lab(EYES[eyes] @ linear(name)) for name in names])
