"""The program curl, one process for each response."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile

from rawwfile.glass.clients.outcome import MAX_CONTENT, Client, Outcome, sample
from rawwfile.glass.one_shot import OneShot

STARTING = 5.0
"""Seconds that the process has to start and to end, beyond the time for the transfer."""

MEANINGS = {
    1: "unsupported protocol: HTTP/0.9 is off",
    8: "a server's answer that makes no sense",
    18: "partial file",
    28: "time is over",
    52: "nothing was received",
    56: "failure while receiving",
    61: "unknown content coding",
}
"""What curl's manual says of the exit codes that broken responses cause, in fewer words."""


class Curl(Client):
    """curl with its defaults, which do not include HTTP/0.9; no .curlrc and no proxy."""

    name = "curl"

    def version(self) -> str | None:
        """As curl --version has it."""
        program = shutil.which("curl")
        if program is None:
            return None
        try:
            done = subprocess.run([program, "-q", "--version"], capture_output=True, timeout=STARTING, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        found = re.match(rb"curl (\S+)", done.stdout)
        return found[1].decode("ascii", "replace") if found else None

    def read(self, server: OneShot, method: str) -> Outcome:
        """Run it once."""
        asks = {"GET": [], "HEAD": ["--head", "--output", os.devnull]}.get(method, ["--request", method])
        limit = server.left
        command = [shutil.which("curl") or "curl", "-q", "--silent", "--show-error", "--noproxy", "*"]
        command += ["--max-time", f"{limit:.3f}", *asks, "--write-out", "%{stderr}\n%{http_code}", server.url]
        with tempfile.TemporaryFile() as content_file, tempfile.TemporaryFile() as said_file:
            # Files, not pipes: a process that had to be killed cannot leave anybody waiting for its output.
            try:
                code = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=content_file,
                    stderr=said_file,
                    timeout=limit + STARTING,
                    check=False,
                    env={**os.environ, "LC_ALL": "C"},
                ).returncode
            except (OSError, subprocess.TimeoutExpired) as error:
                return Outcome(str(error), fault="cannot run" if isinstance(error, OSError) else "never ends")
            content_file.seek(0)
            said_file.seek(0)
            content = content_file.read(MAX_CONTENT)
            said, _, written = said_file.read(MAX_CONTENT).decode("utf-8", "replace").rpartition("\n")
        status = int(written) if written.isdecimal() and int(written) else None
        detail = f"{status or 'no status'}; {sample(content)}"
        if not code:
            return Outcome(detail, status, content, noticed=False)
        meaning = f" ({MEANINGS[code]})" if code in MEANINGS else ""
        return Outcome(f"{detail}; exit {code}{meaning}: {said.strip()}", status, content, f"exit {code}", True)
