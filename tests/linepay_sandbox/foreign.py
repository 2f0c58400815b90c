"""Small clients of the Offline API as others write them: http.client, requests, curl, urllib.

Written from the reference alone; they share neither code with posd nor with one another.
"""

import base64
import hashlib
import hmac
import http.client
import json
import subprocess
import time
import urllib.request
import uuid
from urllib.parse import quote, urlencode

import requests

ID, SECRET = "1650000000", "test-secret-0123456789abcdef"


class PlainV2:
    """http.client, v2: the secret in a header, a connection for each call."""

    version, flat = "v2", True

    def __init__(self, port):
        self.port = port

    def send(self, method, path, body=None, query=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        target = path + ("?" + urlencode(query) if query else "")
        data = json.dumps(body) if body is not None else None
        connection.request(method, target, data, {
            "Content-Type": "application/json; charset=UTF-8", "X-LINE-ChannelId": ID,
            "X-LINE-ChannelSecret": SECRET, "X-LINE-MerchantDeviceProfileId": "POS1",
        })  # fmt: skip
        told = json.loads(connection.getresponse().read())
        connection.close()
        return told


class UrllibV24:
    """urllib, v2.4; Content-Type on GET too, no body at all for void and full refund."""

    version, flat = "v2.4", True

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"

    def send(self, method, path, body=None, query=None):
        url = self.base + path + ("?" + urlencode(query) if query else "")
        data = None if not body else json.dumps(body, ensure_ascii=False).encode()
        asked = urllib.request.Request(url, data, method=method)
        asked.add_header("Content-Type", "application/json")
        asked.add_header("X-LINE-ChannelId", ID)
        asked.add_header("X-LINE-ChannelSecret", SECRET)
        with urllib.request.urlopen(asked, timeout=40) as answer:
            return json.load(answer)


class SessionV4:
    """requests with a kept connection, v4; signs the query without its question mark."""

    version, flat = "v4", False

    def __init__(self, port):
        self.base, self.session = f"http://127.0.0.1:{port}", requests.Session()
        self.session.trust_env = False

    def send(self, method, path, body=None, query=None):
        text = "" if method == "GET" else json.dumps(body or {}, separators=(",", ":"))
        tail, nonce = urlencode(query or {}), str(uuid.uuid4())
        message = SECRET + path + (tail if method == "GET" else text) + nonce
        mac = hmac.new(SECRET.encode(), message.encode(), hashlib.sha256).digest()
        sent = {
            "Content-Type": "application/json",
            "X-LINE-ChannelId": ID,
            "X-LINE-Authorization": base64.b64encode(mac).decode(),
            "X-LINE-Authorization-Nonce": nonce,
        }
        url = self.base + path + ("?" + tail if tail else "")
        answer = self.session.request(method, url, data=text.encode(), headers=sent, timeout=40)
        return answer.json()

    def close(self):
        self.session.close()


class CurlV4:
    """curl, v4, with a time stamp as nonce and an empty body signed as such."""

    version, flat = "v4", False

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"

    def send(self, method, path, body=None, query=None):
        text = "" if not body else json.dumps(body, ensure_ascii=False)
        tail = "&".join(f"{name}={quote(value)}" for name, value in (query or {}).items())
        nonce = str(time.time_ns())
        signed = SECRET + path + (tail if method == "GET" else text) + nonce
        mac = base64.b64encode(hmac.digest(SECRET.encode(), signed.encode(), "sha256")).decode()
        command = ["curl", "-s", "-X", method, self.base + path + ("?" + tail if tail else "")]
        sent = {
            "Content-Type": "application/json",
            "X-LINE-ChannelId": ID,
            "X-LINE-Authorization": mac,
            "X-LINE-Authorization-Nonce": nonce,
        }
        for name, value in sent.items():
            command += ["-H", f"{name}: {value}"]
        if text:
            command += ["--data-binary", text]
        done = subprocess.run(command, check=True, capture_output=True, timeout=40)
        return json.loads(done.stdout)


CLIENTS = [PlainV2, UrllibV24, SessionV4, CurlV4]
