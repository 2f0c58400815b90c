"""Random histories of the real engine, judged by LINE Pay's books and by what is durable.

`story` is a history as data; `plots` tells one from a seed, by chance and by `ways` and `scenes`
that lead to rare cells. `world` is the shop in which it happens: `machine` (the engine, its
clocks, its crashes), `journal`, `network`, `linepay`, and the moves of `people`, `hours`,
`answers` and `paper`. `histories` plays one and judges it by the `invariants` (`at_commands`,
`after_steps`, `denials`, `lateness`, `roles`, `secrecy`, `at_rest`); `shrinking` makes a broken
one short. `edges` says which cells of the core's tables there are, `visits` which were visited.
"""
