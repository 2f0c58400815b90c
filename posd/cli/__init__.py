"""The command line: one binary, `posd`. Verbs load what they need only when they run."""
