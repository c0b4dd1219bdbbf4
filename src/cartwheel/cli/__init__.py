"""The command line: parse, call, print. No rule, no SQL, no frame arithmetic.

Modules of commands are imported only when their command is called, so that ``--help`` is quick.
"""

from __future__ import annotations

import io
import sys
from typing import TextIO


def main() -> None:
    """Run ``cartwheel``; turn every expected error into one sentence and its exit code."""
    from cartwheel.cli.app import app
    from cartwheel.cli.printing import print_error, print_stopped
    from cartwheel.core.errors import CartwheelError

    for stream in (sys.stdout, sys.stderr):
        _never_fail(stream)
    try:
        app()
    except CartwheelError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print_stopped()
        sys.exit(130)
    except SystemExit as end:
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        sys.stderr.close()  # the reader of our output, such as "head", has enough
        sys.exit(0)


def _never_fail(stream: TextIO) -> None:
    """Let a terminal that lacks a character, as ASCII lacks Chinese, show "?" in its place."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
