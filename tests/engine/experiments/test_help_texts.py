"""Every field and every plot can say what it is."""

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from engine.experiments.experiment import Experiment, HyperparameterSettings
from engine.experiments.help_texts import HelpText, field_texts, help_text, plot_texts
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.settings import Setting

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


def test_fields_and_plots_never_share_a_key() -> None:
    assert not field_texts().keys() & plot_texts().keys()


@pytest.mark.parametrize("key", list(ALL))
def test_a_text_is_one_to_four_whole_sentences(key: str) -> None:
    text = ALL[key].text
    assert text.endswith((".", "!"))
    assert 1 <= len(re.findall(r"[.!?](?= |$)", text)) <= 4
    assert len(text) > 40
    assert ALL[key].title


@pytest.mark.parametrize("key", [key for key, what in ALL.items() if what.paper])
def test_a_place_in_the_paper_is_one_that_the_paper_has(key: str) -> None:
    places = ALL[key].paper
    assert re.match(r"(sections?|figure|algorithms?) \d", places)
    sections = {"2.1", "2.2", "2.3", "3", "3.1", "3.2", "3.3", "3.4", "4"}
    named = re.findall(r"sections? ([\d.]*\d)", places)
    assert set(named) <= sections
    assert all(1 <= int(number) <= 10 for number in re.findall(r"figure (\d+)", places))
    assert all(1 <= int(number) <= 3 for number in re.findall(r"algorithms? (\d+)", places))


def test_what_a_field_is_and_what_a_plot_is_are_found_by_key() -> None:
    assert help_text("training.iterations").title == "Iterations T"
    assert isinstance(help_text("memory"), HelpText)
    assert "information buffer" in help_text("memory").text


def test_something_that_does_not_exist_has_no_text() -> None:
    with pytest.raises(KeyError):
        help_text("training.iteration")
