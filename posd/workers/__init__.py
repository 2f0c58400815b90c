"""The threads round the engine: each makes blocking calls and turns what came of them into events.

A worker owns one device or one connection. It takes commands from a bounded queue of its own and
puts events into the inbox; it never touches state. An adapter's three failures (Unavailable,
NoAnswer, Refused) and the client's two (NotSent, NoAnswer) are translated here and nowhere else.
"""
