import re
from importlib import resources
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pytest
from eyes import EYES, contrast, lab, linear
from PySide6.QtCore import QByteArray, QEvent, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSlider,
    QTableWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app import icons
from app import theme as themes
from app.dress import SIZES, apply_to_application
from app.main_window import MainWindow
from app.style_sheet import style_sheet
from app.theme import DARK, LIGHT, Theme, resolve
from engine.plots import PALETTE

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@pytest.fixture(autouse=True)
def _undress(qapp: QApplication) -> None:
    """Every test starts from the usual size of type."""
    apply_to_application(qapp, LIGHT)


@BOTH
@pytest.mark.parametrize("text", ["ink", "muted", "error"])
@pytest.mark.parametrize("behind", ["window", "card", "field", "field_off"])
def test_text_can_be_read_on_everything_behind_it(theme: Theme, text: str, behind: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, behind)) >= 4.5


@BOTH
@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("on_accent", "accent"),
        ("ink", "progress"),
        ("ink", "error_card"),
        ("accent", "window"),
        ("accent", "card"),
    ],
)
def test_text_can_be_read_on_what_is_coloured(theme: Theme, text: str, behind: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, behind)) >= 4.5


@BOTH
def test_every_rule_that_colours_text_and_what_is_behind_it_can_be_read(theme: Theme) -> None:
    pairs = {
        (text[1], behind[1])
        for rule in re.findall(r"{(.*?)}", style_sheet(theme, 9), re.DOTALL)
        for what in (r"(?<!-)", "selection-")
        if (text := re.search(what + r"color: (#\w+)", rule))
        and (behind := re.search(what + r"background(?:-color)?: (#\w+)", rule))
    }
    assert len(pairs) >= 5
    for text, behind in pairs:
        assert contrast(text, behind) >= 4.5, (text, behind)


@BOTH
def test_what_an_empty_field_suggests_can_be_read(
    theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    apply_to_application(qapp, theme)
    line = QLineEdit()
    line.setFixedSize(300, 60)
    line.setStyleSheet("font-size: 40px;")  # so that strokes have pixels of their own
    qtbot.addWidget(line)
    line.show()
    empty = line.grab().toImage()
    line.setPlaceholderText("a schedule")
    for enabled, behind in ((True, theme.field), (False, theme.field_off)):
        line.setEnabled(enabled)
        picture = line.grab().toImage()
        colours = {
            picture.pixelColor(x, y).name()
            for x in range(8, 290)
            for y in range(8, 52)
            if picture.pixelColor(x, y) != empty.pixelColor(x, y)
        }
        assert max(contrast(colour, behind) for colour in colours) >= 4.5


def test_figures_and_the_light_theme_draw_lines_in_the_same_colours() -> None:
    assert LIGHT.lines == PALETTE
    assert len(DARK.lines) == len(PALETTE)


@BOTH
@pytest.mark.parametrize("mark", ["accent", "edge", "error"])
@pytest.mark.parametrize("behind", ["window", "card", "field"])
def test_rings_and_borders_stand_out(theme: Theme, mark: str, behind: str) -> None:
    assert contrast(getattr(theme, mark), getattr(theme, behind)) >= 3.0


@BOTH
def test_every_line_of_a_plot_stands_out_from_the_card(theme: Theme) -> None:
    for line in (*theme.lines, theme.muted):
        assert contrast(line, theme.card) >= 3.0, line


@BOTH
@pytest.mark.parametrize("eyes", EYES)
def test_lines_are_told_apart_by_everybody(theme: Theme, eyes: str) -> None:
    seen = {line: lab(EYES[eyes] @ linear(line)) for line in theme.lines}
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 20, (one, other)


@BOTH
def test_widgets_are_dressed(theme: Theme, qapp: QApplication) -> None:
    apply_to_application(qapp, theme)
    assert qapp.palette().window().color() == QColor(theme.window)
    assert theme.accent in qapp.styleSheet()
    assert "@" not in qapp.styleSheet()


def test_a_presentation_has_larger_type_and_its_end_brings_the_usual_back(
    qapp: QApplication, qtbot: QtBot
) -> None:
    parts = [QLabel("body"), QLabel("headline")]
    parts[1].setObjectName("headline")
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for part in parts:
        column.addWidget(part)
    window.show()

    def sizes() -> list[float]:
        return [part.fontInfo().pointSizeF() for part in parts]

    usual = sizes()
    assert usual[0] >= 9
    for _ in range(2):  # twice does not make it larger still
        apply_to_application(qapp, DARK, SIZES[-1])
    assert sizes() == pytest.approx([SIZES[-1] * size for size in usual], rel=0.06)
    apply_to_application(qapp, DARK)
    assert sizes() == usual


def test_the_systems_theme_is_followed_and_a_choice_is_not(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hints:
        scheme = Qt.ColorScheme.Dark

        def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802
            return self.scheme

    hints = Hints()
    monkeypatch.setattr(themes.QGuiApplication, "styleHints", lambda: hints)
    assert resolve("system") is DARK
    assert resolve("light") is LIGHT
    hints.scheme = Qt.ColorScheme.Unknown
    assert resolve("system") is LIGHT
    assert resolve("dark") is DARK


# Whatever has the keyboard shows it


def slider() -> QSlider:
    return QSlider(Qt.Orientation.Horizontal)


def table() -> QTableWidget:
    return QTableWidget(2, 2)


def listed() -> QListWidget:
    made = QListWidget()
    made.addItem("one")
    return made


def tool() -> QToolButton:
    made = QToolButton()
    made.setText("tool")
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made


@BOTH
@pytest.mark.parametrize(
    "make", [QPushButton, QCheckBox, QLineEdit, QComboBox, slider, table, listed, tool]
)
def test_the_keyboard_is_seen_and_nothing_moves(
    theme: Theme, make: type[QWidget], qapp: QApplication, qtbot: QtBot
) -> None:
    apply_to_application(qapp, theme)
    window = QDialog()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    other, part = QLineEdit(), make()
    column.addWidget(other)
    column.addWidget(part)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    other.setFocus()
    size, before = part.sizeHint(), accent_pixels(part, theme)
    part.setFocus(Qt.FocusReason.TabFocusReason)
    assert part.hasFocus()
    qtbot.waitUntil(lambda: accent_pixels(part, theme) > before + part.width())
    assert part.sizeHint() == size


def accent_pixels(widget: QWidget, theme: Theme) -> int:
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), -1)
    return int(np.sum((pixels & 0xFFFFFF) == int(theme.accent[1:], 16)))


# Icons


class Screen(NamedTuple):
    """What icons ask of a screen."""

    ratio: float

    def devicePixelRatio(self) -> float:  # noqa: N802
        return self.ratio


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0])
@pytest.mark.parametrize("size", [14, 16, 20, 24])
@pytest.mark.usefixtures("qapp")
def test_an_icon_is_drawn_for_the_pixels_of_each_screen(
    size: int, ratio: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens = [Screen(1.0), Screen(ratio)]
    monkeypatch.setattr(QGuiApplication, "screens", lambda: screens)
    found = icons.icon("run", LIGHT).pixmap(QSize(size, size), ratio)
    pixels = int(size * ratio + 0.5)  # as Qt rounds
    assert found.size() == QSize(pixels, pixels)
    expected = QPixmap(pixels, pixels)
    expected.fill(Qt.GlobalColor.transparent)
    file = resources.files("resources") / "icons" / "run.svg"
    text = file.read_text(encoding="utf-8").replace("currentColor", LIGHT.ink)
    painter = QPainter(expected)
    QSvgRenderer(QByteArray(text.encode())).render(painter)
    painter.end()
    assert plain(found) == plain(expected)


def test_icons_are_drawn_anew_for_a_screen_that_is_plugged_in(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = window.actions_["run"]
    assert len(run.icon().availableSizes()) == 4
    monkeypatch.setattr(QGuiApplication, "screens", lambda: [Screen(1.0), Screen(1.75)])
    QApplication.sendEvent(window, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert run.icon().pixmap(QSize(20, 20), 1.75).size() == QSize(35, 35)


@BOTH
@pytest.mark.usefixtures("qapp")
def test_an_icon_that_is_off_is_paler(theme: Theme) -> None:
    made = icons.icon("run", theme)
    usual, off = (
        made.pixmap(QSize(24, 24), 1.0, mode).toImage().pixelColor(9, 12)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    assert usual.name() == theme.ink.lower()
    assert off.name() == theme.edge.lower()


def plain(pixmap: QPixmap) -> QImage:
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(1)
    return image


@BOTH
def test_icons_stand_out_on_every_state_of_buttons_and_items(theme: Theme) -> None:
    """Icons are drawn in ink, whatever is selected, pressed or checked."""
    states = r"(?:QMenu|QMenuBar|QToolButton|QPushButton|QListView|QTreeView|QComboBox)[^{}]*"
    found = 0
    for names, rule in re.findall(r"([^{}]+){(.*?)}", style_sheet(theme, 9), re.DOTALL):
        is_state = re.search(states + r"(:selected|:pressed|:checked|:hover)", names)
        chosen = re.search(r"selection-background-color: (#\w+)", rule)
        behind = re.search(r"(?<!-)background: (#\w+)", rule) if is_state else None
        for colour in filter(None, (chosen if "ItemView" in names else None, behind)):
            found += 1
            drawn = theme.on_accent if "#question" in names else theme.ink  # a letter, no icon
            assert contrast(drawn, colour[1]) >= 3.0, names.strip()
    assert found >= 8
