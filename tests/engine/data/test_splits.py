import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.data.dataset import Dataset
from engine.data.datasets import load_dataset
from engine.data.splits import split_dataset
from engine.errors import InputError

THOUSANDTHS = st.integers(-(10**6), 10**6).map(lambda number: number / 1000)

unhurried = settings(deadline=None)


def numbered(size: int) -> Dataset:
    """Examples that say which they are, and whose target says it too."""
    inputs = np.stack([np.arange(size, dtype=float), np.arange(size) % 3], axis=1)
    return Dataset("numbered", "Numbered", inputs, np.arange(size), ("c",) * size, ("i", "rest"))


def parts(split):
    return split.train, split.validation, split.test


@st.composite
def amounts(draw, size):
    """Counts of examples that fit, the first at least 1."""
    train = draw(st.integers(1, size))
    validation = draw(st.integers(0, size - train))
    return train, validation, draw(st.integers(0, size - train - validation))


@unhurried
@given(st.data(), st.integers(1, 60), st.integers(0, 2**63))
def test_parts_are_disjoint_examples_of_the_asked_sizes(data, size, seed):
    train, validation, test = data.draw(amounts(size))
    split = split_dataset(
        numbered(size), train=train, validation=validation, test=test, scaling="none", seed=seed
    )
    assert [len(part.targets) for part in parts(split)] == [train, validation, test]
    dealt = np.concatenate([part.targets for part in parts(split)])
    assert len(set(dealt)) == train + validation + test
    assert set(dealt) <= set(range(size))
    for part in parts(split):
        assert part.inputs.shape == (len(part.targets), 2)
        assert np.array_equal(part.inputs[:, 0], part.targets)
        assert np.array_equal(part.inputs[:, 1], part.targets % 3)


@unhurried
@given(st.integers(3, 60), st.integers(0, 2**63))
def test_amounts_that_use_everything_permute_the_examples(size, seed):
    split = split_dataset(
        numbered(size), train=size - 2, validation=1, test=1, scaling="none", seed=seed
    )
    dealt = np.concatenate([part.targets for part in parts(split)])
    assert np.array_equal(np.sort(dealt), np.arange(size))


@unhurried
@given(st.data(), st.integers(2, 60), st.integers(0, 2**63))
def test_the_training_part_does_not_depend_on_the_other_amounts(data, size, seed):
    train, validation, test = data.draw(amounts(size))
    alone = split_dataset(
        numbered(size), train=train, validation=0, test=0, scaling="each feature", seed=seed
    )
    whole = split_dataset(
        numbered(size),
        train=train, validation=validation, test=test, scaling="each feature", seed=seed,
    )  # fmt: skip
    assert np.array_equal(alone.train.targets, whole.train.targets)
    assert np.array_equal(alone.train.inputs, whole.train.inputs)


def test_the_seed_alone_decides_and_seeds_differ():
    def order(seed):
        split = split_dataset(
            numbered(100), train=100, validation=0, test=0, scaling="none", seed=seed
        )
        return split.train.targets

    assert np.array_equal(order(3), order(3))
    assert not np.array_equal(order(3), order(4))
    assert not np.array_equal(order(3), np.arange(100))


def test_the_order_is_the_documented_philox_stream():
    stream = np.random.Generator(np.random.Philox(np.random.SeedSequence((7, 0x5B117))))
    split = split_dataset(numbered(50), train=30, validation=10, test=10, scaling="none", seed=7)
    dealt = np.concatenate([part.targets for part in parts(split)])
    assert np.array_equal(dealt, stream.permutation(50))


@pytest.mark.parametrize(
    ("size", "fractions", "counts"),
    [
        (10, (0.6, 0.2, 0.2), [6, 2, 2]),
        (1797, (0.6, 0.2, 0.2), [1078, 359, 359]),
        (100, (0.29, 0.57, 0.14), [29, 57, 14]),
        (7, (1.0, 0.0, 0.0), [7, 0, 0]),
        (7, (1, 1, 0.5), [1, 1, 3]),
        (3, (0.34, 0.33, 0.33), [1, 0, 0]),
    ],
)
def test_a_float_is_a_fraction_rounded_down_and_an_int_a_count(size, fractions, counts):
    train, validation, test = fractions
    split = split_dataset(
        numbered(size), train=train, validation=validation, test=test, scaling="none", seed=0
    )
    assert [len(part.targets) for part in parts(split)] == counts


@unhurried
@given(st.integers(1, 3000), st.lists(st.integers(0, 100), min_size=2, max_size=2))
def test_percentages_that_add_up_to_100_always_fit(size, shares):
    low, high = sorted(shares)
    percentages = [low, high - low, 100 - high]
    assume(percentages[0] * size >= 100)
    split = split_dataset(
        numbered(size),
        train=percentages[0] / 100, validation=percentages[1] / 100, test=percentages[2] / 100,
        scaling="none", seed=0,
    )  # fmt: skip
    assert [len(part.targets) for part in parts(split)] == [
        percentage * size // 100 for percentage in percentages
    ]


def real_valued(inputs, targets):
    names = tuple(f"f{index}" for index in range(inputs.shape[1]))
    return Dataset("random", "Random", inputs, targets, (), names)


@st.composite
def regressions(draw):
    size, features = draw(st.integers(4, 20)), draw(st.integers(1, 4))
    inputs = draw(hnp.arrays(np.float64, (size, features), elements=THOUSANDTHS))
    return real_valued(inputs, draw(hnp.arrays(np.float64, size, elements=THOUSANDTHS)))


@unhurried
@given(regressions(), st.integers(0, 1000))
def test_each_feature_of_the_training_part_gets_mean_0_and_deviation_1(dataset, seed):
    half = dataset.size // 2
    arguments = {"train": half, "validation": 1, "test": 1, "seed": seed}
    raw = split_dataset(dataset, scaling="none", **arguments)
    scaled = split_dataset(dataset, scaling="each feature", **arguments)
    mean, deviation = raw.train.inputs.mean(axis=0), raw.train.inputs.std(axis=0)
    constant = np.ptp(raw.train.inputs, axis=0) == 0
    divisor = np.where(constant, 1.0, deviation)
    for before, after in zip(parts(raw), parts(scaled), strict=True):
        expected = (before.inputs - mean) / divisor
        np.testing.assert_allclose(after.inputs, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(scaled.train.inputs.mean(axis=0), 0.0, atol=1e-6)
    np.testing.assert_allclose(scaled.train.inputs.std(axis=0), ~constant, atol=1e-6)


@unhurried
@given(regressions(), st.integers(0, 1000))
def test_one_mean_and_one_deviation_for_all_features(dataset, seed):
    arguments = {"train": 2, "validation": 1, "test": 1, "seed": seed}
    raw = split_dataset(dataset, scaling="none", **arguments)
    known = raw.train.inputs
    assume(np.ptp(known) > 0)
    scaled = split_dataset(dataset, scaling="all features", **arguments)
    for before, after in zip(parts(raw), parts(scaled), strict=True):
        expected = (before.inputs - known.mean()) / known.std()
        np.testing.assert_allclose(after.inputs, expected, rtol=1e-9, atol=1e-9)


@unhurried
@given(regressions(), st.integers(0, 1000))
def test_centring_subtracts_each_features_mean_and_divides_by_nothing(dataset, seed):
    arguments = {"train": 2, "validation": 1, "test": 1, "seed": seed}
    raw = split_dataset(dataset, scaling="none", **arguments)
    centred = split_dataset(dataset, scaling="centre", **arguments)
    for before, after in zip(parts(raw), parts(centred), strict=True):
        expected = before.inputs - raw.train.inputs.mean(axis=0)
        np.testing.assert_allclose(after.inputs, expected, rtol=1e-9, atol=1e-9)


def test_a_split_says_which_examples_are_in_it():
    split = split_dataset(numbered(50), train=30, validation=10, test=10, scaling="none", seed=7)
    np.testing.assert_array_equal(split.train.targets, numbered(50).targets[split.order[:30]])
    np.testing.assert_array_equal(split.test.targets, numbered(50).targets[split.order[40:]])


@pytest.mark.parametrize("scaling", ["each feature", "all features", "centre"])
@unhurried
@given(dataset=regressions(), seed=st.integers(0, 1000), other=THOUSANDTHS)
def test_scaling_depends_on_the_training_part_alone(scaling, dataset, seed, other):
    arguments = {"train": 3, "validation": 0, "test": 0, "scaling": scaling, "seed": seed}
    before = split_dataset(dataset, **arguments)
    chosen = split_dataset(numbered(dataset.size), **(arguments | {"scaling": "none"}))
    held_out = np.setdiff1d(np.arange(dataset.size), chosen.train.targets)
    inputs, targets = dataset.inputs.copy(), dataset.targets.copy()
    inputs[held_out], targets[held_out] = other, other
    after = split_dataset(real_valued(inputs, targets), **(arguments | {"validation": 1}))
    assert np.array_equal(before.train.inputs, after.train.inputs)
    assert np.array_equal(before.train.targets, after.train.targets)
    assert before.target_mean == after.target_mean
    assert before.target_scale == after.target_scale
    assert (after.validation.targets == (other - before.target_mean) / before.target_scale).all()


@pytest.mark.parametrize("scaling", ["each feature", "all features", "none"])
def test_regression_targets_are_standardised_whatever_the_scaling(scaling):
    diabetes = load_dataset("diabetes")
    split = split_dataset(diabetes, train=300, validation=100, test=42, scaling=scaling, seed=1)
    assert split.train.targets.mean() == pytest.approx(0, abs=1e-12)
    assert split.train.targets.std() == pytest.approx(1)
    restored = np.concatenate([part.targets for part in parts(split)])
    restored = restored * split.target_scale + split.target_mean
    np.testing.assert_allclose(np.sort(restored), np.sort(diabetes.targets))


def test_classes_are_left_alone():
    split = split_dataset(
        load_dataset("iris"), train=0.6, validation=0.2, test=0.2, scaling="each feature", seed=0
    )
    assert (split.target_mean, split.target_scale) == (0.0, 1.0)
    assert all(part.targets.dtype == np.int64 for part in parts(split))
    assert set(split.train.targets) == {0, 1, 2}


@pytest.mark.parametrize("constant", [0.0, 0.1, -1e300, 5e-324, 1e-170])
@pytest.mark.parametrize("scaling", ["each feature", "all features"])
def test_what_is_constant_in_the_training_part_becomes_zero(constant, scaling):
    dataset = real_valued(np.full((7, 2), constant), np.full(7, constant))
    split = split_dataset(dataset, train=7, validation=0, test=0, scaling=scaling, seed=0)
    assert not split.train.inputs.any()
    assert not split.train.targets.any()
    assert (split.target_mean, split.target_scale) == (constant, 1.0)


def test_values_whose_deviation_underflows_are_divided_by_1():
    inputs = np.array([[1e-200], [3e-200]])
    split = split_dataset(
        real_valued(inputs, inputs[:, 0]),
        train=2, validation=0, test=0, scaling="each feature", seed=0,
    )  # fmt: skip
    np.testing.assert_allclose(np.sort(split.train.inputs[:, 0]), [-1e-200, 1e-200])


@pytest.mark.parametrize("scaling", ["each feature", "all features", "none"])
def test_arrays_are_contiguous_float64_and_read_only_also_when_empty(scaling):
    split = split_dataset(
        load_dataset("wine"), train=10, validation=0, test=5, scaling=scaling, seed=0
    )
    assert split.validation.inputs.shape == (0, 13)
    assert split.validation.targets.shape == (0,)
    for part in parts(split):
        assert part.inputs.dtype == np.float64
        for values in (part.inputs, part.targets):
            assert values.flags.c_contiguous
            assert not values.flags.writeable


def test_the_data_set_itself_is_not_scaled():
    dataset = real_valued(np.array([[1.0], [2.0], [4.0]]), np.array([1.0, 2.0, 4.0]))
    split_dataset(dataset, train=3, validation=0, test=0, scaling="each feature", seed=0)
    assert np.array_equal(dataset.inputs[:, 0], [1, 2, 4])
    assert np.array_equal(dataset.targets, [1, 2, 4])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"train": 0}, "data.train: expected at least 1 of the 10 examples, found 0."),
        ({"train": 0.01}, "data.train: expected at least 1 of the 10 examples, found 0.01."),
        ({"train": -1}, "data.train: expected a count of examples or a fraction between 0.0 and "
                        "1.0, found -1."),
        ({"validation": 1.5}, "data.validation: expected a count of examples or a fraction "
                              "between 0.0 and 1.0, found 1.5."),
        ({"test": float("nan")}, "data.test: expected a count of examples or a fraction between "
                                 "0.0 and 1.0, found nan."),
        ({"train": 8}, "data.train + data.validation + data.test: expected at most 10 examples, "
                       "found 12."),
        ({"train": 1.0}, "data.train + data.validation + data.test: expected at most 10 examples, "
                         "found 14."),
        ({"seed": -1}, "data.seed: expected a whole number of at least 0, found -1."),
        ({"scaling": "some"}, "data.scaling: expected one of each feature, all features, centre, "
                              "none, found 'some'."),
    ],
)  # fmt: skip
def test_fields_out_of_range_are_refused_by_name(changed, message):
    arguments = {"train": 5, "validation": 2, "test": 2, "scaling": "none", "seed": 0}
    with pytest.raises(InputError) as refusal:
        split_dataset(numbered(10), **(arguments | changed))
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("inputs", "targets"),
    [
        ([1e200, -1e200, 3e200], [0.0, 1.0, 2.0]),
        ([1.7e308, 1.7e308, -1.7e308], [0.0, 1.0, 2.0]),
        ([0.0, 1.0, 2.0], [1e200, -1e200, 3e200]),
    ],
)
def test_numbers_too_large_to_standardise_are_refused(inputs, targets):
    dataset = real_valued(np.array(inputs)[:, None], np.array(targets))
    with pytest.raises(InputError, match=r"^Random: expected numbers that can be standardised"):
        split_dataset(dataset, train=3, validation=0, test=0, scaling="each feature", seed=0)


# What is missing


@unhurried
@given(data=st.data(), fill=st.sampled_from(["mean", "median"]))
def test_missing_features_are_filled_with_what_the_training_part_alone_says(data, fill):
    size = data.draw(st.integers(2, 30))
    values = data.draw(hnp.arrays(np.float64, (size, 2), elements=THOUSANDTHS))
    gaps = data.draw(hnp.arrays(np.bool_, (size, 2)))
    train = data.draw(st.integers(1, size - 1))
    labels = np.arange(size, dtype=np.float64)

    def divided(inputs):
        dataset = Dataset("gaps", "Gaps", inputs, labels, (), ("a", "b"), fill=fill)
        rest = size - train
        return split_dataset(dataset, train=train, validation=rest, test=0, scaling="none", seed=1)

    seen = np.concatenate([values, labels[:, np.newaxis]], axis=1)
    order = split_dataset(
        Dataset("order", "Order", seen, labels, (), ("a", "b", "place")),
        train=train,
        validation=size - train,
        test=0,
        scaling="none",
        seed=1,
    )
    rows = np.concatenate([order.train.inputs, order.validation.inputs])[:, 2].astype(int)
    open_ = np.where(gaps, np.nan, values)
    known = open_[rows[:train]]
    assume((~np.isnan(known)).any(axis=0).all())
    wanted = (np.nanmean if fill == "mean" else np.nanmedian)(known, axis=0)
    split = divided(open_)
    filled = np.concatenate([split.train.inputs, split.validation.inputs])
    np.testing.assert_allclose(filled, np.where(gaps, wanted, values)[rows], rtol=1e-12)
    others = open_.copy()
    others[rows[train:]] = np.where(np.isnan(others[rows[train:]]), np.nan, 1e9)
    assert divided(others).train.inputs.tobytes() == split.train.inputs.tobytes()


def test_a_feature_that_nobody_knows_in_the_training_part_cannot_be_filled():
    inputs = np.full((4, 1), np.nan)
    dataset = Dataset("gaps", "Gaps", inputs, np.arange(4.0), (), ("size",), fill="mean")
    with pytest.raises(InputError, match="a value of 'size' in the training part"):
        split_dataset(dataset, train=3, validation=1, test=0, scaling="none", seed=0)


@pytest.mark.parametrize("fill", ["mean", "median"])
def test_numbers_too_large_to_fill_with_are_refused(fill):
    inputs = np.array([[1.7e308], [1.7e308], [np.nan]])
    dataset = Dataset("gaps", "Gaps", inputs, np.arange(3.0), (), ("size",), fill=fill)
    with pytest.raises(InputError, match=f"numbers whose {fill} can be taken without overflow"):
        split_dataset(dataset, train=3, validation=0, test=0, scaling="none", seed=0)
