"""Lab 20, right: http.client does the talking, with a context of ours."""

import http.client
import ssl


def ask(address, authority):
    """What the server at address answers."""
    context = ssl.create_default_context(cadata=authority)
    context.set_alpn_protocols(["http/1.1"])
    connection = http.client.HTTPSConnection(*address, context=context)
    try:
        connection.request("GET", "/secret", headers={"Connection": "close"})
        return connection.getresponse().read()
    finally:
        connection.close()
