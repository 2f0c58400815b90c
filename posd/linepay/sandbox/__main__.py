"""`python -m posd.linepay.sandbox`: the same as `posd sandbox`."""

import sys

from posd.linepay.sandbox.command import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], prog="python -m posd.linepay.sandbox"))
