"""How long it takes to start: `import cartwheel` and `cartwheel --help`, the median of 15 runs."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

COMMANDS = {
    "`python -c 'import cartwheel'` less bare Python": [sys.executable, "-c", "import cartwheel"],
    "`cartwheel --help`": [str(Path(sys.executable).parent / "cartwheel"), "--help"],
}
TARGETS = dict(zip(COMMANDS, (150, 500), strict=True))


def milliseconds(command: list[str]) -> float:
    """Return the median wall time of ``command``."""
    times = []
    for _ in range(15):
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="not needed; taken so that all are called alike")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    bare = milliseconds([sys.executable, "-c", "pass"])
    found = {name: milliseconds(command) for name, command in COMMANDS.items()}
    first = next(iter(found))
    found[first] = max(0.0, found[first] - bare)
    if given.json:
        print(json.dumps(found))
        return
    print("| what | ms | target ms |\n|---|---:|---:|")
    for name, value in found.items():
        print(f"| {name} | {value:.0f} | {TARGETS[name]} |")


if __name__ == "__main__":
    main()
