"""Every field and every plot can say what it is."""

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from engine.experiments.experiment import Experiment, HyperparameterSettings
from engine.experiments.fields import field_texts
from engine.experiments.help_texts import HelpText, method_text, read_texts
from engine.hypergradients.catalogue import METHODS
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.settings import Setting
from engine.plots import PLOTS
from engine.plots.help_texts import help_text, plot_texts

ALL = {**field_texts(), **plot_texts()}


def fields(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """The dotted names of all that an experiment holds."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if inner is HyperparameterSettings:
            for kind in KINDS:
                yield from fields(Setting, f"{prefix}{name}.{kind}.")
        elif isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from fields(inner, f"{prefix}{name}.")
        else:
            yield prefix + name


def test_every_field_of_an_experiment_has_a_text_and_no_text_is_about_anything_else() -> None:
    beside = {"experiment"}  # the choice of an experiment, which is no field of one
    assert set(fields(Experiment)) | beside == set(field_texts())


def test_every_plot_has_a_text_and_no_text_is_about_anything_else() -> None:
    assert read_texts("plots.toml").keys() == PLOTS.keys()
    assert all(what.text for what in plot_texts().values())


def test_a_plot_is_called_in_help_what_the_catalogue_calls_it() -> None:
    assert {key: what.title for key, what in plot_texts().items()} == {
        key: kind.title for key, kind in PLOTS.items()
    }
    assert not any("title" in table for table in read_texts("plots.toml").values())


def test_fields_and_plots_never_share_a_key() -> None:
    assert not field_texts().keys() & plot_texts().keys()


def is_one_to_four_whole_sentences(text: str) -> bool:
    sentences = len(re.findall(r"[.!?](?= |$)", text))
    return text.endswith((".", "!")) and 1 <= sentences <= 4 and len(text) > 40


def test_every_text_is_one_to_four_whole_sentences_under_a_title() -> None:
    odd = [key for key, what in ALL.items() if not is_one_to_four_whole_sentences(what.text)]
    assert odd == []
    assert [key for key, what in ALL.items() if not what.title] == []


def is_in_the_paper(places: str) -> bool:
    sections = {"2.1", "2.2", "2.3", "3", "3.1", "3.2", "3.3", "3.4", "4"}
    return (
        re.match(r"(sections?|figure|algorithms?) \d", places) is not None
        and set(re.findall(r"sections? ([\d.]*\d)", places)) <= sections
        and all(1 <= int(number) <= 10 for number in re.findall(r"figure (\d+)", places))
        and all(1 <= int(number) <= 3 for number in re.findall(r"algorithms? (\d+)", places))
    )


def test_every_place_in_the_paper_is_one_that_the_paper_has() -> None:
    places = {key: what.paper for key, what in ALL.items() if what.paper}
    assert places
    assert {key: place for key, place in places.items() if not is_in_the_paper(place)} == {}


def test_what_a_field_is_and_what_a_plot_is_are_found_by_key() -> None:
    assert help_text("training.iterations").title == "Iterations T"
    assert isinstance(help_text("memory"), HelpText)
    assert "information buffer" in help_text("memory").text


def test_something_that_does_not_exist_has_no_text() -> None:
    with pytest.raises(KeyError):
        help_text("training.iteration")


@pytest.mark.parametrize("name", METHODS)
def test_every_method_has_a_text_a_formula_and_a_source(name: str) -> None:
    what = method_text(name)
    assert what.title == METHODS[name].title
    assert 60 < len(what.text) < 400
    assert what.formula.startswith("$")
    assert what.citation == what.source != ""


def test_no_text_is_about_another_method() -> None:
    assert read_texts("methods.toml").keys() == METHODS.keys()
