"""Hardware adapters. They know nothing of posd; posd meets them through `devices.interfaces`."""
