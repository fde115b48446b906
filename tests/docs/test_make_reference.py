"""The reference of fields is generated, and the page in the repository is the current one."""

import pytest

from docs.make_reference import PAGE, reference
from engine.experiments.fields import descriptions


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "run `python -m docs.make_reference`"


def test_every_field_is_in_the_page_by_its_dotted_name() -> None:
    page, keys = reference(), [key for key in descriptions() if key != "experiment"]
    assert len(keys) > 100
    assert [key for key in keys if f"| `{key}` |" not in page] == []


@pytest.mark.parametrize(
    "said",
    [
        "| `training.iterations` | a whole number from 1 to 1,000,000 | `100` |",
        '| `training.precision` | `"double"`, `"single"` | `"double"` |',
        "| `training.batch_size` | a whole number of at least 1 | all |",
        "| `hyperparameters.decays.free` | true or false | `false` |",
    ],
)
def test_a_field_is_given_with_its_range_and_its_default(said: str) -> None:
    assert said in reference()
