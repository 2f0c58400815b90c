"""What a posd configuration may say: a frozen type per section, a sentence per field.

A `Config` exists only whole and checked (`posd.config.load`): who holds one need not doubt it.
Paths in it are absolute. The sentences are the reference of config.example.yaml.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from posd.config.receipt_section import Language, Receipt

Country = Literal["TW", "TH"]
Currency = Literal["TWD", "THB", "USD"]
Dialect = Literal["v2", "v2.4", "v4"]

LANGUAGE_OF: Final[dict[str, Language]] = {"TW": "zh-TW", "TH": "th"}
CURRENCIES_OF: Final[dict[str, tuple[Currency, ...]]] = {"TW": ("TWD",), "TH": ("THB", "USD")}

_PATH: Final = {"path": True}
_ID: Final = {"expected": "1 to 32 letters, digits, _ or -"}
_HEADER: Final = {"expected": "1 to 100 printable ASCII characters, no blank at either end"}
_HOST: Final = {"expected": "a host name such as till.local, with or without :port"}
_ID_PATTERN: Final = r"^[A-Za-z0-9_-]{1,32}$"
_HEADER_PATTERN: Final = r"^(?=.{1,100}$)[!-~]([ -~]*[!-~])?$"


_HostName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$", extra=_HOST)]


class Store(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shop, as it stands on receipts and in LINE Pay's records."""

    id: Annotated[
        str,
        Meta(
            description="Short id of the store, part of every order id.",
            pattern=_ID_PATTERN,
            extra=_ID,
        ),
    ]
    name: Annotated[
        str,
        Meta(description="Name of the merchant on receipts.", min_length=1, max_length=100),
    ]
    branch: Annotated[
        str, Meta(description="Name of the branch on receipts, if any.", max_length=100)
    ] = ""
    tax_id: Annotated[str, Meta(description="Tax id on receipts, if any.", max_length=32)] = ""
    address: Annotated[str, Meta(description="Address on receipts, if any.", max_length=200)] = ""


class Lane(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The checkout lane that this posd serves."""

    id: Annotated[
        str,
        Meta(
            description="Short id of the lane, one for each posd of a store.",
            pattern=_ID_PATTERN,
            extra=_ID,
        ),
    ]


class LinePay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The LINE Pay channel and how to reach it."""

    api: Annotated[
        Dialect,
        Meta(
            description="Dialect of the Offline API; v4 signs requests, v2 and v2.4 send the"
            " channel secret in a header and need an allow-listed address."
        ),
    ] = "v4"
    base_url: Annotated[
        str,
        Meta(
            description="Scheme and host of the API; a loopback address is a test and every"
            " receipt says TEST.",
            max_length=300,
        ),
    ]
    channel_id: Annotated[
        str,
        Meta(
            description="Channel id from the merchant page, in quotes.",
            pattern=r"^[0-9]{1,20}$",
            extra={"expected": "1 to 20 digits, in quotes"},
        ),
    ]
    channel_secret_file: Annotated[
        str | None,
        Meta(
            description="File with the channel secret, mode 0600 or 0640; left out, the systemd"
            " credential `channel_secret` is used.",
            extra=_PATH,
        ),
    ] = None
    device_profile_id: Annotated[
        str,
        Meta(
            description="X-LINE-MerchantDeviceProfileId, usually the terminal's serial number.",
            pattern=_HEADER_PATTERN,
            extra=_HEADER,
        ),
    ]
    device_type: Annotated[
        str,
        Meta(
            description="X-LINE-MerchantDeviceType, chosen by the merchant.",
            pattern=_HEADER_PATTERN,
            extra=_HEADER,
        ),
    ]
    capture: Annotated[
        bool,
        Meta(
            description="false: a scan only authorizes, and the money is captured later; needs an"
            " agreement with LINE Pay."
        ),
    ] = True
    ca_file: Annotated[
        str | None,
        Meta(description="PEM file of the only authorities to trust for TLS.", extra=_PATH),
    ] = None
    proxy: Annotated[
        str | None,
        Meta(description="Egress proxy as http://host:port; the environment's is not used."),
    ] = None
    connect_timeout_s: Annotated[
        float, Meta(description="Longest wait for a connection.", gt=0, le=60)
    ] = 5.0
    pay_timeout_s: Annotated[
        float,
        Meta(
            description="Longest wait for the answer to pay; LINE asks for at least 40.",
            gt=0,
            le=60,
        ),
    ] = 45.0
    read_timeout_s: Annotated[
        float,
        Meta(description="Longest wait for other answers; LINE asks for at least 20.", gt=0, le=60),
    ] = 20.0


class DriverConfig(Struct, frozen=True):
    """A device: the driver's name and an instance of that driver's own Options."""

    driver: str
    options: object


class PrinterShare(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The printer of this lane for other lanes, which print through it."""

    listen: Annotated[
        str,
        Meta(
            description="IP:port where other lanes connect; one of the shop's own network, for"
            " receipts travel unhidden."
        ),
    ] = "127.0.0.1:9180"
    token_file: Annotated[
        str | None,
        Meta(
            description="File of the token that other lanes need a copy of, made at first start;"
            " left out, it is printer-token in state_dir.",
            extra=_PATH,
        ),
    ] = None


class Api(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The local API and the cashier's page."""

    listen: Annotated[
        str,
        Meta(description="Loopback host:port, or unix:/path of a socket; port 0 takes a free one."),
    ] = "127.0.0.1:8377"
    hosts: Annotated[
        tuple[_HostName, ...],
        Meta(description="Further names that the Host header may carry.", max_length=16),
    ] = ()
    token_file: Annotated[
        str | None,
        Meta(
            description="File of the token for TCP clients, made at first start; left out, it is"
            " api-token in state_dir.",
            extra=_PATH,
        ),
    ] = None
    open_page: Annotated[
        bool,
        Meta(
            description="true: whoever can open the page on this machine may sell; for demos and"
            " single-user boxes."
        ),
    ] = False


class Access(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each role may give back or give up; people and PINs are `posd people`'s."""

    cashier_refunds: Annotated[
        str,
        Meta(
            description="Most that a cashier, or the till itself, may give back of one payment, as"
            " a decimal string; 0: nothing.",
            max_length=16,
        ),
    ] = "0"
    supervisor_refunds: Annotated[
        str | None,
        Meta(description="The same for a supervisor; left out, all of it."),
    ] = None
    cashier_abandons: Annotated[
        str | None,
        Meta(
            description="Most for which a cashier may stop waiting for a payment; left out, any.",
        ),
    ] = None


class Timing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The waits that a shop may change."""

    scale: Annotated[
        float,
        Meta(
            description="Shortens every wait for tests and training; 1 unless base_url is"
            " loopback.",
            gt=0,
            le=1,
        ),
    ] = 1.0
    key_timeout_s: Annotated[
        float,
        Meta(description="How long a sale waits for the customer's code.", ge=5, le=3600),
    ] = 120.0
    horizon_s: Annotated[
        float | None,
        Meta(
            description="When `no such payment` may become final, counted from the scan; left"
            " out, the least that is safe: the greater of 1260 and pay_timeout_s + 360.",
        ),
    ] = None


class Log(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The log on stderr; the journal, not the log, is the audit trail."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="The least that is written."),
    ] = "info"
    format: Annotated[
        Literal["auto", "json", "text"],
        Meta(description="json lines, text for people; auto is text on a terminal, else json."),
    ] = "auto"


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One lane's whole configuration."""

    store: Annotated[Store, Meta(description="The shop.")]
    lane: Annotated[Lane, Meta(description="The checkout lane.")]
    country: Annotated[
        Country, Meta(description="Where the shop stands; decides the length of customers' codes.")
    ]
    currency: Annotated[Currency, Meta(description="TWD in Taiwan, THB or USD in Thailand.")]
    language: Annotated[
        Language,
        Meta(
            description="Language of screens and receipts; left out, zh-TW in Taiwan and th in"
            " Thailand."
        ),
    ] = "en"
    linepay: Annotated[LinePay, Meta(description="The LINE Pay channel.")]
    scanner: Annotated[
        DriverConfig, Meta(description="The barcode scanner: its driver and that driver's options.")
    ]
    printer: Annotated[
        DriverConfig, Meta(description="The receipt printer: its driver and that driver's options.")
    ]
    printer_share: Annotated[
        PrinterShare | None, Meta(description="The printer of this lane for other lanes, if so.")
    ] = None
    display: Annotated[
        DriverConfig | None,
        Meta(description="The customer's display, if there is one: its driver and its options."),
    ] = None
    api: Annotated[Api, Meta(description="The local API.")] = field(default_factory=Api)
    access: Annotated[Access, Meta(description="What each role may give back.")] = field(
        default_factory=Access
    )
    timing: Annotated[Timing, Meta(description="Waits.")] = field(default_factory=Timing)
    receipt: Annotated[Receipt, Meta(description="Receipts.")] = field(default_factory=Receipt)
    log: Annotated[Log, Meta(description="The log.")] = field(default_factory=Log)
    state_dir: Annotated[
        str,
        Meta(
            description="Folder of the journal and the keys, on a disk that keeps what it flushed.",
            min_length=1,
            extra=_PATH,
        ),
    ]

    @property
    def token_path(self) -> str:
        """Where the API token lies: `api.token_file`, else api-token in `state_dir`."""
        return self.api.token_file or f"{self.state_dir}/api-token"

    @property
    def printer_token_path(self) -> str:
        """Where the shared printer's token lies: its file, else printer-token in `state_dir`."""
        chosen = self.printer_share.token_file if self.printer_share else None
        return chosen or f"{self.state_dir}/printer-token"
