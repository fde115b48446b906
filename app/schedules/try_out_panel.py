"""Two training runs side by side: their losses, what changed, and their learning curves."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.plain_text import PlainLabel
from app.plots.entries import Entry
from app.plots.legend import Legend
from app.plots.plot_view import PlotView
from app.theme import Theme
from engine.plots import number_in_words
from engine.plots.try_outs import learning_curves
from engine.runs.try_out import Comparison, TryOut, compare

_HEADINGS = ("", "original", "edited", "change")
_WIDEST = ("test accuracy", "original", "0.0004444", "+100.0 points, better")
_MANY = 10  # times as much is no longer said in percent
_MOST_ROWS = 4  # three losses and an accuracy


class TryOutPanel(QFrame):
    """Shows the results of training with the original schedule and with the edited one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._theme = theme
        title = QLabel("After the last training iteration")
        title.setObjectName("section")
        title.setIndent(0)
        self.doing = QLabel("Training …")
        self.doing.setObjectName("muted")
        self.problem = PlainLabel()
        self.problem.setObjectName("error")
        self.problem.hide()
        self.rows = [[QLabel() for _ in _HEADINGS] for _ in range(_MOST_ROWS)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for column, heading in enumerate(_HEADINGS):
            label = QLabel(heading)
            label.setObjectName("muted")
            for row, cell in enumerate([label, *(line[column] for line in self.rows)]):
                grid.addWidget(cell, row, column)
                if column in (1, 2):
                    cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(3, 1)
        for column, widest in enumerate(_WIDEST):  # the layout stays fixed while numbers change
            grid.setColumnMinimumWidth(column, self.fontMetrics().horizontalAdvance(widest))
        self.note = PlainLabel()
        self.note.setObjectName("muted")
        self.note.hide()
        self.curves_title = QLabel("Learning curves, before each step")
        self.curves_title.setObjectName("section")
        self.curves_title.setIndent(0)
        self.legend = Legend()
        self.view = PlotView(theme)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(12, 4, 12, 8)
        column_layout.setSpacing(4)
        column_layout.addWidget(title)
        column_layout.addLayout(grid)
        column_layout.addWidget(self.note)
        column_layout.addWidget(self.problem)
        column_layout.addWidget(self.doing)
        column_layout.addWidget(self.curves_title)
        column_layout.addWidget(self.legend)
        column_layout.addWidget(self.view, 1)
        self.show_runs(None, None, "")

    def show_runs(self, original: TryOut | None, edited: TryOut | None, problem: str) -> None:
        """Show two training runs.

        Args:
            original: the one with the original schedule, or None while there is none.
            edited: the one with the edited schedule, or None.
            problem: one sentence about a run that failed.
        """
        compared = compare(original, edited)
        for index, cells in enumerate(self.rows):
            there = index < len(compared)
            for cell in cells:
                cell.setVisible(there)
            if there:
                self._fill(cells, compared[index])
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self._curves = learning_curves(original, edited)
        self.view.show_plot(self._curves)
        self._name_curves()

    def set_note(self, sentence: str) -> None:
        """Say what to know before the results are relied on; with "", nothing."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def set_busy(self, busy: bool) -> None:
        """Show whether training is running."""
        self.doing.setText("Training …" if busy else " ")

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.view.set_theme(theme)
        self._name_curves()

    def _name_curves(self) -> None:
        lines = self._curves.lines
        self.legend.set_entries([Entry(line.name, self.view.pen(line)) for line in lines])

    def _fill(self, cells: list[QLabel], compared: Comparison) -> None:
        before, after = _number(compared, compared.before), _number(compared, compared.after)
        change = _change_in_words(compared)
        for cell, text in zip(cells, (compared.measure.title, before, after, change), strict=True):
            cell.setText(text)
        cells[3].setObjectName("error" if compared.verdict == "worse" else "")
        cells[3].style().unpolish(cells[3])
        cells[3].style().polish(cells[3])


def _is_accuracy(compared: Comparison) -> bool:
    return compared.measure.quantity == "accuracy"


def _number(compared: Comparison, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.1%}" if _is_accuracy(compared) else f"{value:.4g}"


def _change_in_words(compared: Comparison) -> str:
    if compared.change is None or compared.verdict is None:
        return ""
    if compared.verdict == "the same":
        return "the same"
    before, after = compared.before, compared.after
    if not _is_accuracy(compared) and before and after and after / before >= _MANY:
        return f"{number_in_words(float(f'{after / before:.2g}'), 15)} ×, {compared.verdict}"
    amount = f"{100 * compared.change:+.1f}".replace("-", "−")
    unit = " points" if _is_accuracy(compared) else "%"
    return f"{amount}{unit}, {compared.verdict}"
