import pytest

from engine.data.readers.marks import decimal_in


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["0,867", "0,125", "0,999"], "comma"),
        (["1,234", "0,867", "2,500"], "comma"),
        (["1,5", "2,25"], "comma"),
        (["1,234", "12,345", "999,000"], "point"),  # thousands, for all that can be seen
        (["1.5", "2.25", "0,867"], "point"),
        (["-0,500", "+0,250"], "comma"),
        (["red", ""], "point"),
    ],
)
def test_three_digits_after_a_comma_are_thousands_only_where_no_zero_stands_before_it(
    cells: list[str], mark: str
) -> None:
    assert decimal_in(cells) == mark
