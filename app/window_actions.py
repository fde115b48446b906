"""The window's actions, with icons and shortcuts, and its menus."""

from collections.abc import Callable
from typing import Final, get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar, QToolButton

from app import icons
from app import theme as themes
from app.runner import State
from app.theme import Choice, Theme
from app.top_bar import PAGES, TopBar
from engine.runs.records import RunRecord

_ACTIONS: Final = {
    # name: text, icon, shortcut, what it does
    "run": ("Run", "run", "F5", "Start the meta-optimization"),
    "pause": ("Pause", "pause", "F6", "Pause the run, or continue it"),
    "step": ("Step", "step", "F10", "Run one meta-iteration, then pause"),
    "stop": ("Stop", "stop", "Shift+F5", "End the run and keep its results"),
    "gallery": ("Gallery", "", "Ctrl+1", "Choose an experiment from the gallery"),
    "explore": ("Explore", "", "Ctrl+2", "The set-up, and the plots of its run"),
    "export": ("Export…", "export", "Ctrl+E", "Export figures as SVG, PDF, PNG or CSV"),
    "animate": ("Animate…", "animate", "Ctrl+Shift+E", "Export an animated plot as GIF or APNG"),
    "open": ("Open data…", "open", "Ctrl+O", "Use a CSV, NPZ or IDX file as the data set"),
    "data_sets": ("Data sets…", "", "Ctrl+D", "Download or locate the paper's data sets"),
    "new_problem": (
        "New problem…",
        "",
        "Ctrl+N",
        "Write a Python file with losses of your own, from a template, and open it",
    ),
    "open_problem": (
        "Open problem…",
        "",
        "",
        "Use a Python file with losses of your own; it runs only if you say so",
    ),
    "open_experiment": (
        "Open experiment…",
        "open",
        "Ctrl+Shift+O",
        "Read an experiment from a TOML file",
    ),
    "save_experiment": (
        "Save experiment…",
        "save",
        "Ctrl+S",
        "Write the experiment to a TOML file",
    ),
    "import_hyperparameters": (
        "Import hyperparameters…",
        "",
        "",
        "Start from hyperparameters in a CSV or NPZ file, such as those of another run",
    ),
    "copy_script": (
        "Copy as Python",
        "copy",
        "Ctrl+Shift+C",
        "Copy a script that reproduces the run with the engine alone",
    ),
    "own_values": (
        "Restore defaults",
        "reset",
        "Ctrl+Shift+R",
        "Restore the experiment's original values in all fields",
    ),
    "live": ("Follow live", "live", "F8", "Show the run as it goes, or stay at a moment of it"),
    "compare": ("Compare", "", "Ctrl+3", "Show methods side by side on one training run"),
    "compare_methods": (
        "Compare methods…",
        "",
        "Ctrl+K",
        "Find the same hypergradient by several methods: accuracy, time and memory",
    ),
    "preferences": ("Preferences…", "", "Ctrl+,", "Where runs go"),
    "find": ("Find a field…", "", "Ctrl+F", "Find a field of the set-up by its name"),
    "edit_learning_rates": (
        "Edit learning rates by hand…",
        "draw",
        "Ctrl+L",
        "Edit a schedule and see the resulting loss",
    ),
    "edit_decays": (
        "Edit momentum decays by hand…",
        "draw",
        "Ctrl+M",
        "Edit a schedule and see the resulting loss",
    ),
    "arrange": ("Reset layout", "", "", "Move all plots back to their default positions"),
    "predict": (
        "Predict live curves",
        "",
        "",
        "Show how curves that go on are likely to end: not measured; 90 % band",
    ),
    "setup_panel": ("Set-up panel", "", "F9", "Show or hide the set-up panel"),
    "presentation": (
        "Presentation mode",
        "",
        "F11",
        "Two plots on the whole screen, for an audience; the keys 1 to 4 show one, 0 shows all",
    ),
    "larger": ("Larger type", "", "Ctrl++", "Type one step larger"),
    "smaller": ("Smaller type", "", "Ctrl+-", "Type one step smaller"),
    "usual_size": ("Usual type", "", "Ctrl+0", "Type as large as it is at first"),
    "full_screen": ("Full screen", "", "Shift+F11", "Enter or leave full screen"),
    "reduced_motion": ("Reduced motion", "", "", "Play slowly and turn off animations"),
    "tour": ("Guided tour", "tour", "", "A tour of the window, with a run of the first experiment"),
    "guide": ("User's guide", "help", "", "How to use the window, its plots, data and files"),
    "cheat_sheet": ("Shortcuts", "keyboard", "Ctrl+/", "All keyboard shortcuts and mouse gestures"),
    "about": ("About Retrograde", "about", "", "Versions, and the papers behind the program"),
    "quit": ("Quit", "", "Ctrl+Q", "Close the window"),
}
_CHECKABLE: Final = (
    "gallery",
    "explore",
    "compare",
    "predict",
    "setup_panel",
    "presentation",
    "full_screen",
    "reduced_motion",
)
_OTHER_KEYS: Final = {"gallery": "Ctrl+G", "larger": "Ctrl+="}  # as it was; without Shift
_MENUS: Final = {
    "&File": ("open", "data_sets", "", "new_problem", "open_problem", "",
              "open_experiment", "save_experiment", "", "import_hyperparameters", "export",
              "animate", "copy_script", "", "quit"),
    "&Edit": ("find", "own_values", "", "edit_learning_rates", "edit_decays",
              "", "preferences"),
    "&Run": ("run", "pause", "step", "stop", "", "live", "", "compare_methods"),
    "&View": ("gallery", "explore", "compare", "", "setup_panel", "arrange", "predict", "",
              "presentation",
              "full_screen", "", "larger", "smaller", "usual_size", "", "reduced_motion"),
    "&Help": ("guide", "tour", "cheat_sheet", "about"),
}  # fmt: skip


class WindowActions:
    """Every action of the window, by name, in its menus and on its top bar.

    They answer to their keys whether the menus are shown or not.

    Args:
        window: whose actions they are.

    Attributes:
        bar: the run's buttons, the pages and the most used actions.
        menus: by title.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._actions: dict[str, QAction] = {}
        for name, (text, _, keys, what) in _ACTIONS.items():
            action = QAction(text, window)
            if keys:
                action.setShortcut(QKeySequence(keys))
            action.setStatusTip(what)
            action.setCheckable(name in _CHECKABLE)
            self._actions[name] = action
            self._explain(name)
        for name, keys in _OTHER_KEYS.items():
            action = self._actions[name]
            action.setShortcuts([action.shortcut(), QKeySequence(keys)])
        guide = self._actions["guide"]  # F1 asks what is under the pointer first; see `HelpKey`
        guide.setShortcut(QKeySequence("F1"))
        guide.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        window.addActions([*self._actions.values()])
        pages = QActionGroup(window)
        for name in PAGES:
            pages.addAction(self._actions[name])
        self.menus = {title: self._menu(title, names) for title, names in _MENUS.items()}
        self.bar = TopBar(self._actions)
        self._themes = QActionGroup(window)
        self._theme: Theme = themes.LIGHT

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    @property
    def by_menu(self) -> dict[str, list[QAction]]:
        """The actions that have shortcuts, by the title of their menu."""
        return {
            title.replace("&", ""): [a for a in menu.actions() if not a.shortcut().isEmpty()]
            for title, menu in self.menus.items()
        }

    def connect(self, **what: Callable[..., object]) -> None:
        """Say what actions do."""
        for name, does in what.items():
            self._actions[name].triggered.connect(does)

    def button(self, name: str) -> QToolButton:
        """The top bar's button of an action."""
        return self.bar.button(name)

    def set_theme(self, theme: Theme) -> None:
        """Draw icons in a theme's ink."""
        self._theme = theme
        for name, (_, icon, _, _) in _ACTIONS.items():
            if icon:
                self._actions[name].setIcon(icons.icon(icon, theme))
        self.bar.set_theme(theme)

    def set_presentation(self, on: bool) -> None:
        """Say that the button on the bar leaves the presentation, or not."""
        action = self._actions["presentation"]
        action.setChecked(on)
        action.setText("Leave presentation" if on else _ACTIONS["presentation"][0])
        self.bar.set_presentation(on)

    def follow(
        self,
        state: State,
        record: RunRecord | None,
        *,
        ready: bool,
        can_export: bool = False,
        compares: bool = False,
    ) -> None:
        """Offer what can be done now, and no more.

        Args:
            state: of the runner.
            record: the run so far.
            ready: whether the set-up could be run.
            can_export: whether the page has anything to export.
            compares: whether methods are compared now: a run beside them would slow them down.
        """
        busy, paused = state != "idle", state == "paused"
        wrong = "" if ready else "Fix the marked fields first."
        held = "Not while a run is going on." if busy else ""
        over = "" if state in ("running", "paused") else "No run is going on."
        other = "Not while methods are compared." if compares else ""
        unknown = "" if record else "There is no run yet."
        early = "" if record and record.meta_iterations else "No meta-iteration is done yet."
        hindrances = {
            "run": held or wrong or other,
            "step": other if paused else held or wrong or other,
            "pause": (other if paused else "") or over,
            "stop": over,
            "live": early,
            "export": "" if can_export else unknown,
            "animate": early,
            "open": "",
            "open_experiment": held,
            "new_problem": held,
            "open_problem": held,
            "own_values": held,
            "copy_script": wrong,
            "import_hyperparameters": held or wrong,
            "save_experiment": wrong,
            "edit_learning_rates": wrong,
            "edit_decays": wrong,
        }
        for name, hindrance in hindrances.items():
            self._explain(name, hindrance)
        for name in (name for name, hindrance in hindrances.items() if not hindrance):
            self._actions[name].setEnabled(True)
        self._actions["pause"].setText("Resume" if paused else "Pause")
        self._actions["pause"].setIcon(icons.icon("run" if paused else "pause", self._theme))
        self.bar.follow(state)
        for name in (name for name, hindrance in hindrances.items() if hindrance):
            self._actions[name].setEnabled(False)

    def add_history(self, undo: QAction, redo: QAction) -> None:
        """Put undo and redo at the top of the edit menu."""
        menu = self.menus["&Edit"]
        first = menu.actions()[0]
        undo.setIconText("Undo")  # whatever there is to be undone
        redo.setIconText("Redo")
        undo.setShortcut(QKeySequence.StandardKey.Undo)
        redo.setShortcut(QKeySequence.StandardKey.Redo)
        undo.setToolTip("Take back the last change of the set-up, once there is one.")
        redo.setToolTip("Make the change again that was taken back last, once there is one.")
        menu.insertActions(first, [undo, redo])
        menu.insertSeparator(first)

    def add_theme_menu(self, chosen: Choice, does: Callable[[Choice], object]) -> None:
        """Offer the themes, and do something with the one that is chosen."""
        menu = QMenu("&Theme", self._window)
        self.menus["&View"].insertMenu(self._actions["presentation"], menu)
        for choice in get_args(Choice):
            action = menu.addAction(choice.capitalize())
            action.setCheckable(True)
            action.setChecked(choice == chosen)
            action.triggered.connect(lambda _, choice=choice: does(choice))
            self._themes.addAction(action)

    def _explain(self, name: str, hindrance: str = "") -> None:
        """Say what an action does, its key, and why it cannot be done now, if so."""
        action, what = self._actions[name], _ACTIONS[name][-1]
        keys = action.shortcut().toString()
        tip = f"{what} ({keys})" if keys else what
        action.setToolTip(f"{tip}. {hindrance}" if hindrance else tip)

    def _menu(self, title: str, names: tuple[str, ...]) -> QMenu:
        bar: QMenuBar = self._window.menuBar()
        menu = bar.addMenu(title)
        menu.setToolTipsVisible(True)
        for name in names:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()
        return menu
