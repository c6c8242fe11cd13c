"""`python -m tests.orders.hammer --seconds 180 --processes 16`, in a database of its own."""

import argparse
import sys

from tests.bench import scratch
from tests.bench.table import show


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.orders.hammer")
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fault", default="", help="break something on purpose, see `faults`")
    chosen = vars(parser.parse_args())
    with scratch.database():
        from tests.orders.hammer.run import hammer

        report = hammer(**chosen)
    rows = [(blow, result, n) for (blow, result), n in sorted(report.results.items())]
    show("Blows", ["blow", "ended as", "times"], rows)
    print(f"\n{report.done:,} done of {sum(report.results.values()):,} blows")
    print(f"{report.killed} killed, {report.killed_in_the_middle} of them in the middle of a blow")
    print(f"{report.samples} snapshots looked at during the run")
    print("replayed: " + ", ".join(f"{n:,} {what}" for what, n in report.seen.items()))
    for fault in report.faults[:20]:
        print(f"WRONG: {fault}")
    print(f"{len(report.faults)} faults")
    return bool(report.faults)


if __name__ == "__main__":
    sys.exit(main())
