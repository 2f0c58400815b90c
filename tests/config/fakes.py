"""Small drivers of our own, so that these tests depend on no device."""

from __future__ import annotations

from dataclasses import dataclass, field


class FakeOptionError(ValueError):
    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


@dataclass(frozen=True)
class WandOptions:
    port: str
    baud: int = 9600
    reversed: bool = False

    def __post_init__(self) -> None:
        if self.baud < 300:
            raise FakeOptionError("baud", f"{self.baud} is too slow; write at least 300")


@dataclass(frozen=True)
class PressOptions:
    address: str = "192.0.2.9:9100"
    dots: int = 576
    fonts: tuple[str, ...] = field(default=())
    gap_s: float = 0.4


@dataclass(frozen=True)
class ScrollOptions:
    path: str = ""

    def __post_init__(self) -> None:
        if not self.path:
            raise FakeOptionError("path", "is empty; write a device file")


class FakeDrivers:
    TYPES = {
        "scanner": {"wand": WandOptions},
        "printer": {"press": PressOptions, "scroll": ScrollOptions},
        "display": {"board": WandOptions},
    }

    def options_type(self, kind: str, driver: str) -> type:
        return self.TYPES[kind][driver]

    def drivers(self, kind: str) -> tuple[str, ...]:
        return tuple(self.TYPES[kind])
