"""The command ``retrograde``: the window, and the same experiments without one."""

import gc
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.choosing import choose, settings_in
from app.command_options import (
    Changes,
    HyperparametersFile,
    LibraryFile,
    Problem,
    Record,
    ReportFile,
    Resume,
    Scheduler,
    StandIn,
    Trust,
    UsageError,
    Workers,
)
from app.command_words import name_library, repeat_set
from app.display import why_no_window
from app.forecast_command import forecast
from app.hyperparameters_command import hyperparameters, starting_from
from app.report_command import besides, checked, report
from app.runs_command import runs
from app.stopping import INTERRUPTED, STOPPING
from app.terminal import FailedRunError, complain, drop_output, say, speak_any_text
from engine.errors import DivergedError, InputError
from engine.files import folder_name

BAD_INPUT, FAILED = 2, 1

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Explore hypergradients by running training backwards, bit for bit.",
)


app.add_typer(runs, name="runs")
runs.command("hyperparameters")(hyperparameters)
app.command("report")(report)


@app.callback(invoke_without_command=True)
def _window(
    context: typer.Context,
    experiment: Annotated[str, typer.Option(help="Experiment to open.")] = "",
    start: Annotated[bool, typer.Option("--start", help="Start the run immediately.")] = False,
) -> None:
    """Open the window."""
    if context.invoked_subcommand:
        return
    if reason := why_no_window():
        raise FailedRunError(f"{reason}; `retrograde run NAME` runs an experiment without one.")
    gc.disable()  # loading leaves no garbage, and the window collects its own
    from app.application import leave_what_cannot_be_interrupted, open_window

    raise typer.Exit(leave_what_cannot_be_interrupted(open_window(experiment or None, start=start)))


@app.command("list")
def _list() -> None:
    """List the experiments that ship with Retrograde, one per line."""
    from engine.experiments.files import list_experiments

    experiments = list_experiments(stand_in=True)
    width = max(len(name) for name in experiments)
    for name, experiment in experiments.items():
        print(f"{name:<{width}}  {experiment.title}")


@app.command("run")
def _run(
    experiment: Annotated[str, typer.Argument(metavar="NAME|FILE.toml")] = "",
    meta_iterations: Annotated[int | None, typer.Option(help="Number of meta-iterations.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of weights and minibatches.")] = None,
    changes: Changes = None,
    hyperparameters: HyperparametersFile = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for results and figures (default: out/NAME).")
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = "",
    record: Record = True,
    library: LibraryFile = None,
    resume: Resume = False,
    report_file: ReportFile = None,
    stand_in: StandIn = False,
    problem: Problem = None,
    trust: Trust = False,
) -> None:
    """Run an experiment without a window, and write its numbers and figures to a folder."""
    from app.recorded_runs import recording_for
    from app.unattended import run_unattended

    checked(report_file)
    settings = settings_in(changes or [])
    if meta_iterations is not None:
        settings["meta.iterations"] = str(meta_iterations)
    if seed is not None:
        settings["meta.seed"] = str(seed)
    chosen = choose(experiment, settings, stand_in=stand_in, problem=problem, trust=trust)
    chosen = starting_from(chosen, hyperparameters)
    if meta_iterations is not None and chosen.is_one_run:
        raise InputError(
            "--meta-iterations",
            "expected none, because real time makes an update every meta.update_every iterations.",
        )
    folder = out or Path("out") / folder_name(chosen.name)
    recording = recording_for(chosen, library, records=record, resumes=resume)
    count = run_unattended(chosen, folder, workers, scheduler, recording, report_file)
    say(f"{count} files in {folder}{besides(report_file)}")


@app.command("check")
def _check(
    experiment: Annotated[str, typer.Argument(metavar="NAME|FILE.toml")] = "",
    changes: Changes = None,
    stand_in: StandIn = False,
    problem: Problem = None,
    trust: Trust = False,
) -> None:
    """Compare an experiment's hypergradient with finite differences and with other methods."""
    from rich.console import Console
    from rich.table import Table

    from app.data.listing import print_notes
    from engine.experiments.own_problem import named
    from engine.runs.own_runs import check_safely
    from engine.tasks.fitting import notes_on_data

    table, checked = Table(), ""
    console = Console()
    failed = 0
    settings = settings_in(changes or [])
    chosen = choose(experiment, settings, stand_in=stand_in, problem=problem, trust=trust)
    print_notes(notes_on_data(chosen.data))
    remarks: list[str] = []
    for result in check_safely(chosen):
        if result.what != checked:
            if checked:
                console.print(table, *remarks)
                remarks.clear()
            checked = result.what
            table = Table("hyperparameters", "found", "expected", "difference", "", title=checked)
        failed += not result.passed
        table.add_row(
            named(chosen.problem, result.kind),
            f"{result.found:.8e}",
            f"{result.expected:.8e}",
            f"{result.difference:.1e}",
            "told" if result.is_told else "ok" if result.passed else "DIFFERS",
        )
        if result.remark and result.remark not in remarks:
            remarks.append(result.remark)
    console.print(table, *remarks)
    if failed:
        raise FailedRunError(f"Comparisons that differ by more than their tolerance: {failed}.")


@app.command("compare")
def _compare(
    experiment: Annotated[str, typer.Argument(metavar="NAME|FILE.toml")] = "",
    methods: Annotated[
        str,
        typer.Option(
            metavar="A,B,…",
            help="Methods, with options as in truncated:last=10 (default: the usual ones).",
        ),
    ] = "",
    strategies: Annotated[
        str,
        typer.Option(
            metavar="A,B,…",
            help="Compare strategies instead, with settings as in adam:step=0.1 (usual: their "
            "usual ones).",
        ),
    ] = "",
    seeds: Annotated[int, typer.Option(min=1, help="Searches of each strategy.")] = 3,
    budget: Annotated[
        float | None,
        typer.Option(help="Training runs that a search may take (default: as hypergradients do)."),
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="Seconds that a search may take.")] = None,
    studies: Annotated[
        str,
        typer.Option(
            metavar="A,B,…",
            help="What to vary besides: iterations, option, hyperparameters, or none.",
        ),
    ] = "iterations,option,hyperparameters",
    changes: Changes = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for results (default: out/NAME-methods, or -strategies)."),
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = "",
    report_file: ReportFile = None,
    stand_in: StandIn = False,
    problem: Problem = None,
    trust: Trust = False,
) -> None:
    """Compare methods on an experiment's first training run: accuracy, time, memory.

    With --strategies, compare searches for its best hyperparameters, with hypergradients and
    without, on equal budgets.
    """
    from engine.experiments.rival import is_of_strategies

    checked(report_file)
    settings = settings_in(changes or [])
    chosen = choose(experiment, settings, stand_in=stand_in, problem=problem, trust=trust)
    if strategies or (not methods and is_of_strategies(chosen.compares)):
        from app.comparison.strategies_unattended import compare_strategies_unattended

        if methods:
            raise InputError("--strategies", "expected either methods or strategies, found both.")
        folder = out or Path("out") / f"{folder_name(chosen.name)}-strategies"
        named = [one for one in strategies.split(",") if one]
        rivals = None if strategies in ("", "usual") else named
        limits = seeds, budget, seconds
        places = workers, scheduler, report_file
        count = compare_strategies_unattended(chosen, folder, rivals, *limits, *places)
        say(f"{count} files in {folder}{besides(report_file)}")
        return
    from app.comparison.unattended import compare_unattended, studies_named

    folder = out or Path("out") / f"{folder_name(chosen.name)}-methods"
    wanted = studies_named(studies)
    names = [one for one in methods.split(",") if one] or None
    count = compare_unattended(chosen, folder, names, wanted, workers, scheduler, report_file)
    say(f"{count} files in {folder}{besides(report_file)}")


app.command("forecast")(forecast)


@app.command("data")
def _data() -> None:
    """List the data sets that can be downloaded, and where those available are stored."""
    from app.data.listing import print_sets

    print_sets()


@app.command("fetch")
def _fetch(names: Annotated[list[str], typer.Argument(metavar="NAME…")]) -> None:
    """Download data sets into the user's cache; run again to resume an interrupted download."""
    from app.data.listing import fetch_in_view
    from engine.data.fetching import FetchError

    try:
        with STOPPING.keeping(lambda: "; run the command again to resume the download"):
            fetch_in_view(names)
    except FetchError as error:
        raise FailedRunError(str(error)) from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit status: 0, 1 for a failed run, 2 for bad input, 130 after Ctrl+C.
    """
    words = name_library(repeat_set(sys.argv[1:] if arguments is None else arguments))
    try:
        status = int(app(words, standalone_mode=False) or 0)
        if sys.stdout is not None:
            sys.stdout.flush()
    except InputError as error:
        for message in error.messages:
            complain(message)
        return BAD_INPUT
    except UsageError as error:
        message = " ".join(error.format_message().split()).rstrip(".")
        complain(f"{message}. See `retrograde --help`.")
        return BAD_INPUT
    except (DivergedError, FailedRunError) as error:
        complain(str(error))
        return FAILED
    except (KeyboardInterrupt, typer.Abort):
        complain("Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:  # whoever was reading has read enough
        drop_output()
        return FAILED
    except OSError as error:
        drop_output()
        complain(f"{error.filename or 'Standard output'}: {error.strerror}.")
        return FAILED
    except Exception as error:  # unexpected: one line that says what and where, to report
        complain(_unforeseen(error))
        return FAILED
    return status


def _unforeseen(error: Exception) -> str:
    """One line about an error that is not the user's."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    text = " ".join(str(error).split()).rstrip(".")
    named = type(error).__name__ + (f": {text}" if text else "")
    return f"Internal error: {named} ({Path(last.filename).name}, line {last.lineno})."


if __name__ == "__main__":
    speak_any_text()
    STOPPING.listen()
    exit_status = main()
    STOPPING.finish()
    sys.exit(exit_status)
