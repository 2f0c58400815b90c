"""The local API: HTTP on loopback or a Unix socket, for tills, the page, the console and the CLI.

The one rule: nothing here decides. A handler turns a request into an ask at the door, waits for
its reply or for a snapshot, and tells it; it never touches a device, the journal or LINE Pay.
"""
