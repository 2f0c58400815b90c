"""What docs/linepay.md says beside its tables, and the list of what is not confirmed."""

INTRODUCTION = """\
# LINE Pay's Offline API, as posd speaks it

Drawn from `posd/linepay` by `python -m tests.docs.linepay_table > docs/linepay.md`; a test fails
when they differ. Do not edit it. How to call it is in
[use the client alone](how-to/use-the-client.md).

Where a fact comes from: **A** an official page that was read · **B** a transcription of the
official documents by others · **C** seen in LINE Pay's sandbox by others · **D** an older official
document · **J** our judgement · **U** confirmed nowhere. Nothing here was tried against LINE Pay
itself.
"""

OPERATIONS = """\
## Operations

`{orderId}` is the shop's own, up to 100 characters, percent-encoded. Paths are A, but those of v2.4
and of v4's check, authorizations, capture and void, which are B. LINE Pay asks for a read timeout
of at least 40 s for pay and 20 s for the rest (A).
"""

REQUESTS = """\
## What is sent

A dash is a field for which the dialect has no place: `add_friends` is then refused by name, lines
of the basket are left out. A field that is not given is not sent; names of product and branch are
cut to their length, other fields that are too long are refused by name.
"""

AUTHENTICATION = """\
`Content-Type`, `X-LINE-ChannelId`, `X-LINE-MerchantDeviceProfileId` and
`X-LINE-MerchantDeviceType` go with every request (A; which lengths the two device headers take is
U). The signature of v4 covers secret, path, query without its question mark or body, and nonce
(A, B, C; for a GET with a query no sandbox proof exists).
"""

ANSWERS = """\
## What is read

Both spellings of the envelope are understood: `returnCode` and `returnMessage` (C), `resultCode`
and `statusMessage` (B). The column of operations says where a member is documented; it is read
wherever it is stated. Unknown members and unknown values break nothing. Bold names decide about
money: of another type than documented, there is no answer (`NoAnswer`, reason `malformed`).
"""

CODES_TEXT = """\
## Result codes by operation

**FD** final decline · **CE** configuration or contract · **BUG** our request · **RS** the same may
be asked again · **AD** done already (a full refund or void; after a partial refund read the
payment) · **UM** uncertain · empty: not known from this operation, so uncertain. Classes are J,
meanings B. A bold class proves that the operation was not carried out. 1150 proves that LINE Pay
has no such payment at that moment, except as the answer to pay. The last three columns are keys
under `next.`, `supervisor.` and `technician.` in `posd/words/`.
"""

UNCONFIRMED = """\
## Not confirmed

What no source settles, and what posd does.
"""

OPEN = (
    (
        "Error lists and answer tables per operation in v2.4 and v4",
        "every code in every operation is an answer; what is not on the list of proofs is"
        " uncertain",
    ),
    (
        "Any official page of v2.4",
        "paths and bodies of v2 with another version",
    ),
    (
        "Exact members of v4's `packages` and `options`; whether an unknown one gives 2103",
        "sends only what the Online reference and the Offline examples share",
    ),
    (
        "What check answers after a refund or a void, for an authorization and for an "
        "unknown order",
        'unknown values are not final; 1150 is not "not paid"',
    ),
    (
        "Whether an order id may be used again after FAIL",
        "never uses one twice",
    ),
    (
        "What is signed for a POST without a body (void, refund of everything)",
        "sends and signs `{}`; a refund names its amount",
    ),
    (
        "Whether the path and query are signed encoded or decoded",
        "signs what is sent; posd's ids are the same either way",
    ),
    (
        "Nonce replay, clock window, rate limits",
        "a fresh random nonce for every request",
    ),
    (
        "The code for an expired or used key",
        "1133 is judged as any invalid code",
    ),
    (
        "Decimals of THB and USD, least and greatest amounts",
        "at most two decimals; whole amounts go as integers",
    ),
    (
        "The refund deadline in days",
        "1163 when it is over",
    ),
    (
        "A refund without an amount after a partial one",
        "`refund` names the amount; `refund_rest` is there and not used by posd",
    ),
    (
        "Length and characters of the device headers",
        "1 to 100 printable ASCII characters",
    ),
    (
        "Whether `balance` exists in v2.4 and v4",
        "read where it is stated",
    ),
    (
        "How long AUTH_READY lives today (20 minutes in an older document)",
        "asks on after that",
    ),
    (
        "Where `promotionRestriction` of a capture stands",
        "top-level, as the tables say; examples nest it",
    ),
    (
        "Whether details accept several ids",
        "asks for one",
    ),
    (
        "`REFUND` as a status of check, `REFUND` as a transaction type",
        "kept as text, not final",
    ),
    (
        "What `productName` holds for a v4 payment",
        "shown as stated",
    ),
    (
        "Format of an affiliate card's `cardId`",
        "kept as stated",
    ),
    (
        "v2's end of life; Thai production in 2026",
        "the dialect is configuration",
    ),
)
