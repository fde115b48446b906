"""What an export writes beside its figures: reports and hyperparameters."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from experiments_for_tests import events_of, record_of, tiny
from export_driving import PATIENCE, PLOTS, click
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.exporting.beside import Beside, Progress, hyperparameters, reports
from app.exporting.export_dialog import ExportDialog
from engine.output.imported import with_hyperparameters
from engine.plots import AnyPlot, Showing, plots
from engine.runs.events import MetaIterationDone
from engine.runs.moments import Moment


def opened(
    qtbot: QtBot, folder: Path, figures: Sequence[AnyPlot], beside: list[Beside]
) -> ExportDialog:
    make_application()
    made = ExportDialog(figures, [], folder, beside=beside)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitExposed(made)
    return made


def test_reports_and_hyperparameters_are_written_without_any_figure(
    qtbot: QtBot, tmp_path: Path
) -> None:
    record = record_of(events_of(tiny()))
    beside = [*reports(lambda: record), *hyperparameters(record, lambda: None)]
    dialog = opened(qtbot, tmp_path / "out", plots(record), beside)
    assert not dialog.write.isEnabled()
    for box in dialog.beside.values():
        click(qtbot, box)
    assert dialog.summary.text() == "4 files"
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
        click(qtbot, dialog.write)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        *("report.html", "report.pdf"),
        *("hyperparameters_best.csv", "hyperparameters_best.npz"),
    }
    assert "<figure" not in (tmp_path / "out" / "report.html").read_text()
    one, two = (
        with_hyperparameters(tiny(), tmp_path / "out" / f"hyperparameters_best.{kind}")
        for kind in ("csv", "npz")
    )
    assert one == two != tiny()
    dialog.reject()


def test_a_report_has_the_figures_that_are_ticked(qtbot: QtBot, tmp_path: Path) -> None:
    record = record_of(events_of(tiny()))
    [losses] = (plot for plot in plots(record) if plot.key == "losses")
    dialog = opened(qtbot, tmp_path / "out", [losses, *PLOTS], reports(lambda: record))
    dialog.choice.item(0).setCheckState(dialog.choice.item(0).checkState().Checked)
    for box in dialog.formats.values():
        box.setChecked(False)
    click(qtbot, dialog.beside["html"])
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
        click(qtbot, dialog.write)
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.count("<figure") == 1
    assert 'id="figure-losses"' in page
    dialog.reject()


def test_hyperparameters_are_those_of_the_moment_that_is_shown(tmp_path: Path) -> None:
    record = record_of(events_of(tiny()))
    csv, _ = hyperparameters(record, lambda: Moment(1, 3))
    assert csv.name() == "hyperparameters_1.csv"
    csv.begin()(tmp_path / csv.name(), (), {}, lambda done, total: None)
    read = with_hyperparameters(tiny(), tmp_path / csv.name())
    rate = record.meta_iterations[1].hyperparameters["learning_rates"][0, 0]
    assert read.hyperparameters["learning_rates"].initial == rate


def test_a_run_of_which_nothing_is_done_has_no_hyperparameters_to_export() -> None:
    events = events_of(tiny())
    first = next(i for i, event in enumerate(events) if isinstance(event, MetaIterationDone))
    record = record_of(events[:first])
    assert not record.meta_iterations
    assert hyperparameters(record, lambda: None) == []


def test_what_is_written_is_what_there_was_when_it_began(tmp_path: Path) -> None:
    events = events_of(tiny())
    record = record_of(events[:-6])
    done = len(record.meta_iterations)
    html, _ = reports(lambda: record)
    write = html.begin()
    for event in events[-6:]:
        record.add(event)
    assert len(record.meta_iterations) > done or record.finished
    write(tmp_path / "report.html", (), {}, lambda one, total: None)
    assert "has not come to its end" in (tmp_path / "report.html").read_text()


def test_writing_beside_the_figures_can_be_broken_off(qtbot: QtBot, tmp_path: Path) -> None:
    begun = []

    def write(
        path: Path, figures: Sequence[AnyPlot], showings: Mapping[str, Showing], progress: Progress
    ) -> None:
        begun.append(path.name)
        while True:
            progress(1, 2)
            time.sleep(0.01)

    slow = Beside("slow", "&Slow", "Takes for ever", lambda: "slow.txt", lambda: write)
    dialog = opened(qtbot, tmp_path / "out", PLOTS, [slow])
    click(qtbot, dialog.beside["slow"])
    click(qtbot, dialog.write)
    qtbot.waitUntil(lambda: begun == ["slow.txt"], timeout=PATIENCE)
    qtbot.waitUntil(lambda: "slow.txt, figure 1 of 2" in dialog.progress.format(), timeout=PATIENCE)
    dialog.reject()
    assert not dialog.isVisible()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("key", ["html", "npz"])
def test_what_was_ticked_is_remembered(qtbot: QtBot, tmp_path: Path, key: str) -> None:
    record = record_of(events_of(tiny()))
    beside = [*reports(lambda: record), *hyperparameters(record, lambda: None)]
    dialog = opened(qtbot, tmp_path / "out", [], beside)
    click(qtbot, dialog.beside[key])
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
        click(qtbot, dialog.write)
    dialog.reject()
    again = opened(qtbot, tmp_path / "out", [], beside)
    assert [one for one, box in again.beside.items() if box.isChecked()] == [key]
    again.reject()
