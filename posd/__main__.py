"""`python -m posd` and the `posd` command."""

import sys

from posd.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
