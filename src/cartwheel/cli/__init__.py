"""The command line: parse, call, print. No rule, no SQL, no frame arithmetic.

Modules of commands are imported only when their command is called, so that ``--help`` is quick.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``cartwheel``; turn every expected error into one sentence and its exit code."""
    from cartwheel.cli.app import app
    from cartwheel.cli.printing import print_error
    from cartwheel.core.errors import CartwheelError

    try:
        app()
    except CartwheelError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output, such as "head", has enough
        sys.stderr.close()
        sys.exit(0)
