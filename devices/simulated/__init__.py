"""Virtual hardware that speaks the wire: `python -m devices.simulated scanner | printer`.

Nothing but the demo, the drill and the tests may use it, and those but the tests as a process.
"""
