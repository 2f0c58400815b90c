"""A client written from the reference with http.client alone, for the tests of the stand-in."""

import base64
import hashlib
import hmac
import http.client
import itertools
import json
import socket
from decimal import Decimal

CHANNEL_ID = "1650000000"
SECRET = "test-secret-0123456789abcdef"
PATIENCE_S = 30.0
_serial = itertools.count(1)


def fresh_key(country="TW"):
    """A well-formed key that nobody minted."""
    number = next(_serial)
    return f"38{number:016d}" if country == "TW" else f"{number:012d}"


def fresh_order_id():
    return f"O-{next(_serial)}"


def pay_body(dialect, **changes):
    """A good pay body; a change to None leaves the member out."""
    currency = changes.get("currency", "TWD")
    amount = changes.get("amount", 100)
    body = {"amount": amount, "currency": currency, "orderId": fresh_order_id()}
    body["oneTimeKey"] = fresh_key("TW" if currency == "TWD" else "TH")
    if dialect == "v4":
        product = {"name": "tea", "quantity": 1, "price": amount}
        body["packages"] = [{"id": "1", "amount": amount, "products": [product]}]
    else:
        body["productName"] = "tea"
    body |= changes
    return {name: value for name, value in body.items() if value is not None}


def mac(path, tail, nonce, secret=SECRET):
    message = secret.encode() + path.encode() + tail + nonce.encode()
    return base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()


def headers(dialect, path, tail, secret=SECRET):
    common = {"Content-Type": "application/json", "X-LINE-ChannelId": CHANNEL_ID}
    if dialect != "v4":
        return common | {"X-LINE-ChannelSecret": secret}
    nonce = f"nonce-{next(_serial)}"
    signature = mac(path, tail, nonce, secret)
    return common | {"X-LINE-Authorization": signature, "X-LINE-Authorization-Nonce": nonce}


class Client:
    """Calls one stand-in; every call on a connection of its own, unless `keep()` gave one."""

    def __init__(self, port):
        self.port = port

    def keep(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def call(self, method, path, body=b"", sent_headers=None, connection=None):
        used = connection or self.keep()
        try:
            used.request(method, path, body or None, sent_headers or {})
            response = used.getresponse()
            return response.status, response.read()
        finally:
            if connection is None:
                used.close()

    def pay(self, dialect="v2", connection=None, **changes):
        path, body = f"/{dialect}/payments/oneTimeKeys/pay", encode(pay_body(dialect, **changes))
        answer = self.call("POST", path, body, headers(dialect, path, body), connection)
        return self._api(*answer)

    def pay_raw(self, body, dialect="v2"):
        path = f"/{dialect}/payments/oneTimeKeys/pay"
        return self._api(*self.call("POST", path, body, headers(dialect, path, body)))

    def check(self, order_id, dialect="v2"):
        path = f"/{dialect}/payments/orders/{order_id}/check"
        return self._api(*self.call("GET", path, b"", headers(dialect, path, b"")))

    def order_call(self, name, order_id, members=None, dialect="v2"):
        """capture, void or refund; members of None send no body at all."""
        path = f"/{dialect}/payments/orders/{order_id}/{name}"
        body = b"" if members is None else encode(members)
        return self._api(*self.call("POST", path, body, headers(dialect, path, body)))

    def capture(self, order_id, amount, currency="TWD", dialect="v2"):
        return self.order_call(
            "capture", order_id, {"amount": amount, "currency": currency}, dialect
        )

    def void(self, order_id, dialect="v2"):
        return self.order_call("void", order_id, {}, dialect)

    def refund(self, order_id, amount=None, dialect="v2"):
        members = {} if amount is None else {"refundAmount": amount}
        return self.order_call("refund", order_id, members, dialect)

    def authorize(self, order_id, dialect="v2", **changes):
        """A payment that is held and not captured."""
        held = (
            {"options": {"payment": {"capture": False}}} if dialect == "v4" else {"capture": False}
        )
        return self.pay(dialect, orderId=order_id, **held, **changes)

    def authorizations(self, query, dialect="v2"):
        return self.listing("/authorizations", query, dialect)

    def listing(self, tail, query, dialect):
        path = f"/{dialect}/payments{tail}"
        target = f"{path}?{query}" if query else path
        return self._api(*self.call("GET", target, b"", headers(dialect, path, query.encode())))

    def details(self, query, dialect="v2"):
        return self.listing("", query, dialect)

    def control(self, method, path, members=None):
        body = b"" if members is None else json.dumps(members).encode()
        status, answer = self.call(method, f"/control/{path}", body)
        return status, json.loads(answer)

    def mint(self, **members):
        status, answer = self.control("POST", "keys", members)
        assert status == 200, answer
        return answer["one_time_key"]

    def order(self, order_id):
        return self.control("GET", f"orders/{order_id}")[1]

    def send_pay(self, dialect="v2", **changes):
        """A socket on which a pay request was sent and nothing was read."""
        path, body = f"/{dialect}/payments/oneTimeKeys/pay", encode(pay_body(dialect, **changes))
        return self.send(request_bytes("POST", path, headers(dialect, path, body), body))

    def send_check(self, order_id):
        path = f"/v2/payments/orders/{order_id}/check"
        return self.send(request_bytes("GET", path, headers("v2", path, b""), b""))

    def send(self, data):
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        sock.sendall(data)
        return sock

    @staticmethod
    def _api(status, body):
        assert status == 200
        return json.loads(body, parse_float=Decimal)


def encode(members):
    """JSON bytes; a Decimal is written as it prints."""
    marked = json.dumps(members, default=lambda value: f"\0{value}\0")
    return marked.replace('"\\u0000', "").replace('\\u0000"', "").encode()


def request_bytes(method, path, sent_headers, body):
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in sent_headers.items()]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def read_to_end(sock):
    """Everything until the other side closes; raises ConnectionResetError on a RST."""
    with sock:
        return b"".join(iter(lambda: sock.recv(65_536), b""))
