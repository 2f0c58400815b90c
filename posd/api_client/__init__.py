"""The client of the local API: standard library only, over TCP or a Unix socket.

The one rule: it says apart what was refused, what cannot have arrived, and what may have arrived
without an answer.

    client = ApiClient("127.0.0.1:8377", token)
    sale = client.open_sale({"reference": "basket-881", "amount": "120"}, idempotency_key=key)
"""

from posd.api_client.client import ApiClient
from posd.api_client.errors import ClientError, JsonObject, NotRunning, Refused, Unclear

__all__ = ["ApiClient", "ClientError", "JsonObject", "NotRunning", "Refused", "Unclear"]
