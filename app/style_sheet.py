"""The style sheet of every widget: one type scale, spacing in steps of 4, a ring for the keyboard.

The focused widget has a ring of 2 pixels in the accent. Its padding shrinks by as much as
the border grows, so that nothing moves when the keyboard comes and goes.
"""

import re
from dataclasses import asdict
from functools import cache
from importlib import resources

from app.theme import Theme

_PICTURES = ("arrow-down", "arrow-up", "check", "partial", "close", "float")


def style_sheet(theme: Theme, points: float) -> str:
    """The style sheet for a theme, with type that is ``points`` large in running text."""
    parts = (_TYPE, _CARDS, _BUTTONS, _CHECKS, _FIELDS, _LISTS, _BARS, _MENUS, _DOCKS, _SCROLLING)
    colours = asdict(theme)
    pictures = {f"{name}-picture": f"url('{_picture(name, theme.name)}')" for name in _PICTURES}
    sizes = {
        "headline": f"{2.0 * points:.1f}pt",
        "title": f"{1.25 * points:.1f}pt",
        "section": f"{1.05 * points:.1f}pt",
        "bar": f"{round(2.0 * points)}px",
        "row": f"{round(2.4 * points)}px",
        "tick": f"{round(1.6 * points)}px",
    }
    known = {name.replace("_", "-"): value for name, value in (colours | pictures | sizes).items()}
    return re.sub(r"@([a-z-]+)", lambda found: known[found[1]], "\n".join(parts))


@cache
def _picture(name: str, theme: str) -> str:
    """Where a small picture of a control is, as style sheets spell it."""
    return str(resources.files("resources") / "controls" / f"{name}-{theme}.svg").replace("\\", "/")


_TYPE = """
QToolTip { color: @ink; background: @card; border: 1px solid @edge; padding: 4px; }
QLabel#muted { color: @muted; }
QLabel#section { font-size: @section; font-weight: 600; color: @accent; padding-top: 8px; }
QLabel#error { color: @error; }
QLabel#title { font-size: @title; font-weight: 600; }
QLabel#headline { font-size: @headline; font-weight: 600; }
"""

_CARDS = """
QFrame#card { background: @card; border: 1px solid @rule; border-radius: 8px; }
QFrame#message { background: @card; border: 1px solid @rule; border-left: 4px solid @accent;
    border-radius: 6px; }
QFrame#message[fails="true"] { background: @error-card; border-color: @error; }
QFrame#message QLabel { color: @ink; }
QFrame#popup { background: @card; border: 1px solid @edge; }
QGroupBox { border: 1px solid @rule; border-radius: 8px; margin-top: 12px; padding: 12px 8px 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 12px; padding: 0 4px; color: @accent; }
"""

_BUTTONS = """
QPushButton { color: @ink; background: @field; border: 1px solid @edge; border-radius: 6px;
    padding: 4px 16px; min-height: 20px; }
QPushButton:hover { background: @field-off; border-color: @accent; }
QPushButton:default { border-color: @accent; }
QPushButton:checked { color: @ink; background: @progress; border-color: @accent; }
QPushButton:pressed { color: @ink; background: @progress; }
QPushButton:focus { border: 2px solid @accent; padding: 3px 15px; }
QPushButton:disabled { color: @muted; background: @field-off; border-color: @rule; }
QToolButton { border: 1px solid transparent; border-radius: 6px; padding: 4px 8px; }
QToolButton:hover { background: @card; border-color: @edge; }
QToolButton:checked { color: @ink; background: @progress; border-color: @accent; }
QToolButton:pressed { color: @ink; background: @progress; }
QToolButton:focus { border: 2px solid @accent; padding: 3px 7px; }
QToolButton:disabled { color: @muted; }
QToolButton#question, QToolButton#question:focus { border: none; border-radius: 9px; padding: 0;
    font-weight: 600; color: @accent; background: transparent; }
QToolButton#question:hover, QToolButton#question:focus { background: @accent; color: @on-accent; }
"""

_CHECKS = """
QCheckBox, QRadioButton { border: 2px solid transparent; border-radius: 6px; padding: 2px;
    spacing: 8px; }
QCheckBox:focus, QRadioButton:focus { border-color: @accent; }
QCheckBox:disabled, QRadioButton:disabled { color: @muted; }
QCheckBox::indicator, QAbstractItemView::indicator { width: @tick; height: @tick;
    border: 1px solid @edge; border-radius: 4px; background: @field; }
QCheckBox[quiet="true"]::indicator { border-color: @rule; background: transparent; }
QRadioButton::indicator { width: @tick; height: @tick; border: 1px solid @edge;
    border-radius: 8px; background: @field; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: @accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: @accent;
    border-color: @accent; image: @check-picture; }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
    background: @accent; border-color: @accent; image: @partial-picture; }
QRadioButton::indicator:checked { border: 5px solid @accent; background: @on-accent; width: 8px;
    height: 8px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: @field-off;
    border-color: @rule; }
QCheckBox::indicator:checked:disabled { background: @edge; border-color: @edge; }
"""

_FIELDS = """
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit { color: @ink;
    background: @field; border: 1px solid @edge; border-radius: 6px;
    placeholder-text-color: @muted;
    selection-background-color: @accent; selection-color: @on-accent; }
QLineEdit, QAbstractSpinBox, QComboBox { padding: 2px 7px; min-height: 20px; }
QPlainTextEdit, QTextEdit { padding: 4px; }
QLineEdit[quiet="true"], QComboBox[quiet="true"] { background: transparent;
    border-color: transparent; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: @accent; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 2px solid @accent;
    padding: 1px 6px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid @accent; padding: 3px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: @muted;
    background: @field-off; border-color: @rule; }
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"], QComboBox[wrong="true"] {
    border: 2px solid @error; padding: 1px 6px; }
QComboBox#title { font-weight: 600; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: @arrow-down-picture; width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @card; border: 1px solid @edge; padding: 4px;
    selection-background-color: @progress; selection-color: @ink; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 18px; }
QAbstractSpinBox::up-arrow { image: @arrow-up-picture; width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: @arrow-down-picture; width: 10px; height: 10px; }
QSlider { min-height: 24px; border: 2px solid transparent; border-radius: 6px; }
QSlider:focus { border-color: @accent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @edge; }
QSlider::sub-page:horizontal { border-radius: 2px; background: @accent; }
QSlider::handle:horizontal { width: 14px; margin: -6px 0; border-radius: 8px;
    border: 1px solid @accent; background: @field; }
QSlider::handle:horizontal:hover { background: @progress; }
QSlider::sub-page:horizontal:disabled, QSlider::groove:horizontal:disabled { background: @rule; }
QSlider::handle:horizontal:disabled { border-color: @edge; background: @field-off; }
"""

_LISTS = """
QListView, QTableView, QTreeView { outline: 0; color: @ink; background: @field;
    border: 1px solid @edge; border-radius: 6px; gridline-color: @rule;
    alternate-background-color: @window;
    selection-background-color: @progress; selection-color: @ink; }
QListView:focus, QTableView:focus, QTreeView:focus { border: 2px solid @accent; }
QListView::item, QTreeView::item { min-height: @row; padding: 0 4px;
    border: 2px solid transparent; border-radius: 4px; }
QTableView::item { padding: 2px 6px; border: 2px solid transparent; }
QListView::item:hover, QTreeView::item:hover { background: @field-off; }
QListView::item:selected, QTableView::item:selected, QTreeView::item:selected { color: @ink;
    background: @progress; }
QListView::item:focus, QTableView::item:focus, QTreeView::item:focus {
    border: 2px solid @accent; }
QHeaderView { background: @window; }
QHeaderView::section { color: @ink; background: @window; border: none; font-weight: 600;
    border-right: 1px solid @rule; border-bottom: 1px solid @edge; padding: 4px 8px; }
QTableCornerButton::section { background: @window; border: none; }
"""

_BARS = """
QToolButton#run { border-color: @edge; background: @field; padding: 4px 24px 4px 8px; }
QToolButton#run:hover { border-color: @accent; }
QToolButton#run:focus { padding: 3px 23px 3px 7px; border-color: @accent; }
QToolButton#run:disabled { border-color: @rule; background: @field-off; }
QToolButton#run::menu-button { border: none; border-left: 1px solid @rule; width: 18px; }
QToolButton#run::menu-arrow { image: @arrow-down-picture; width: 10px; height: 10px; }
QProgressBar { border: 1px solid @edge; border-radius: 4px; background: @card; color: @ink;
    text-align: center; min-height: @bar; }
QProgressBar::chunk { background: @progress; border-radius: 3px; }
QStatusBar { color: @muted; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
"""

_MENUS = """
QMenuBar { background: @window; color: @ink; }
QMenuBar::item { background: transparent; border-radius: 6px; padding: 4px 8px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: @progress; color: @ink; }
QMenu { background: @card; color: @ink; border: 1px solid @edge; padding: 4px; }
QMenu::item { border-radius: 4px; padding: 4px 24px 4px 8px; }
QMenu::item:selected { background: @progress; color: @ink; }
QMenu::item:disabled { color: @muted; background: transparent; }
QMenu::separator { background: @rule; height: 1px; margin: 4px 8px; }
"""

_DOCKS = """
QDockWidget { color: @ink; titlebar-close-icon: @close-picture;
    titlebar-normal-icon: @float-picture; }
QDockWidget::title { background: @window; padding: 4px 8px; text-align: left; }
QDockWidget::close-button, QDockWidget::float-button { border: 1px solid transparent;
    border-radius: 4px; padding: 0; icon-size: 16px; width: 18px; height: 18px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: @card;
    border-color: @edge; }
QDockWidget QAbstractButton:focus { border: 2px solid @accent; border-radius: 4px; }
QMainWindow::separator { background: transparent; width: 8px; height: 8px; }
QMainWindow::separator:hover { background: @progress; }
QSplitter::handle:hover { background: @progress; }
QTabWidget::pane { border: 1px solid @rule; border-radius: 6px; }
QTabBar { qproperty-drawBase: 0; qproperty-elideMode: ElideMiddle; }
QTabBar::tab { color: @muted; background: transparent; border: 2px solid transparent;
    border-radius: 6px; padding: 4px 12px; margin: 2px; }
QMainWindow > QTabBar::tab { padding: 4px; margin: 2px 1px; }
QTabBar::tab:hover { color: @ink; background: @card; }
QTabBar::tab:selected { color: @ink; background: @progress; }
QTabBar::tab:selected:focus { border-color: @accent; }
QTabBar::tab:disabled { color: @muted; }
"""

_SCROLLING = """
QScrollArea { border: none; background: transparent; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: @edge; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: @accent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
