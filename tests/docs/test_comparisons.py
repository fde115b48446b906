"""Pages of experiments whose cards compare methods."""

from docs.comparisons import compared, comparison_table, plots_of
from docs.make_experiments import FOLDER, SHOWN
from engine.experiments.files import list_experiments, load_experiment, override


def test_the_table_of_a_comparison_has_its_methods_and_where_each_line_ends() -> None:
    few = {
        "compares": '["stored-trajectory", "forward"]',
        "training.iterations": "8",
        "model.hidden": "[3]",
    }
    record = compared(override(load_experiment("forward-or-reverse"), few))
    table = comparison_table(record, "the command")
    assert table.startswith("`the command`\n\n| Method |")
    assert "\n| Forward | 1 | " in table
    for line in plots_of(record)["time_by_hyperparameters"].lines:
        assert f"| Time by hyperparameters: {line.name} | {line.y[0]:.2g} s at 1, " in table


def test_every_card_that_compares_has_a_page_with_the_figures_that_are_made() -> None:
    for name in [name for name, one in list_experiments().items() if one.compares]:
        page = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
        for key in SHOWN[name]:
            assert f"({name}/{key}.png)" in page
            assert (FOLDER / name / f"{key}.png").exists()


def test_the_table_says_where_forward_mode_crosses_another_method() -> None:
    page = (FOLDER / "forward-or-reverse.md").read_text(encoding="utf-8")
    assert "| Memory held by hyperparameters: forward crosses stored trajectory | at " in page
