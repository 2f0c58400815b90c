"""A LINE Pay stand-in for tests, demonstrations and measurements, on loopback.

Its rule: it is built to the public description of the Offline API and knows nothing of posd's own
client, so that an error on one side cannot hide behind the same error on the other.

A request goes through these files, in this order:

    server.py        sockets and threads          request.py   bytes -> Request, bounded
    wire.py          one connection               reply.py     what to send and how to end
    gateway.py       which operation, which fault routes.py    path -> version, operation, order id
    verify.py        address, secret, signature   signed_variants.py   what people sign by mistake
    operations.py    what the seven operations do assumptions.py   what nobody knows of LINE Pay
    bodies.py        the pay body (fields.py: one field, members.py: which there may be)
    keys.py          one-time keys                purse.py     what stands behind a key
    orders.py        the order book               order.py     one order and its stages
    reversals.py     capture, void, refund        ids.py       transaction ids
    faults.py        faults by name               key_patterns.py   faults by the key's digits
    armed.py         faults that wait             misbehave.py fault -> reply
    holds.py         answers that are kept back
    answers.py       order -> the members of an answer         listings.py  details, authorizations

Beside it, for people and tests:

    control.py       the control calls            control_schema.py    all of them as data
    openapi.py       their document               manual.py    the text of --help
    page.py          the page (web/)              drawing.py   a key as QR and CODE128
    command.py       the command line             mint.py      the client of one control call
    books.py         clock, chance and keys at start           clock.py     a clock that is told
    state.py         the file that outlives it    certificate.py       for --tls

`python -m posd.linepay.sandbox` is the same program as `posd sandbox`.
"""
