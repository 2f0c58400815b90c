"""Headers as LINE Pay verifies them: channel, secret (v2, v2.4), signature (v4).

The rule: the client is told 1104 or 1106 and no more; the log names the mistake. No secret and no
signature is ever logged. Source: reference, section 2.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address

from posd.linepay.sandbox.request import Request
from posd.linepay.sandbox.result_codes import Refused
from posd.linepay.sandbox.routes import Dialect
from posd.linepay.sandbox.signed_variants import other_bytes, other_secrets

LOG = logging.getLogger("posd.linepay.sandbox")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A channel as the merchant center shows it."""

    channel_id: str
    channel_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in. `allowed` are the networks of v2.x callers; none means all."""

    credentials: Credentials
    allowed: tuple[IPv4Network | IPv6Network, ...] = ()


def check_headers(request: Request, dialect: Dialect, door: Door) -> None:
    """Pass, or raise Refused with 1104 or 1106."""
    credentials = door.credentials
    if dialect is not Dialect.V4:
        _check_address(request.peer, door)
    _check_content_type(request)
    channel_id = request.headers.get("x-line-channelid")
    if channel_id is None:
        raise Refused("1106", "X-LINE-ChannelId is missing")
    if channel_id != credentials.channel_id:
        raise Refused("1104", "X-LINE-ChannelId names another channel")
    if dialect is Dialect.V4:
        _check_signature(request, credentials.channel_secret)
    else:
        _check_secret(request, credentials.channel_secret)


def _check_address(peer: str, door: Door) -> None:
    if door.allowed and not any(ip_address(peer) in network for network in door.allowed):
        told = f"Header information error. IP({peer}) is not allowed to access this API."
        raise Refused("1106", f"{peer} is not on the list of --allow (v2.x)", told=told)


def _check_content_type(request: Request) -> None:
    # Required on GET too, yet a GET without a body has no content to type and public clients leave
    # it out; refusing that would make the stand-in stricter than anyone has seen LINE Pay to be.
    content_type = request.headers.get("content-type")
    if content_type is None and request.method == "GET":
        return
    if content_type is None:
        raise Refused("1106", "Content-Type is missing; it must be application/json")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Refused("1106", "Content-Type is not application/json")


def _check_secret(request: Request, secret: str) -> None:
    sent = request.headers.get("x-line-channelsecret")
    if sent is None:
        raise Refused("1106", "X-LINE-ChannelSecret is missing; v2 and v2.4 send it in clear")
    if not hmac.compare_digest(sent.encode("latin-1"), secret.encode()):
        raise Refused("1106", "wrong secret: X-LINE-ChannelSecret is not this channel's")


def _check_signature(request: Request, secret: str) -> None:
    sent = request.headers.get("x-line-authorization")
    nonce = request.headers.get("x-line-authorization-nonce")
    if "x-line-channelsecret" in request.headers:
        LOG.warning("X-LINE-ChannelSecret was sent with v4, where the secret never travels")
    if not sent:
        raise Refused("1106", "X-LINE-Authorization is missing; v4 requests are signed")
    if not nonce:
        raise Refused("1106", "X-LINE-Authorization-Nonce is missing; v4 requests carry one")
    if not hmac.compare_digest(sent.encode("latin-1"), _signature(request, secret, nonce)):
        raise Refused("1106", _diagnosis(request, secret, nonce=nonce, sent=sent))


def _signature(request: Request, secret: str, nonce: str) -> bytes:
    tail = request.query.encode("latin-1") if request.method == "GET" else request.body
    message = secret.encode() + request.path.encode("latin-1") + tail + nonce.encode("latin-1")
    return base64.b64encode(mac(secret, message))


def mac(secret: str, message: bytes) -> bytes:
    """HMAC-SHA256 of `message` under the secret's UTF-8 bytes."""
    return hmac.digest(secret.encode(), message, hashlib.sha256)


def _diagnosis(request: Request, secret: str, *, nonce: str, sent: str) -> str:
    """Find which mistake gives the signature that was sent."""
    digest = _decoded(sent)
    if digest is None:
        return "X-LINE-Authorization is not the Base64 of a SHA-256 code"
    for candidate, name in other_secrets(secret):
        if digest == _decoded(_signature(request, candidate, nonce).decode()):
            return f"wrong secret: {name}"
    for message, name in other_bytes(request, secret, nonce):
        if digest == mac(secret, message):
            return f"signed {name}"
    return "wrong secret, or signed other bytes in a way not known here"


def _decoded(text: str) -> bytes | None:
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest if len(digest) == hashlib.sha256().digest_size else None
