"""`rawwfile lab start`: a lab served with the tape on, while its student works on the file."""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, TextIO

from rawwfile.glass.inspector import Inspector, LabBox
from rawwfile.glass.terminal import TerminalView
from rawwfile.lab.course import PORT
from rawwfile.lab.ending import no_sudden_end
from rawwfile.lab.folder import LabFolder
from rawwfile.lab.guard import loopback_only
from rawwfile.lab.student import Reloading
from rawwfile.server import RawHTTPServer
from rawwfile.server.lifecycle import serve_until_stopped
from rawwfile.server.listen import describe_address, open_listener
from rawwfile.settings import VERSION, Settings
from rawwfile.tape.model import Tape
from rawwfile.tape.wirewriter import WireWriter, check_for_recording, open_for_recording

LOOPBACK = "127.0.0.1"


def serve_lab(folder: LabFolder, port: int, *, page: bool, out: TextIO) -> int:
    """Print a lab's instructions and serve it until a signal ends it; return the exit code.

    What crosses the socket is shown on `out`, kept in tape.wire, and with `page` shown in the
    browser too. Raises StartError where the port is taken, or the folder cannot be made.
    """

    def say(line: str) -> None:
        print(line, file=out, flush=True)

    lab = folder.lab
    settings = Settings(host=LOOPBACK, port=port, **getattr(lab.check, "SETTINGS", {}))
    tape = Tape(started=time.time(), by=f"rawwfile {VERSION}")
    tls, client_tls = lab.tls or (None, None)
    scheme = "http" if tls is None else "https"
    box = LabBox()
    application = box.wrap(lab.around(Reloading(lab.pages or folder.answer)))
    with ExitStack() as ending:
        ending.enter_context(loopback_only())
        ending.enter_context(no_sudden_end())
        # No service manager's socket: that could be anywhere.
        listener = open_listener(settings, {})
        ending.callback(listener.close)
        address = listener.getsockname()
        new = folder.make(port or PORT)
        say(lab.instructions(address[1]))
        say(f"Your folder:  {folder.path.name}/{'' if new else ' (as you left it)'}")
        server = RawHTTPServer(address, application, settings=settings, tls=tls, listening_socket=listener, tape=tape)
        writer = WireWriter(tape, _open_recording(folder.path / "tape.wire"))
        writer.start()
        ending.callback(writer.stop)
        saved = "" if lab.pages else f"   (save {folder.answer.name}, and ask again)"
        say(f"Your server:  {describe_address(listener, scheme)}{saved}")
        if page:
            visits = [{"path": path, "title": title} for path, title in getattr(lab.check, "VISITS", ())]
            inspector = Inspector(
                tape,
                server_address=address,
                scheme=scheme,
                lab=box,
                application=f"lab {lab.number}",
                visits=visits,
                client_tls=client_tls,
            )
            ending.callback(inspector.stop)
            say(f"Its bytes:    {inspector.start()}   (for this machine only)")
        say("Ctrl-C ends.\n")
        view = TerminalView(tape, out, 0, False, None)
        view.start()
        ending.callback(view.stop)
        return serve_until_stopped(server, settings.grace)


def _open_recording(file: Path) -> IO[str]:
    """A new file. The old one is taken away first: a server of the same lab may still be writing on it."""
    check_for_recording(str(file))
    with suppress(OSError):
        file.unlink()
    return open_for_recording(str(file))
