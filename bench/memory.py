"""Memory held for the reverse pass at T = 1,000 and γ = 0.9, on the work of `bench.hypergradient`.

Of Retrograde what one run has told; of JAX what its compiled program sets aside.

    python -m bench.memory
"""

from bench.hypergradient import engine_contender
from bench.jax_reference import POLICIES, contender
from bench.work import make_work


def main() -> None:
    """Print the table."""
    work = make_work(1000, 0.9)
    run, held = engine_contender(work, "by hand")
    run()
    buffer, working = held()
    trajectory = 16 * work.network.size * work.iterations
    rows = {
        "Retrograde: the information buffer": buffer,
        "Retrograde: the buffer, and what is held whatever T is": buffer + working,
        "w and v of every iteration": trajectory,
    }
    for policy in POLICIES:
        rows[f"JAX, {policy}"] = contender(work, policy, "double")[1]()[0]
    print("| | MB | × the buffer | × all that Retrograde holds |")
    print("| --- | --- | --- | --- |")
    for name, size in rows.items():
        ratios = f"{size / buffer:,.1f} | {size / (buffer + working):,.1f}"
        print(f"| {name} | {size / 1e6:,.2f} | {ratios} |")


if __name__ == "__main__":
    main()
