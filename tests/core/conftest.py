"""Properties try the same histories each time and are not judged by a loaded clock."""

from hypothesis import settings

settings.register_profile("core", deadline=None, derandomize=True)
settings.load_profile("core")
