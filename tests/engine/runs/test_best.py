from experiments_for_tests import events_of, record_of, tiny

from engine.runs.best import best_of


def test_the_lowest_objective_counts_and_where_the_run_arrived() -> None:
    record = record_of(events_of(tiny({"meta.iterations": "4"})))
    name = f"{record.experiment.meta.objective}_loss"
    losses = [done.measures[name] for done in record.meta_iterations]
    losses.append(record.finished.measures[name])
    assert best_of(record) == losses.index(min(losses))
