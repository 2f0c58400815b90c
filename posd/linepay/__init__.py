"""The LINE Pay Offline API (My Code, one-time key) as a library of its own.

Of posd it needs nothing but `posd.core.money`. The rule of the whole package: a payment request
leaves at most once, and what is not an answer of LINE Pay is never turned into one.

    client = Client(Account(base_url=..., channel_id=..., channel_secret=..., dialect="v4", ...))
    client.warm()                                         # while the customer opens the wallet
    answer = client.pay(payment, not_after_ns=...)        # Answer, or NotSent, or NoAnswer
    proves(answer.code, Operation.PAY)                    # what that says about the money

`messages` and `result_codes` load no network library; `client` loads requests.
"""
