from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .foreign import ForeignGateway
from .printer import EpsonPrinter
from .sandbox import Sandbox
from .shop import Gateway, Shop


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Iterator[Sandbox]:
    yield shared_sandbox
    shared_sandbox.disarm()


@pytest.fixture
def foreign() -> Iterator[ForeignGateway]:
    with ForeignGateway() as gateway:
        yield gateway


@pytest.fixture
def printer() -> Iterator[EpsonPrinter]:
    with EpsonPrinter() as printer:
        yield printer


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, for the path of a Unix socket has room for 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="posd-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def shop_of(folder: Path, printer: EpsonPrinter) -> Iterator[Callable[[Gateway], Shop]]:
    """Makes the one shop of a test, at the gateway that it wants."""
    shops: list[Shop] = []

    def make(gateway: Gateway) -> Shop:
        shops.append(Shop(folder, gateway, printer.address))
        return shops[-1]

    yield make
    for shop in shops:
        shop.close()


@pytest.fixture
def shop(shop_of: Callable[[Gateway], Shop], sandbox: Sandbox) -> Shop:
    """A shop at the stand-in."""
    return shop_of(sandbox)


@pytest.fixture
def foreign_shop(shop_of: Callable[[Gateway], Shop], foreign: ForeignGateway) -> Shop:
    """A shop at the foreign gateway."""
    return shop_of(foreign)
