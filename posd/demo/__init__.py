"""The demonstration: everything simulated, as processes of their own, around a real daemon.

Nothing here is used by the daemon; it starts the stand-in and the virtual hardware as programs
and speaks to them over pipes and sockets, as a shop's own would be spoken to.
"""
