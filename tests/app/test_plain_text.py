"""What people and files bring along is shown letter by letter, and widens nothing."""

import re
from pathlib import Path

import pytest
from driving import card_of, click, press
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QTextDocumentFragment
from PySide6.QtGui import Qt as QtOfTexts
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.losing import LosingQuestion
from app.main_window import MainWindow
from app.message_bar import MessageBar
from app.plain_text import PlainLabel, PlainQuestion, breakable, plain_tip, without_key
from app.plots.plot_table import PlotTable
from app.preferences import Preferences
from engine.experiments.experiment import Experiment
from engine.experiments.files import override, to_toml

MARKUP = "<h1>&Title</h1>"
CLASS = "<b>cat</b>"
LETTERS = 400 * "w"
PATIENCE = 60_000


def is_markup(text: str) -> bool:
    """Whether Qt would take a text for markup."""
    return bool(QtOfTexts.mightBeRichText(text))


def read(tip: str) -> str:
    """What a person reads in a tool tip."""
    if not is_markup(tip):
        return tip
    return QTextDocumentFragment.fromHtml(tip).toPlainText().replace("\u200b", "")


def bare(markup: str) -> str:
    """The words between its tags."""
    return re.sub("<[^>]*>|&", "", markup)


def markup_in(window: QWidget) -> list[str]:
    """Texts of labels that would be shown as markup, and tool tips in which letters are missing."""
    wrong = []
    for widget in [window, *window.findChildren(QWidget)]:
        is_label = isinstance(widget, QLabel) and is_markup(widget.text())
        if is_label and widget.textFormat() != Qt.TextFormat.PlainText:
            wrong.append(widget.text())
        tip = widget.toolTip()
        wrong += [tip for one in (MARKUP, CLASS) if bare(one) in tip and one not in read(tip)]
    return wrong


@pytest.fixture
def strange(quick: Experiment, tmp_path: Path) -> Path:
    """An experiment whose title is markup, on data whose names are, in files with long names."""
    data = tmp_path / (244 * "d" + ".csv")
    kinds = (CLASS, "&dog", LETTERS)
    rows = [f"{n % 7},{n % 5},{kinds[n % 3]}" for n in range(60)]
    data.write_text("\n".join(["<i>width</i>,&height,<u>kind</u>", *rows]), encoding="utf-8")
    of_file = override(quick, {"data.file": str(data)})
    titled = of_file.model_copy(update={"title": MARKUP + LETTERS, "description": MARKUP})
    path = tmp_path / f"{MARKUP.replace('/', '')}{200 * 'e'}.toml"
    path.write_text(to_toml(titled), encoding="utf-8")
    return path


def opened(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    window.setup.open_experiment(str(path))
    qtbot.waitUntil(lambda: window.setup.is_ready, timeout=PATIENCE)


def test_an_experiment_of_any_title_on_data_of_any_name_widens_nothing_and_is_no_markup(
    window: MainWindow, qtbot: QtBot, strange: Path
) -> None:
    window.resize(1280, 800)
    window.show_run()
    QCoreApplication.processEvents()
    panel, width = window.setup.width(), window.width()
    opened(qtbot, window, strange)
    assert window.setup.head.about.text() == MARKUP
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle" and bool(window.record), timeout=PATIENCE)
    window.setup.change("meta.step", 0.123)
    QCoreApplication.processEvents()
    assert MARKUP in window.message_bar.note
    for problem in (f"/{258 * 'p'}: expected {MARKUP}.", LETTERS):
        window.message_bar.show_message(problem, f"{MARKUP}\n{LETTERS}")
        QApplication.processEvents()
        assert window.message_bar.text.text() == problem
        assert (window.setup.width(), window.width()) == (panel, width)
        assert window.minimumSizeHint().width() <= 960
        assert markup_in(window) == []


def test_a_question_about_such_an_experiment_shows_it_and_fits_the_screen(
    window: MainWindow, qtbot: QtBot, strange: Path
) -> None:
    opened(qtbot, window, strange)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle" and bool(window.record), timeout=PATIENCE)
    Preferences().asks_before_losing = True
    press(qtbot, window, "run")
    question = window.findChild(LosingQuestion)
    assert MARKUP in question.text()
    assert question.textFormat() == Qt.TextFormat.PlainText
    assert question.width() < window.width()
    assert markup_in(question) == []
    click(qtbot, question.keep)


def test_names_of_classes_and_features_are_no_markup_in_plots_tables_and_exports(
    window: MainWindow, qtbot: QtBot, strange: Path
) -> None:
    window.resize(1280, 800)
    opened(qtbot, window, strange)
    press(qtbot, window, "run")
    shown = window.plot_area
    qtbot.waitUntil(
        lambda: any(plot.key == "decision_regions" for plot in shown.shown), timeout=PATIENCE
    )
    card = card_of(window, "decision_regions")
    qtbot.waitUntil(lambda: CLASS in card.legend.names, timeout=PATIENCE)
    assert read(card.legend.button(CLASS).toolTip()).endswith(CLASS)
    assert card.legend.button("&dog").text() == "&&dog"
    assert window.width() == 1280
    card.open_table()
    table = card.findChild(PlotTable)
    across = Qt.Orientation.Horizontal
    assert table.model.headerData(0, across) == "<i>width</i>, scaled"
    tip = table.model.headerData(0, across, Qt.ItemDataRole.ToolTipRole)
    assert read(tip) == "<i>width</i>, scaled"
    assert table.width() < window.width()
    table.reject()
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert markup_in(window) == []


def test_letters_of_file_names_are_no_keys_of_menus(
    window: MainWindow, qtbot: QtBot, strange: Path
) -> None:
    opened(qtbot, window, strange)
    [entry] = window.recent.actions()
    assert "<h1>&&Title" in entry.text()
    assert read(entry.toolTip()) == str(strange)
    assert window.recent.sizeHint().width() < window.width()


def test_what_is_typed_widens_no_field_and_is_no_markup_in_its_complaint(
    window: MainWindow, qtbot: QtBot
) -> None:
    field = window.setup.field("training.iterations")
    width, least = window.setup.width(), window.setup.minimumSizeHint().width()
    field.line.setFocus()
    field.line.selectAll()
    field.line.insert(MARKUP + LETTERS)
    field.line.textEdited.emit(field.line.text())
    assert MARKUP in field.complaint.text()
    assert field.complaint.textFormat() == Qt.TextFormat.PlainText
    QApplication.processEvents()
    assert window.setup.width() == width
    assert window.setup.minimumSizeHint().width() == least


@pytest.mark.parametrize("text", ["<b>bold</b>", "a &amp; b", "1 < 2 > 0", LETTERS, "two\nrows"])
def test_a_tool_tip_says_what_it_was_given(text: str) -> None:
    assert read(plain_tip(text)) == text


def test_a_label_is_as_narrow_as_it_is_made_and_tells_its_text(qtbot: QtBot) -> None:
    label = PlainLabel(MARKUP + LETTERS)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < 400
    assert label.text() == MARKUP + LETTERS
    assert label.heightForWidth(300) > label.heightForWidth(3000)
    label.clear()
    assert label.text() == ""


def test_what_is_selected_in_a_message_is_copied_as_it_was(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    path = "/" + 258 * "p"
    bar.show_message(path)
    qtbot.waitExposed(bar)
    bar.text.setSelection(0, len(breakable(path)))
    bar.text.setFocus()
    qtbot.keyClick(bar.text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == path


def test_words_without_a_place_to_break_get_some_that_cannot_be_seen() -> None:
    assert breakable("short words stay") == "short words stay"
    assert breakable(LETTERS).replace("\u200b", "") == LETTERS
    assert max(map(len, breakable(LETTERS).split("\u200b"))) <= 20


def test_no_letter_of_a_text_becomes_a_key() -> None:
    assert without_key("R&D & more") == "R&&D && more"


def test_a_question_tells_its_texts_as_they_were(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    question = PlainQuestion(LETTERS, MARKUP, parent)
    assert (question.text(), question.informativeText()) == (LETTERS, MARKUP)
    question.open()
    shown = [label for label in question.findChildren(QLabel) if label.text()]
    assert {label.textFormat() for label in shown} == {Qt.TextFormat.PlainText}
    question.close()


def test_a_label_claims_the_rows_of_its_text_and_gives_them_back(qtbot: QtBot) -> None:
    label = PlainLabel("one word " * 40)
    qtbot.addWidget(label)
    label.resize(200, 20)
    label.show()
    qtbot.waitUntil(lambda: label.minimumHeight() > 5 * label.fontMetrics().height())
    label.setText("one word")
    assert label.minimumHeight() <= 2 * label.fontMetrics().height()
    label.setText("one word " * 40)
    narrow = label.minimumHeight()
    label.resize(600, narrow)
    qtbot.waitUntil(lambda: label.minimumHeight() < narrow / 2)
