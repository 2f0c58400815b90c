"""The configuration: YAML and environment in, one frozen and checked `Config` out.

The one rule: a mistake is told with its file, line, column and key, and all mistakes are told
at once. Secrets are not part of it; see `posd.secrets`.

    config = load(Path("config.yaml"), drivers=devices.registry, environ=os.environ)
"""

from posd.config.addresses import (
    Endpoint,
    TcpEndpoint,
    UnixEndpoint,
    is_loopback_url,
    parse_listen,
)
from posd.config.loader import default_path, load
from posd.config.model import (
    Access,
    Api,
    Config,
    DriverConfig,
    Lane,
    LinePay,
    Log,
    Store,
    Timing,
)
from posd.config.problems import ConfigError, Problem
from posd.config.reader import Drivers
from posd.config.receipt_section import Receipt
from posd.config.rules import cap_minor

__all__ = [
    "Access",
    "Api",
    "Config",
    "ConfigError",
    "DriverConfig",
    "Drivers",
    "Endpoint",
    "Lane",
    "LinePay",
    "Log",
    "Problem",
    "Receipt",
    "Store",
    "TcpEndpoint",
    "Timing",
    "UnixEndpoint",
    "cap_minor",
    "default_path",
    "is_loopback_url",
    "is_test",
    "load",
    "parse_listen",
]


def is_test(config: Config) -> bool:
    """Whether no real money can move: base_url is loopback, and all paper says TEST."""
    return is_loopback_url(config.linepay.base_url)
