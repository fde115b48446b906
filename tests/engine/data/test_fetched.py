import gzip
import hashlib
import struct

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.data.datasets import BUILT_IN, load_dataset
from engine.data.published import LIBRARY, PublishedFile, PublishedSet, cache_folder


def idx(array: NDArray[np.uint8]) -> bytes:
    """An IDX file of bytes, as `gzip` packs it."""
    head = struct.pack(f">HBB{array.ndim}I", 0, 0x08, array.ndim, *array.shape)
    return gzip.compress(head + array.tobytes(), mtime=0)


@pytest.mark.parametrize(
    ("name", "second_class"), [("mnist", "1"), ("mnist-test", "1"), ("fashion-mnist", "trousers")]
)
def test_an_image_set_is_its_training_part_and_then_its_test_part(
    name: str, second_class: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(1)
    images = random.integers(0, 256, (7, 28, 28), np.uint8)
    labels = np.arange(7, dtype=np.uint8)
    published = LIBRARY[name].files
    parts = [slice(0, 7)] if len(published) == 2 else [slice(0, 5), slice(5, 7)]
    contents = [idx(array[part]) for part in parts for array in (images, labels)]
    files = []
    for file, content in zip(published, contents, strict=True):
        path = cache_folder() / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        files.append(PublishedFile(file.name, "", len(content), digest, file.folder))
    monkeypatch.setitem(LIBRARY, name, PublishedSet(name, "nobody", "MIT", tuple(files)))
    dataset = load_dataset(name)
    np.testing.assert_array_equal(dataset.inputs, images.reshape(7, 784) / 255)
    np.testing.assert_array_equal(dataset.targets, labels)
    assert dataset.image_shape == (28, 28)
    assert dataset.classes == 10
    assert dataset.class_names[1] == second_class
    assert (dataset.name, dataset.title) == (name, BUILT_IN[name].title)
    assert load_dataset(name) is dataset
