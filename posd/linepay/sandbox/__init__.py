"""A LINE Pay stand-in for tests, demonstrations and measurements, on loopback.

Its rule: it is built to the public description of the Offline API and knows nothing of posd's own
client, so that an error on one side cannot hide behind the same error on the other.

A request goes through these files, in this order:

    server.py        sockets and threads          request.py   bytes -> Request, bounded
    wire.py          one connection               reply.py     what to send and how to end
    gateway.py       which operation              routes.py    path -> version, operation, order id
    verify.py        headers, secret, signature   bodies.py    the pay body (fields.py: one field)
    keys.py          one-time keys                orders.py    the order book: where money moves
    faults.py        faults by name               key_patterns.py   faults by the key's digits
    misbehave.py     fault -> reply               answers.py   order -> the members of an answer
    control.py       the control calls            manual.py    the text of --help

`python -m posd.linepay.sandbox` is the same program as `posd sandbox`.
"""
