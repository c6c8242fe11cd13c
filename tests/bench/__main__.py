"""`make bench`, or `make bench ARGS="--only submit --rounds 5"`."""

import argparse
import time
from importlib import import_module

from tests.bench import scratch

# The module of each part, and which of the arguments it takes.
PARTS = {
    "submit": ("tests.bench.submitting", ["rounds"]),
    "history": ("tests.bench.history", ["rounds"]),
    "scan": ("tests.bench.scan", ["rounds"]),
    "api": ("tests.bench.api", ["rounds"]),
    "bulk": ("tests.bench.bulk", ["rounds", "orders"]),
    "lists": ("tests.bench.lists", ["rounds"]),
    "rows": ("tests.bench.rows", ["rows"]),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=3, help="measurements per figure")
    parser.add_argument("--orders", type=int, default=100_000, help="orders of the large import")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the large file")
    chosen = parser.parse_args()
    began = time.monotonic()
    with scratch.database():
        for part in chosen.only:
            module, names = PARTS[part]
            import_module(module).run(*(getattr(chosen, name) for name in names))
    print(f"\n{time.monotonic() - began:.0f} seconds in all")


if __name__ == "__main__":
    main()
