"""What reports of runs and comparisons say."""

import shlex
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import pytest
from experiments_for_tests import DIVERGES_AFTER_ONE, FIXED, events_of, record_of, tiny

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override, parse_experiment
from engine.experiments.strategies import STRATEGIES
from engine.library.library import open_library
from engine.library.recording import recorded
from engine.output.reports.content import Code, FigureBlock, Report, Table, Text
from engine.output.reports.of_runs import run_report
from engine.output.reports.settings import settings_in_words
from engine.output.reports.writing import report_on, write_report
from engine.plots import Plot, plots
from engine.runs.compare import compare
from engine.runs.comparison import ComparisonRecord, ComparisonStarted
from engine.runs.moments import Moment
from engine.runs.records import RunRecord


def report_of(record: RunRecord) -> Report:
    return run_report(record, plots(record))


def texts_of(report: Report) -> list[str]:
    """Everything that it says."""
    told = [report.title, report.about]
    for section in report.sections:
        told.append(section.title)
        for block in section.blocks:
            match block:
                case Text(text, _) | Code(text, _):
                    told.append(text)
                case Table():
                    told += [block.caption, *block.headers, *chain(*block.rows)]
                case FigureBlock():
                    told += [block.plot.title, block.plot.caption, block.what]
    return told


def blocks_of(report: Report, key: str) -> Sequence[object]:
    return next(section.blocks for section in report.sections if section.key == key)


def codes_of(report: Report) -> dict[str, str]:
    return {
        block.name: block.text
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Code)
    }


@pytest.fixture(scope="module")
def record() -> RunRecord:
    return record_of(events_of(tiny()))


def test_a_run_is_told_with_the_numbers_that_it_measured(record: RunRecord) -> None:
    report = report_of(record)
    [table] = (one for one in blocks_of(report, "course") if isinstance(one, Table))
    assert len(table.rows) == len(record.meta_iterations) == 3
    column = table.headers.index("Validation loss")
    for row, done in zip(table.rows, record.meta_iterations, strict=True):
        assert row[column] == f"{done.measures['validation_loss']:.4g}"
        assert "bit for bit ✓" in row
    [first, *_] = blocks_of(report, "outcome")
    assert isinstance(first, Text)
    assert record.finished is not None
    assert record.finished.measures is not None
    for number in (
        record.meta_iterations[0].measures["validation_loss"],
        record.finished.measures["validation_loss"],
    ):
        assert f"{number:.4g}" in first.text
    assert first.text.endswith("Completed 3 meta-iterations.")


def test_every_plot_of_a_run_is_a_figure(record: RunRecord, tmp_path: Path) -> None:
    with open_library(tmp_path / "runs.retrograde") as library:
        list(recorded(events_of(tiny()), library, "a name"))
        [run] = library
        report = report_on(run)
        drawn = [
            one.plot.key for one in blocks_of(report, "figures") if isinstance(one, FigureBlock)
        ]
        assert set(drawn) >= {plot.key for plot in plots(record)}
        assert f"run a name, experiment tiny, {run.created}, id {run.id}" == report.about


def test_the_experiment_in_a_report_is_the_one_that_was_run(record: RunRecord) -> None:
    codes = codes_of(report_of(record))
    assert codes["command"] == "retrograde run tiny.toml"
    assert parse_experiment(codes["tiny.toml"], "tiny.toml") == record.started_from


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"meta.step": "0.5", "training.iterations": "7"},
        {"model.hidden": "[3, 4]", "model.activation": "ReLU"},
        {"training.batch_size": "32", "hyperparameters.decays.free": "true"},
    ],
)
def test_the_command_makes_the_experiment_again(settings: dict[str, str]) -> None:
    experiment = override(load_experiment("moons"), {"meta.iterations": "1", **settings})
    command = codes_of(report_of(record_of(events_of(experiment))))["command"]
    retrograde, run, name, *words = shlex.split(command)
    assert (retrograde, run) == ("retrograde", "run")
    told = dict(word.split("=", 1) for word in words if word != "--set")
    assert override(load_experiment(name), told) == experiment


def test_a_run_that_diverged_says_so_where_it_says_what_came_out() -> None:
    record = record_of(events_of(tiny(DIVERGES_AFTER_ONE)))
    assert record.finished is not None
    first, *_ = blocks_of(report_of(record), "outcome")
    assert isinstance(first, Text)
    assert first.tone == "wrong"
    assert record.finished.message in first.text


def test_a_moment_is_told_with_what_came_after(record: RunRecord) -> None:
    past = record.at(Moment(1, 5))
    told = " ".join(texts_of(report_of(past)))
    assert "Shown: meta-iteration 1, iteration 5 of 8." in told
    assert "The run went on: Completed 3 meta-iterations." in told


def test_a_run_that_goes_on_is_told_as_far_as_it_is() -> None:
    events = events_of(tiny())
    part = record_of(events[: len(events) // 2])
    told = " ".join(texts_of(report_of(part)))
    done = STRATEGIES["sgd"].amount(len(part.meta_iterations), 3)
    assert f"The run has not come to its end: {done} done." in told


def test_predicted_values_of_stopped_trials_are_called_so() -> None:
    stopping = {
        "meta.optimizer": "random",
        "meta.iterations": "8",
        "training.iterations": "60",
        "stopping.when": "automatic",
        "stopping.least": "4",
        "stopping.patience": "1",
        "stopping.threshold": "0.3",
        "stopping.points": "12",
    }
    record = record_of(events_of(tiny(stopping)))
    stopped = [done for done in record.meta_iterations if done.prediction is not None]
    assert stopped
    report = report_of(record)
    [table] = (one for one in blocks_of(report, "course") if isinstance(one, Table))
    cells = [row[-1] for row in table.rows if row[-1]]
    assert len(cells) == len(stopped)
    assert all(cell.endswith("(stopped)") for cell in cells)
    assert "Predicted values were never measured" in " ".join(texts_of(report))


def test_settings_are_told_in_the_words_of_the_set_up_and_only_those_that_count() -> None:
    told = dict(chain(*(table.rows for table in settings_in_words(tiny()))))
    assert told["Data set"] == "Iris"
    assert told["Iterations T (steps)"] == "8"
    assert told["Training part"] == "0.6 of all"
    assert told["Learning rates: free"] == "yes"
    assert told["Method"] == "Exact reversal"
    assert "Hidden layers (units)" not in told  # softmax regression has none
    assert not any("RMSprop" in name or "episode" in name for name in told)


def test_a_comparison_is_told_with_its_table_and_command() -> None:
    record = None
    experiment = tiny(FIXED | {"hyperparameters.l2_penalties.free": "true"})
    for event in compare(experiment, ["stored-trajectory", "truncated:last=2"], ["option"]):
        if isinstance(event, ComparisonStarted):
            record = ComparisonRecord(event)
        elif record:
            record.add(event)
    assert record is not None
    report = report_on(record)
    [table] = (one for one in blocks_of(report, "outcome") if isinstance(one, Table))
    assert [row[0] for row in table.rows] == [
        "Exact reversal",
        "Stored trajectory",
        "Truncated, last 2",
    ]
    command = codes_of(report)["command"]
    assert "exact-reversal,stored-trajectory,truncated:last=2 --studies option" in command
    assert any(isinstance(block, FigureBlock) for block in blocks_of(report, "figures"))


@pytest.mark.parametrize("name", ["report", "report.txt", "report.html.gz"])
def test_a_report_of_no_kind_is_refused(record: RunRecord, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"expected a file that ends in \.html or \.pdf"):
        write_report(record, tmp_path / name)
    assert not [*tmp_path.iterdir()]


def test_a_report_that_is_broken_off_leaves_no_file(record: RunRecord, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        assert total == len(plots(record))
        raise KeyboardInterrupt

    for kind in ("html", "pdf"):
        with pytest.raises(KeyboardInterrupt):
            write_report(record, tmp_path / f"a.{kind}", plots(record), progress=stop)
    assert not [*tmp_path.iterdir()]


def test_a_report_is_the_same_each_time(record: RunRecord, tmp_path: Path) -> None:
    few = [plot for plot in plots(record) if plot.key == "losses"]
    for kind in ("html", "pdf"):
        one, two = (
            write_report(record, tmp_path / f"{name}.{kind}", few).read_bytes() for name in "ab"
        )
        assert one == two


def test_long_runs_are_told_in_some_rows_with_the_best_among_them() -> None:
    experiment: Experiment = tiny({"meta.iterations": "90", "training.iterations": "2"})
    report = report_of(record_of(events_of(experiment)))
    [table] = (one for one in blocks_of(report, "course") if isinstance(one, Table))
    assert len(table.rows) <= 60
    assert [table.rows[0][0].split()[0], table.rows[-1][0].split()[0]] == ["0", "89"]
    assert any("of 90 rows" in text for text in texts_of(report))


def test_alternative_texts_say_where_lines_begin_and_end(record: RunRecord) -> None:
    from engine.output.reports.alternatives import alternative_text

    [losses] = (plot for plot in plots(record) if plot.key == "losses")
    assert isinstance(losses, Plot)
    text = alternative_text(losses)
    for line in losses.lines:
        if not line.faint:
            assert f"{line.label} from {line.y[0]:.3g} to {line.y[-1]:.3g}" in text


def test_several_runs_are_laid_over_each_other_with_what_differs(tmp_path: Path) -> None:
    with open_library(tmp_path / "runs.retrograde") as library:
        list(recorded(events_of(tiny()), library, "slow"))
        list(recorded(events_of(tiny({"meta.step": "0.25"})), library, "quick"))
        report = report_on([library["slow"], library["quick"]])
    assert report.title == "2 runs"
    [differing] = (one for one in blocks_of(report, "differences") if isinstance(one, Table))
    assert differing.headers == ("", "1 slow", "2 quick")
    assert [row[0] for row in differing.rows] == ["Step size"]
    figures = [one.plot for one in blocks_of(report, "figures") if isinstance(one, FigureBlock)]
    losses = next(plot for plot in figures if plot.key == "losses")
    assert isinstance(losses, Plot)
    assert {line.colour for line in losses.lines} == {0, 1}
    commands = [one for one in blocks_of(report, "reproduce") if isinstance(one, Code)]
    assert len(commands) == 4
    write_report(record_of(events_of(tiny())), tmp_path / "one.html", ())
