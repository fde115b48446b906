"""What is learned from one Omniglot file serves the characters of the other."""

import time

import pytest
from experiments_for_tests import finished, run
from real_data import real_drawings_folder

from engine.experiments.files import load_experiment, override
from engine.tasks.episodes import PRETRAINED


@pytest.mark.long
@pytest.mark.parametrize(
    ("shots", "meta_iterations", "least"), [(1, 60, 0.88), (5, 35, 0.92)], ids=["1-shot", "5-shot"]
)
def test_a_few_drawings_of_characters_never_seen_are_enough(
    shots: int, meta_iterations: int, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETROGRADE_DATA", str(real_drawings_folder()))
    experiment = load_experiment("hyper-representation")
    assert experiment.episodes.test_source == "omniglot-small-2"
    changes = {"episodes.shots": str(shots), "meta.iterations": str(meta_iterations)}
    began = time.monotonic()
    last = finished(run(override(experiment, changes)))
    print(f"{time.monotonic() - began:.0f} s")
    assert last.measures is not None
    pretrained = last.baselines[PRETRAINED]
    learned, error = last.measures["test_accuracy"], last.measures["test_accuracy_error"]
    print(f"{shots}-shot: {learned:.4f} ± {error:.4f}, pretrained", dict(pretrained))
    assert learned >= least
    if shots == 1:
        both = (error**2 + pretrained["test_accuracy_error"] ** 2) ** 0.5
        assert learned > pretrained["test_accuracy"] + 3 * both
