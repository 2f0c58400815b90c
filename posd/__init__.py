"""posd: the in-store wallet-payment terminal daemon.

Start at `posd.core`: its docstring names every noun. The one rule of the program: a record is
written and flushed before the effect that it names.
"""

__version__ = "0.1.0"
