"""rawwfile.streaming.templates: Jinja2's streams as bodies."""

from __future__ import annotations

import builtins
import os

import jinja2
import pytest
from jinja2.environment import TemplateStream

from rawwfile.adapters.expose import expose
from rawwfile.adapters.pages import PageTree
from rawwfile.adapters.returned import Response
from rawwfile.streaming import templates
from rawwfile.streaming.templates import TemplatesError, configure, stream_template, stream_template_string
from tests.unit.wire import answer, request_text

ROWS = "{% for row in rows %}<li>{{ row }}</li>{% endfor %}"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A current directory with templates; nothing stays configured."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "rows.html").write_text(ROWS, "utf-8")
    (folder / "rows.txt").write_text(ROWS, "utf-8")
    (folder / "path.html").write_text("{{ request.path_info }}", "utf-8")
    (folder / "broken.html").write_text('{% include "missing.html" %}', "utf-8")
    yield folder
    configure(None)


def chunks(handler, line="GET /"):
    """The pieces of a page as they were sent, without head and end; and its exchange."""
    exchange, _, _ = answer(PageTree(handler), request_text(line))
    sent = exchange.channel.pieces
    assert sent[-1] == b"0\r\n\r\n"
    first = sent[0].partition(b"\r\n\r\n")[2]
    return [piece.split(b"\r\n")[1].decode("utf-8") for piece in (first, *sent[1:-1])], exchange


def test_it_is_jinjas_stream():
    page = stream_template("rows.html", rows=[1, 2])
    assert isinstance(page, TemplateStream)
    assert "".join(page) == "<li>1</li><li>2</li>"


def test_each_piece_goes_out_and_buffering_makes_one_of_several():
    def index(buffered=""):
        page = stream_template("rows.html", rows=range(4))
        if buffered:
            page.enable_buffering(6)
        return page

    pieces, _ = chunks(expose(index))
    assert len(pieces) == 12 and "".join(pieces) == "".join(f"<li>{n}</li>" for n in range(4))
    pieces, _ = chunks(expose(index), "GET /?buffered=1")
    assert pieces == ["<li>0</li><li>1</li>", "<li>2</li><li>3</li>"]


def test_in_a_response_of_flask():
    def index():
        page = stream_template("rows.txt", rows=range(2))
        page.enable_buffering(5)
        return Response(page, mimetype="text/plain")

    pieces, exchange = chunks(expose(index))
    assert len(pieces) == 2 and exchange.response.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_who_says_no_gets_it_in_one():
    _, lines, content = answer(PageTree(expose(stream=False)(lambda: stream_template("rows.html", rows=[1]))))
    assert "Content-Length: 10" in lines and content == b"<li>1</li>"


def test_html_is_escaped_and_text_is_not():
    assert "".join(stream_template("rows.html", rows=["<"])) == "<li>&lt;</li>"
    assert "".join(stream_template("rows.txt", rows=["<"])) == "<li><</li>"
    assert "".join(stream_template_string(ROWS, rows=["<"])) == "<li>&lt;</li>"


def test_a_template_of_ones_own():
    assert "".join(stream_template(jinja2.Template(ROWS), rows=["<"])) == "<li><</li>"


def test_the_request_is_there():
    pieces, _ = chunks(expose(lambda segment: stream_template("path.html")), "GET /x")
    assert pieces == ["/x"]


def test_the_first_name_that_is_there():
    assert "".join(stream_template(["no.html", "rows.txt"], rows=[1])) == "<li>1</li>"
    with pytest.raises(jinja2.TemplateNotFound, match="no template a.html, b.html in "):
        stream_template(["a.html", "b.html"])


def test_templates_beside_the_handlers_file_go_first(here):
    folder = os.path.join(os.path.dirname(__file__), "templates")

    def index():
        with pytest.raises(jinja2.TemplateNotFound) as raised:
            stream_template("nowhere.html")
        return str(raised.value)

    _, _, content = answer(PageTree(expose(index)))
    assert content.decode() == f"there is no template nowhere.html in {folder} or {here}"


def test_a_configured_folder_is_the_only_one(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.html").write_text("A", "utf-8")
    configure(other)
    assert "".join(stream_template("a.html")) == "A"
    with pytest.raises(jinja2.TemplateNotFound, match=r"no template rows\.html in .*other$"):
        stream_template("rows.html")


def test_a_configured_environment_is_used_as_it_is():
    configure(jinja2.Environment(loader=jinja2.DictLoader({"a.html": "{{ x }}"})))
    assert "".join(stream_template("a.html", x="<")) == "<"
    with pytest.raises(jinja2.TemplateNotFound, match="in the environment that was configured"):
        stream_template("b.html")


@pytest.mark.parametrize(
    ("value", "message"), [("nowhere", "no folder nowhere"), (5, "a jinja2.Environment, not in 5")]
)
def test_what_cannot_be_configured(value, message):
    with pytest.raises(TemplatesError, match=message):
        configure(value)


def test_what_a_template_includes_is_named_itself():
    with pytest.raises(jinja2.TemplateNotFound, match=r"^'?missing\.html"):
        list(stream_template("broken.html"))


def test_generators_given_to_it_are_closed_with_it():
    closed = []

    def rows(name):
        try:
            yield from "ab"
            raise AssertionError("went on")
        finally:
            closed.append(name)

    def index():
        return stream_template("rows.html", rows=rows("first"))

    answer(PageTree(expose(index)), request_text("HEAD /"))
    assert closed == ["first"]


def test_an_error_in_closing_one_does_not_keep_the_others_open():
    closed = []

    def rows(name):
        try:
            yield name
        finally:
            closed.append(name)
            if name == "a":
                raise OSError("a")

    first, second = rows("a"), rows("b")
    page = stream_template_string("{% for r in x %}{{ r }}{% endfor %}", x=first, y=second)
    next(second)
    next(page)
    with pytest.raises(OSError, match="a"):
        page.close()
    assert sorted(closed) == ["a", "b"]


def test_an_error_in_the_template_before_the_first_piece_is_a_500():
    _, lines, _ = answer(PageTree(expose(lambda: stream_template_string("{{ 1 // 0 }}"))))
    assert lines[0].startswith("HTTP/1.1 500 ")


def test_without_jinja2_the_error_names_it(monkeypatch):
    imported = builtins.__import__

    def refuse(name, *rest, **more):
        if name.partition(".")[0] == "jinja2":
            raise ImportError(name)
        return imported(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    for function in (templates.stream_template, templates.stream_template_string):
        with pytest.raises(TemplatesError, match="needs Jinja2: pip install Jinja2"):
            function("rows.html")
