"""Runs an application that uses the standard modules, without a server: one call is one request."""

from __future__ import annotations

import configparser
import importlib
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from rawwfile.cherrypy import state
from rawwfile.cherrypy.sources import site_of_sources

BASE = "http://oracle.test:8000"


@dataclass
class Page:
    """What a request gave. error: 'Name: message' where it raised."""

    body: str = ""
    error: str = ""
    headers: dict[str, Any] = field(default_factory=dict)
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    @property
    def cookie_lines(self) -> dict[str, dict[str, str]]:
        """Attributes of each cookie that was set, its value as 'value'."""
        return {
            name: {"value": morsel.value, **{key: str(value) for key, value in morsel.items() if value != ""}}
            for name, morsel in self.cookies.items()
        }


class App:
    """An application made of the text of App.cpy. session: of its only visitor, None for none."""

    def __init__(self, directory: Path, source: str, *, session: dict | None = None, configuration: str = "") -> None:
        path = directory / "App.cpy"
        path.write_bytes(source.encode("latin-1"))
        self.session = session
        self.kept = state.Kept()
        state.end()
        self.site = site_of_sources([str(path)])
        self.names = self.site.namespace
        self.names["configFile"] = configparser.RawConfigParser()
        self.names["configFile"].read_string(configuration)
        self.site.make_instances()

    def get(self, target: str, *, form: str = "", headers: dict | None = None, cookies: dict | str = "") -> Page:
        """Ask for a page as the server does: path, then query and form, to a method."""
        path, _, query = target.lstrip("/").partition("?")
        state.begin(self.kept, sessions=self.session is not None)
        request, response = state.request, state.response
        request.path, request.base, request.browserUrl = path, BASE, f"{BASE}/{target.lstrip('/')}"
        request.headerMap, request.simpleCookie = headers or {}, SimpleCookie(cookies)
        request.paramMap = {}
        for name, value in parse_qsl(f"{query}&{form}", True, encoding="latin-1"):
            old = request.paramMap.get(name)
            request.paramMap[name] = value if old is None else [*old, value] if isinstance(old, list) else [old, value]
        response.headerMap, response.simpleCookie = {"status": "200 OK", "content-type": "text/html"}, SimpleCookie()
        if self.session is not None:
            request.sessionMap = self.session
        page = Page(headers=response.headerMap, cookies=response.simpleCookie)
        try:
            page.body = self._method(path)(**request.paramMap)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            page.error = f"{type(error).__name__}: {error}"
        finally:
            state.end()
        return page

    def _method(self, path: str) -> Any:
        parts = path.strip("/").split("/")
        whole = "_".join(part for part in parts if part) or "root"
        for instance, name in (("_".join(parts[:-1]) or "root", parts[-1]), (whole, "index")):
            target = self.site.targets.get(instance)
            if target is not None and name in target.exposed:
                return getattr(target.instance, name)
        raise LookupError(f"no page at {path!r}")


def module(name: str) -> Any:
    """Return a Python file of the library's folder."""
    return importlib.import_module(f"rawwfile.cherrypy.lib.{name}")
