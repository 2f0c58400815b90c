"""The figures of docs/performance.md, measured: `python -m bench [--json] [--only NAME] [--full]`.

Rule: what is measured is the real daemon, a process of its own with its durable journal, met only
at its edges: a pty, two sockets and a notification. Each edge is a process that does next to
nothing and reads CLOCK_BOOTTIME, so that times taken in different processes can be subtracted.
What is compared is interleaved in one run.
"""
