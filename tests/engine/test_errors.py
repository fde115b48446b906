import pickle

from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.sentences import LONGEST, one_line, shown

TEXTS = st.text(max_size=20).flatmap(
    lambda text: st.sampled_from([text, text * 40, text + "x" * 999])
)


@given(TEXTS, TEXTS, TEXTS)
@example("a\nb", "expected a number,\r\nfound \x1b[31m\u2028\u202e\udc80.", "f\0ile.csv")
def test_a_message_is_one_short_line_that_can_be_printed(field, sentence, file):
    error = InputError(field, sentence, file)
    for text in (str(error), error.field, error.sentence, error.file):
        assert len(text) <= LONGEST
        assert text.isprintable()
        assert len(text.splitlines()) <= 1
        text.encode()
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert len(str(error.inside(file))) <= LONGEST


@given(st.text(min_size=1, max_size=2000), st.text(min_size=1, max_size=2000))
def test_names_of_any_length_leave_room_for_the_sentence(field, file):
    sentence = "expected a whole number of at least 1, found 'many'."
    assert str(InputError(field, sentence, file)).endswith(f": {sentence}")


@given(st.text(max_size=2000))
def test_a_sentence_of_any_length_begins_and_ends_as_it_should(found):
    sentence = str(InputError("t.csv", f"expected a column of numbers, found {found!r}."))
    assert sentence.startswith("t.csv: expected a column of numbers, found '"[:-1])
    assert sentence.endswith(".")


@given(st.text(st.characters(categories=["L", "N"]), max_size=LONGEST))
def test_a_short_line_stays_as_it_is(text):
    assert one_line(text) == text
    assert InputError("", text).sentence == text


def test_only_the_middle_of_a_long_line_is_left_out():
    line = one_line("a" * 500 + "b" * 500, 100)
    assert len(line) == 100
    assert line.strip("ab") == "…"
    assert line.endswith("b" * 33)


@given(st.recursive(st.text() | st.integers() | st.floats(), st.lists))
@example(10**10_000)
@example([10**10_000])
@example({"a": "x" * 999})
@example([[[[[[[[]]]]]]]])
def test_any_value_is_shown_in_one_short_line(value):
    line = shown(value)
    assert 0 < len(line) <= 60
    assert line.isprintable()


def test_short_values_are_shown_as_python_writes_them():
    for value in ("abc", 12, -1.5, [1, "a"], None, True):
        assert shown(value) == repr(value)
    assert shown("y" * 999) == "'" + "y" * 39 + "…" + "y" * 18 + "'"


def test_the_others_are_told_with_the_first_up_to_a_number_that_one_reads():
    others = [InputError(f"field {number}", "expected 1, found 0.") for number in range(1, 12)]
    error = InputError("field 0", "expected 1, found 0.", others=others).inside("mine.toml")
    assert str(error) == "mine.toml: field 0: expected 1, found 0."
    *told, last = error.messages
    assert told == [f"mine.toml: field {number}: expected 1, found 0." for number in range(8)]
    assert last == "There are 4 more mistakes."
    assert pickle.loads(pickle.dumps(error)).messages == error.messages
    assert InputError("a", "expected 1.").messages == ["a: expected 1."]
