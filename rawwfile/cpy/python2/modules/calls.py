"""xmlrpclib: calls of other hosts, with text of bytes."""

from __future__ import annotations

import xmlrpc.client
from typing import Any

from rawwfile.cpy.python2.modules.data import to_bytes, to_text
from rawwfile.cpy.python2.runtime.text import of, unicode


class Binary:
    """xmlrpclib.Binary: `data` is byte text."""

    def __init__(self, data: Any = None) -> None:
        self.data = data or ""

    def __str__(self) -> str:
        return str(self.data)

    def __eq__(self, other: object) -> bool:
        return self.data == getattr(other, "data", other)

    def __hash__(self) -> int:
        return hash(self.data)


def outgoing(value: Any, encoding: str) -> Any:
    """Return a value as today's marshaller takes it; the XML it makes is byte text then."""
    if isinstance(value, unicode):
        return str(value.encode(encoding))
    if type(value) in (list, tuple):
        return [outgoing(each, encoding) for each in value]
    if isinstance(value, dict):
        return {outgoing(key, encoding): outgoing(each, encoding) for key, each in value.items()}
    if isinstance(value, Binary):
        return xmlrpc.client.Binary(to_bytes(value.data))
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, str) else value


def incoming(value: Any) -> Any:
    """Return what today's parser gave as 2.x's did: text is unicode only where it must be."""
    if isinstance(value, str):
        return value if value.isascii() else of(value)
    if isinstance(value, (list, tuple)):
        return type(value)(map(incoming, value))
    if isinstance(value, dict):
        return {incoming(key): incoming(each) for key, each in value.items()}
    return Binary(to_text(value.data)) if isinstance(value, xmlrpc.client.Binary) else value


def dumps(
    params: Any, methodname: Any = None, methodresponse: Any = None, encoding: Any = None, allow_none: int = 0
) -> str:
    """xmlrpclib.dumps."""
    charset = encoding or "utf-8"
    if isinstance(params, xmlrpc.client.Fault):
        sent: Any = xmlrpc.client.Fault(params.faultCode, outgoing(params.faultString, charset))
    else:
        sent = tuple(outgoing(each, charset) for each in params)
    return xmlrpc.client.dumps(sent, methodname, bool(methodresponse), encoding, bool(allow_none))


def loads(data: str, use_datetime: int = 0) -> tuple[Any, Any]:
    """xmlrpclib.loads. A DTD is refused: entities may grow without end."""
    if "<!DOCTYPE" in data or "<!ENTITY" in data:
        raise xmlrpc.client.ResponseError("a DTD is not allowed in XML-RPC")
    try:
        params, method = xmlrpc.client.loads(to_bytes(data), bool(use_datetime))
    except xmlrpc.client.Fault as fault:
        fault.faultString = incoming(fault.faultString)
        raise
    return incoming(params), method


class ServerProxy(xmlrpc.client.ServerProxy):
    """xmlrpclib.ServerProxy."""

    def __init__(
        self, uri: str, transport: Any = None, encoding: Any = None, verbose: int = 0, allow_none: int = 0, *rest: Any
    ) -> None:
        super().__init__(uri, transport, encoding, bool(verbose), bool(allow_none), *rest)
        self._sends = {"encoding": encoding, "allow_none": allow_none}

    def _ServerProxy__request(self, method: str, params: Any) -> Any:  # noqa: N802 - the name that __getattr__ calls
        inner: Any = self
        request = to_bytes(dumps(params, method, **self._sends))
        send, host, handler = (
            inner._ServerProxy__transport.request,
            inner._ServerProxy__host,
            inner._ServerProxy__handler,
        )
        answer = incoming(send(host, handler, request, verbose=inner._ServerProxy__verbose))
        return answer[0] if len(answer) == 1 else answer


def xmlrpc_names(_: Any) -> dict[str, Any]:
    """Return the names of xmlrpclib."""
    return {"Binary": Binary, "Boolean": bool, "boolean": bool, "True": True, "False": False,
            "dumps": dumps, "loads": loads, "ServerProxy": ServerProxy, "Server": ServerProxy}  # fmt: skip


MODULES: dict[str, tuple[str, Any]] = {"xmlrpclib": ("xmlrpc.client", xmlrpc_names)}
