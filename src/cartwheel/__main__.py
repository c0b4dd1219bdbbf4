"""``python -m cartwheel`` is the command ``cartwheel``."""

from cartwheel.cli import main

main()
