"""Replays a case against a server, step by step, and says what is not as recorded."""

from __future__ import annotations

import re
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cases.candidate import POLL, Candidate
from tests.cases.case import Case
from tests.cases.comparison import Names, differences, plain_body
from tests.cases.wire import PATIENCE, Answer, exchange, is_head, read_answer, request_bytes

Prepare = Callable[[Case, Path], list[str]]
LOGGED = 20.0  # seconds until what a request wrote must be in a file

Step = dict[str, Any]


def replay(case: Case, prepare: Prepare) -> list[str]:
    """Serve the application with the command that `prepare(case, directory)` returns; send every request.

    Returns one text for each response that differs. Raises NotStarted.
    """
    with tempfile.TemporaryDirectory(prefix="rawwfile-case-") as top:
        directory = case.lay_out(Path(top))
        candidate = Candidate(prepare(case, directory), directory, Path(top) / "output.txt")
        try:
            candidate.start(must_fail=bool(case.start_fails))
            if case.start_fails:
                output = candidate.output()
                return [f"not in the output: {text!r}\n{output}" for text in case.start_fails if text not in output]
            return Replay(case, candidate, directory).run()
        finally:
            candidate.stop()


class Replay:
    """One run of a case: the jars of cookies, the texts captured, the names given."""

    def __init__(self, case: Case, candidate: Candidate, directory: Path) -> None:
        self.case = case
        self.candidate = candidate
        self.directory = directory
        self.names = Names(case.rule("mask_cookies"), case.rule("mask_cookies_loose"), case.rule("masks"))
        self.jars: dict[str, dict[str, str]] = {}
        self.captured: dict[str, str] = {}
        self.recorded = {entry["id"]: entry for entry in case.recorded}
        self.found: list[str] = []

    def run(self) -> list[str]:
        """Do all steps."""
        for number, step in enumerate(self.case.steps, 1):
            ident = step.get("id") or f"{number:02d}"
            action = step.get("action", "request")
            if action == "request":
                turns = step.get("repeat", 1)
                for turn in range(turns):
                    self.request(ident if turns == 1 else f"{ident}.{turn + 1}", step)
            else:
                getattr(self, action)(ident, step)
        return self.found

    def request(self, ident: str, step: Step) -> None:
        """One request on a connection of its own."""
        filled = self.fill(step)
        self.keep(ident, filled, exchange(self.candidate.port, filled, self.jar(filled)))

    def restart(self, ident: str, step: Step) -> None:
        """Stop the server and start it again."""
        self.candidate.stop()
        self.candidate.start()

    def sleep(self, ident: str, step: Step) -> None:
        """Let something expire in the server."""
        time.sleep(step["seconds"])

    def readfile(self, ident: str, step: Step) -> None:
        """Compare a file that the application wrote; it may come a little after the answer."""
        path = self.directory / step["path"]
        last = time.monotonic() + LOGGED
        while True:
            body = path.read_bytes() if path.is_file() else b"<NO SUCH FILE>"
            plain = plain_body(step.get("compare", {}).get("body", "exact"), body, self.names)
            if plain == self.recorded[ident]["body"].encode():
                return
            if time.monotonic() > last:
                self.found.append(f"{ident} {step['path']}: {plain!r}\n{body.decode('latin-1')}")
                return
            time.sleep(POLL)

    def parallel(self, ident: str, step: Step) -> None:
        """Several requests at the same time."""
        requests = [self.fill(each) for each in step["requests"]]
        answers = [b""] * len(requests)

        def send(index: int) -> None:
            answers[index] = exchange(self.candidate.port, requests[index], self.jar(requests[index]))

        threads = [threading.Thread(target=send, args=(index,)) for index in range(len(requests))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for index, request in enumerate(requests):
            self.keep(f"{ident}.{index + 1}", request, answers[index])

    def connection(self, ident: str, step: Step) -> None:
        """Several requests, one after the other, on one connection."""
        requests = [self.fill(each) for each in step["requests"]]
        with socket.create_connection(("127.0.0.1", self.candidate.port), timeout=PATIENCE) as connection:
            for index, request in enumerate(requests):
                last = index == len(requests) - 1
                headers = list(request.get("headers") or [])
                if not last and not any(name.lower() == "connection" for name, _ in headers):
                    headers.append(["Connection", "keep-alive"])
                data = b""
                try:
                    connection.sendall(request_bytes({**request, "headers": headers}, self.jar(request)))
                    data = read_answer(connection, is_head(request), until_close=last)
                except OSError:
                    pass  # no answer is what the comparison then tells
                self.keep(f"{ident}.{index + 1}", request, data)

    def fill(self, value: Any) -> Any:
        """Put the captured texts in for `${name}`."""
        if isinstance(value, str):
            return re.sub(r"\$\{(\w+)\}", lambda found: self.captured.get(found[1], found[0]), value)
        if isinstance(value, list):
            return [self.fill(each) for each in value]
        if isinstance(value, dict):
            return {key: self.fill(each) for key, each in value.items()}
        return value

    def jar(self, request: Step) -> dict[str, str] | None:
        """The cookies of this visitor, if visitors keep cookies."""
        name = request.get("jar", "default" if self.case.spec.get("cookie_jar") else None)
        return self.jars.setdefault(name, {}) if name else None

    def keep(self, ident: str, request: Step, data: bytes) -> None:
        """Take the cookies and the captures of an answer, and compare it."""
        answer = Answer(data, is_head(request))
        jar = self.jar(request)
        if jar is not None:
            keep_cookies(jar, answer)
        for name, pattern in (request.get("capture") or {}).items():
            found = re.search(pattern, data.decode("latin-1"))
            if found:
                self.captured[name] = found[1]
        self.names.learn(answer)
        compare = {**self.case.spec.get("compare", {}), **request.get("compare", {})}
        for text in differences(self.recorded[ident], answer, self.names, compare):
            what = f"{request.get('method', 'GET')} {request['target']}" if "target" in request else "(raw bytes)"
            self.found.append(f"{ident} {what}\n  {text}")


def keep_cookies(jar: dict[str, str], answer: Answer) -> None:
    """Do what a browser does with Set-Cookie, as far as these cases need it."""
    for name, value in answer.headers:
        if name != "set-cookie":
            continue
        pair, *attributes = [part.strip() for part in value.split(";")]
        key, _, content = pair.partition("=")
        if any(re.sub(r'[\s"]', "", attribute.lower()) == "max-age=0" for attribute in attributes):
            jar.pop(key, None)
        else:
            jar[key] = content
