"""Runs the benchmarks and writes what they print to docs/benchmarks.md, with the machine.

Usage: scripts/bench [NAME...]; without names all of them. Sections of those not run are kept.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
SECTIONS = {
    "turn": "A whole turn: speed and memory",
    "start_up": "Starting",
    "set_work": "Set work on DuckDB and on Spark",
    "demand": "Forecasts",
    "recommend": "Recommendations",
    "inventory": "Inventory policy",
}
EXTRA = {"inventory": ["--demand"]}  # with the demand stage's quantiles beside past sums


def machine() -> str:
    """Return the machine in one line."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    model = found.group(1) if found else platform.processor()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, Python {platform.python_version()}"


def section(name: str, data: Path) -> str:
    """Run one benchmark and return its section."""
    command = [
        sys.executable,
        str(ROOT / "benchmarks" / f"{name}.py"),
        "--data",
        str(data),
        *EXTRA.get(name, []),
    ]
    print(f"running {name} ...", file=sys.stderr)
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode:
        sys.exit(f"{name} failed:\n{said.stderr}")
    on = datetime.now(UTC).date().isoformat()
    return f"`scripts/bench {name}`, {on}, {machine()}.\n\n{said.stdout.strip()}\n"


def kept() -> dict[str, str]:
    """Return the sections of the page as it is."""
    if not PAGE.exists():
        return {}
    parts = re.split(r"^## (.*)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    by_title = dict(zip(parts[::2], (part.strip() + "\n" for part in parts[1::2]), strict=True))
    return {name: by_title[title] for name, title in SECTIONS.items() if title in by_title}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*SECTIONS, []])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    given = parser.parse_args()
    found = kept()
    for name in given.names or SECTIONS:
        found[name] = section(name, given.data)
        text = "# Benchmarks\n\nMeasured, not promised. Written by `scripts/bench`.\n"
        for key, title in SECTIONS.items():
            if key in found:
                text += f"\n## {title}\n\n{found[key]}"
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
