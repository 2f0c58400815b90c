"""The core: pure decisions. No clock, chance, threads, logging or I/O.

One sentence to hold on to: take an event; `lane.step(state, event)` gives records and commands
and changes nothing; the records are written in one transaction and flushed; `lane.apply(state,
record)`, the only way state changes, takes them in; only then are the commands carried out.

The nouns:

* A **sale** is a basket that the till wants paid, known by the till's `reference`. An **order**
  is one attempt at LINE Pay: one order id, one scanned key, ever.
* An **event** is what the world did, in the past tense. It brings its time with it, and what
  the core cannot see, such as the order that a key was used for before.
* A **record** is what is now true. The journal keeps records and nothing else, and replay is
  `apply` over them.
* A **command** is what to do: send pay, ask, print. It is carried out after its record is
  durable; what comes of it returns as an event.
* **Evidence** is what LINE Pay said, reduced to what can be judged.
* An order's **money** and its **paper** are two machines (`payment`, `printing`), each a table
  that says which rule answers which event, and one that says where a record leads. An empty
  roll never moves money.
* The **verdict** is the one word on every screen, derived from records alone.
* **Attention** is a set of reasons for which a person should look.
* A restart is an event like any other.
"""
