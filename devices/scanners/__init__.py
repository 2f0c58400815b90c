"""devices.scanners: one adapter a file."""
