"""Templates of paper: a text with marks and placeholders -> lines, filled in with values. Pure.

The one rule: a template that exists is whole; `parse` tells everything that is wrong with a text
at once, by line and column, and gives no half of one.

* `nodes` is what a template consists of, `vocabulary` the placeholders that it may name;
* `parsing` reads a text, `lines` one line of it; `widths` measures what is fixed in it;
* `setting` fills a template in; `builtin` has the texts that posd brings along.

It knows nothing of orders: a shift report is set the same way as a receipt.
"""
