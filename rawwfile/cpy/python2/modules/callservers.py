"""SimpleXMLRPCServer: calls that come from other hosts."""

from __future__ import annotations

import xmlrpc.server
from typing import Any

from rawwfile.cpy.python2.modules.calls import incoming, outgoing
from rawwfile.cpy.python2.modules.data import to_bytes


class _Dispatcher:
    """Makes a server of today read and write byte text."""

    def _marshaled_dispatch(self: Any, data: Any, dispatch_method: Any = None, path: Any = None) -> bytes:
        def dispatch(method: str, params: Any) -> Any:
            given = tuple(map(incoming, params))
            answer = (dispatch_method or self._dispatch)(method, given)
            return outgoing(answer, self.encoding)

        answer = super()._marshaled_dispatch(data, dispatch, path)  # type: ignore[misc]
        # It was text of bytes that today's server encoded.
        return to_bytes(answer.decode(self.encoding))  # type: ignore[no-any-return]


class SimpleXMLRPCServer(_Dispatcher, xmlrpc.server.SimpleXMLRPCServer):  # type: ignore[misc]
    """SimpleXMLRPCServer.SimpleXMLRPCServer."""


class SimpleXMLRPCDispatcher(_Dispatcher, xmlrpc.server.SimpleXMLRPCDispatcher):  # type: ignore[misc]
    """Calls functions by name."""


def server_names(_: Any) -> dict[str, Any]:
    """Return the names of SimpleXMLRPCServer."""
    return {"SimpleXMLRPCServer": SimpleXMLRPCServer, "SimpleXMLRPCDispatcher": SimpleXMLRPCDispatcher}


MODULES: dict[str, tuple[str, Any]] = {
    "SimpleXMLRPCServer": ("xmlrpc.server", server_names),
    "DocXMLRPCServer": ("xmlrpc.server", server_names),
}
