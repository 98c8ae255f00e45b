"""Python's own client, http.client, in this process."""

from __future__ import annotations

import http.client
import platform

from rawwfile.glass.clients.outcome import MAX_CONTENT, Client, Outcome, sample
from rawwfile.glass.one_shot import OneShot


class HttpClient(Client):
    """http.client as it comes: what urllib and, by way of urllib3, requests read with."""

    name = "http.client"

    def version(self) -> str:
        """That of this Python."""
        return platform.python_version()

    def read(self, server: OneShot, method: str) -> Outcome:
        """Ask once, and read all."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=server.left)
        status = None
        try:
            connection.request(method, "/")
            response = connection.getresponse()
            status = response.status
            content = response.read()
        except http.client.IncompleteRead as error:
            kept = error.partial[:MAX_CONTENT]
            return Outcome(f"{status}; {error}; until then {sample(kept)}", status, None, "IncompleteRead", True)
        except (http.client.HTTPException, OSError, ValueError, OverflowError, MemoryError) as error:
            name = type(error).__name__
            # A RemoteDisconnected is a BadStatusLine by inheritance, and says more by its own name. The last two:
            # it reserves as much memory as a length or a chunk size promises.
            return Outcome(f"{status or 'no status'}; {name}: {str(error)[:200]!r}", status, None, name, True)
        finally:
            connection.close()
        said = f"{status} {response.reason}; {sample(content)}"
        return Outcome(said, status, content[:MAX_CONTENT], noticed=False)
