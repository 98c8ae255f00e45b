"""A recorded case on disk: an application, the requests to send, and what CherryPy 0.10 answered.

    app/            the application, its configuration and files
    case.json       files, config, include (-I), whitespace (-W), mkdir, cookie_jar, start_fails, normalise,
                    also (further ways to replay it: compiled, ported)
    requests.json   steps: a request (method, target, headers, body, body_b64, body_parts, raw, repeat, jar,
                    send_pieces, capture, compare), or an action: sleep, restart, readfile, parallel, connection
    golden.json     the answers, in the form that `comparison` describes; long bodies as their SHA-256

`open` holds cases that were written beside the specification; `own` those of people who tried to
break the compiler. All were recorded from the original under Python 2.7, each one twice.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MODIFIED = 1083827289  # of every file of an application: Thu, 06 May 2004 07:08:09 GMT
FOLDERS = ("open", "own")


@dataclass(frozen=True)
class Case:
    """One folder: app/, case.json, requests.json and golden.json."""

    folder: Path
    spec: dict[str, Any]
    steps: list[dict[str, Any]]
    recorded: list[dict[str, Any]]

    @property
    def name(self) -> str:
        """'open/hello': for messages and as the id of a test."""
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def start_fails(self) -> list[str]:
        """Texts in the output of a server that must refuse to start; usually none."""
        texts: list[str] = self.spec.get("start_fails", [])
        return texts

    @property
    def ways(self) -> list[str]:
        """How this case is replayed: from its sources always, compiled and ported where that adds something."""
        return ["source", *self.spec.get("also", [])]

    def rule(self, name: str) -> list[Any]:
        """A list of the section `normalise`."""
        found: list[Any] = self.spec.get("normalise", {}).get(name, [])
        return found

    def lay_out(self, top: Path) -> Path:
        """Copy the application below `top`; return the working directory of its server."""
        directory = top / "app"
        shutil.copytree(self.folder / "app", directory)
        for name in self.spec.get("mkdir", []):
            (directory / name).mkdir(parents=True, exist_ok=True)
        for path in directory.rglob("*"):
            if path.is_file():
                os.chmod(path, 0o644)
                os.utime(path, (MODIFIED, MODIFIED))
        return directory

    def arguments(self) -> list[str]:
        """The words of a command line that name the application: options, then files."""
        words = []
        for directory in self.spec.get("include", []):
            words += ["-I", directory]
        if self.spec.get("whitespace"):
            words += ["-W", str(self.spec["whitespace"])]
        files: list[str] = self.spec["files"]
        return [*words, *files]

    def configuration(self) -> list[str]:
        """`--config FILE`, or nothing."""
        return ["--config", self.spec["config"]] if self.spec.get("config") else []


def load(folder: Path) -> Case:
    """Read the three files of a case."""

    def read(name: str) -> Any:
        return json.loads((folder / name).read_text(encoding="utf-8"))

    return Case(folder, read("case.json"), read("requests.json"), read("golden.json")["responses"])


def find_cases() -> list[Case]:
    """All cases beside this file, in the order of their names."""
    folders = [path.parent for group in FOLDERS for path in sorted((HERE / group).glob("*/case.json"))]
    return [load(folder) for folder in folders]
