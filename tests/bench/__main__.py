"""`make bench`, or `make bench ARGS="--only submit --rounds 5"`."""

import argparse
import time
from importlib import import_module

from tests.bench import scratch

PARTS = {
    "submit": "tests.bench.submitting",
    "history": "tests.bench.history",
    "scan": "tests.bench.scan",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=3, help="measurements per figure")
    chosen = parser.parse_args()
    began = time.monotonic()
    with scratch.database():
        for part in chosen.only:
            import_module(PARTS[part]).run(chosen.rounds)
    print(f"\n{time.monotonic() - began:.0f} seconds in all")


if __name__ == "__main__":
    main()
