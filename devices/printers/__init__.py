"""devices.printers: one adapter a file, and what they share."""
