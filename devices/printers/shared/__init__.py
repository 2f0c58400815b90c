"""One printer for several lanes: one posd owns it, the others print through that one.

The wire is told in docs/reference/printer-share.md: `seal.py` and `channel.py` carry messages,
`documents.py` is what a receipt looks like on it, `client.py` is the driver `shared`; `lent.py`,
`jobs.py`, `session.py` and `owner.py` are the owner's side.
"""
