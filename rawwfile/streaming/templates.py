"""Templates of Jinja2, sent while they are rendered.

    @expose
    def report(self):
        page = stream_template("report.html", rows=all_rows())
        page.enable_buffering(5)
        return page

What is returned is Jinja2's own TemplateStream, so each piece of the template goes out as it is made;
`enable_buffering(n)` makes one of n. Names are looked for in `templates/` beside the file of the
handler, then in `templates/` in the current directory, unless `configure` says otherwise.
Jinja2 is imported when it is used; rawwfile does not depend on it.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterable
from types import GeneratorType
from typing import Any

from rawwfile.errors import RawwfileError
from rawwfile.exchange.context import current_exchange, request

FOLDER = "templates"
"""The name of the folder that is looked for."""

ESCAPED = ("html", "htm", "xhtml", "xml")
"""Templates with these endings have what is put into them escaped; so have templates given as text."""

_configured: Any = None


class TemplatesError(RawwfileError):
    """Templates cannot be used; the message says what to do."""


def configure(templates: str | os.PathLike[str] | Any) -> None:
    """Say where templates are: a folder, or a jinja2.Environment to be used as it is; None forgets it.

    Raises TemplatesError if there is no such folder, or it is neither.
    """
    global _configured
    if isinstance(templates, (str, os.PathLike)):
        folder = os.path.abspath(templates)
        if not os.path.isdir(folder):
            raise TemplatesError(f"there is no folder {os.fspath(templates)} for templates")
        _configured = folder
    elif templates is None or hasattr(templates, "get_template"):
        _configured = templates
    else:
        raise TemplatesError(f"templates are in a folder or a jinja2.Environment, not in {templates!r}")


def stream_template(name_or_template: Any, /, **context: Any) -> Any:
    """The stream of a template, to be returned by a handler: a jinja2.environment.TemplateStream.

    name_or_template: a file name, several of which the first that is there counts, or a Template.
    context: what the template can use by name; `request` is there too. Generators among it are
    closed with the stream. Raises TemplatesError without Jinja2, jinja2.TemplateNotFound.
    """
    jinja2 = _jinja2()
    if isinstance(name_or_template, jinja2.Template):
        return _stream(name_or_template, context)
    environment, places = _environment()
    try:
        if isinstance(name_or_template, str):
            template = environment.get_template(name_or_template)
        else:
            template = environment.select_template(list(name_or_template))
    except jinja2.TemplateNotFound as error:
        if error.name != name_or_template and isinstance(name_or_template, str):
            raise  # found, and includes or extends one that is not there
        asked = name_or_template if isinstance(name_or_template, str) else ", ".join(map(str, name_or_template))
        where = " or ".join(places) if places else "the environment that was configured"
        raise jinja2.TemplateNotFound(error.name, f"there is no template {asked} in {where}") from None
    return _stream(template, context)


def stream_template_string(source: str, /, **context: Any) -> Any:
    """As `stream_template` for the text of a template."""
    _jinja2()
    environment, _ = _environment()
    return _stream(environment.from_string(source), context)


def _jinja2() -> Any:
    try:
        import jinja2
    except ImportError as error:
        raise TemplatesError("streaming a template needs Jinja2: pip install Jinja2") from error
    return jinja2


def _environment() -> tuple[Any, list[str]]:
    """The environment, and the folders it searches if that is known."""
    if _configured is None:
        folders = tuple(dict.fromkeys((*_beside_the_handler(), os.path.join(os.getcwd(), FOLDER))))
    elif isinstance(_configured, str):
        folders = (_configured,)
    else:
        return _configured, []
    return _environment_of(folders), list(folders)


def _beside_the_handler() -> Iterable[str]:
    """The folder beside the file that defines the handler of this request, if that is known."""
    exchange = current_exchange.get(None)
    handler = None if exchange is None else exchange.handler
    if handler is None:
        return
    name = getattr(handler, "__module__", None) or type(handler).__module__
    file = getattr(sys.modules.get(name), "__file__", None)
    if file:
        yield os.path.join(os.path.dirname(os.path.abspath(file)), FOLDER)


@functools.lru_cache(maxsize=32)
def _environment_of(folders: tuple[str, ...]) -> Any:
    jinja2 = _jinja2()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders), autoescape=jinja2.select_autoescape(ESCAPED)
    )
    environment.globals["request"] = request
    return environment


def _stream(template: Any, context: dict[str, Any]) -> Any:
    return _stream_class()(template.generate(context), context.values())


@functools.lru_cache(maxsize=1)
def _stream_class() -> Callable[..., Any]:
    from jinja2.environment import TemplateStream

    class ClosingTemplateStream(TemplateStream):
        """Jinja2's stream with a close(), which it lacks: the engine calls it, whatever has happened."""

        asks_to_stream = True

        def __init__(self, pieces: Any, values: Iterable[Any]) -> None:
            super().__init__(pieces)
            self._to_close = [value for value in values if isinstance(value, GeneratorType)] + [pieces]

        def close(self) -> None:
            """Close the template, then the generators it was given; the first error is raised."""
            with contextlib.ExitStack() as stack:
                for each in self._to_close:
                    stack.callback(each.close)

    return ClosingTemplateStream
