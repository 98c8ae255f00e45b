"""rawwfile.adapters.returned: what handlers may return beyond plain values."""

from __future__ import annotations

import asyncio
import json

import pytest

from rawwfile.adapters.expose import expose
from rawwfile.adapters.pages import PageTree
from rawwfile.adapters.returned import Response, stream_with_context
from rawwfile.exchange.context import response
from rawwfile.streaming.waits import stream
from tests.unit.wire import answer, called, request_text


def pieces():
    yield "a"
    yield "b"


def page(handler, line="GET /"):
    """The exchange after a page was called, whose handler is an exposed function."""
    return called(PageTree(handler), line)


def whole(handler, line="GET /"):
    """Lines of the head, and content, of a page."""
    _, lines, content = answer(PageTree(handler), request_text(line))
    return lines, content


# -- what is streamed ------------------------------------------------------------------------------

STREAMED = [
    # decorators, what is returned, is it streamed
    ("bare", (), pieces, False),
    ("typed", {"content_type": "text/css"}, pieces, True),
    ("typed, off", {"content_type": "text/css", "stream": False}, pieces, False),
    ("typed, a list", {"content_type": "text/css"}, lambda: ["a", "b"], False),
    ("typed, text", {"content_type": "text/css"}, lambda: "ab", False),
    ("typed, iter()", {"content_type": "text/css"}, lambda: iter(["a", "b"]), True),
    ("Response", (), lambda: Response(pieces()), True),
    ("Response of a map", (), lambda: Response(map(str, "ab")), True),
    ("Response, off", {"stream": False}, lambda: Response(pieces()), False),
    ("Response of a list", (), lambda: Response(["a", "b"]), False),
    ("Response of text", (), lambda: Response("ab"), False),
    ("stream_with_context", (), lambda: Response(stream_with_context(pieces())), True),
    ("stream_with_context, a function", (), lambda: Response(stream_with_context(pieces)()), True),
]


@pytest.mark.parametrize("row", STREAMED, ids=lambda row: row[0])
def test_what_is_streamed(row):
    _, options, handler, streamed = row

    def index():
        return handler()

    exchange = page(expose(**options)(index) if options else expose(index))
    assert exchange.response.stream is streamed


def test_an_iterable_that_is_no_iterator_is_streamed_by_response_alone():
    class Rows:
        def __iter__(self):
            return pieces()

    assert page(expose(lambda: Response(Rows()))).response.stream is True
    assert page(expose(content_type="text/css")(lambda: Rows())).response.stream is False


def test_what_the_handler_decides_itself_counts():
    def index():
        response.stream = False
        return pieces()

    exchange, lines, content = answer(PageTree(expose(content_type="text/css")(index)))
    assert "Content-Length: 2" in lines and content == b"ab"


def test_config_and_decorator_decide_over_the_rules_of_the_seeds():
    handler = expose(content_type="text/css")(lambda: pieces())
    tree = PageTree(handler, config={"/": {"response.stream": False}})
    assert called(tree, "GET /").response.stream is False
    marked = expose(content_type="text/css")(stream(False)(lambda: pieces()))
    assert page(marked).response.stream is False


def test_a_generator_function_is_its_generator():
    @expose(content_type="text/css")
    def index():
        yield "a"

    assert page(index).response.stream is True


# -- Response --------------------------------------------------------------------------------------


def test_a_response_gives_status_fields_and_type():
    lines, content = whole(
        expose(lambda: Response("gone", "410 Gone fishing", {"X-A": "1", "x-b": ["2", "3"]}, mimetype="text/plain"))
    )
    assert lines[0] == "HTTP/1.1 410 Gone fishing"
    assert {"X-A: 1", "x-b: 2", "x-b: 3", "Content-Type: text/plain; charset=utf-8"} <= set(lines)
    assert content == b"gone"


TYPES = [
    # arguments, Content-Type
    ({}, "text/html; charset=utf-8"),
    ({"mimetype": "text/csv"}, "text/csv; charset=utf-8"),
    ({"mimetype": "image/svg+xml"}, "image/svg+xml; charset=utf-8"),
    ({"mimetype": "application/json"}, "application/json"),
    ({"content_type": "text/csv; header=present"}, "text/csv; header=present"),
    ({"content_type": "text/csv", "mimetype": "text/plain"}, "text/csv"),
    ({"headers": {"content-type": "a/b"}}, "a/b"),
    ({"headers": [("Content-Type", "a/b")], "content_type": "text/csv"}, "text/csv"),
]


@pytest.mark.parametrize(("arguments", "value"), TYPES)
def test_the_type_of_a_response(arguments, value):
    assert page(expose(lambda: Response("x", **arguments))).response.headers["Content-Type"] == value


def test_pairs_of_one_name_are_lines_of_their_own():
    lines, _ = whole(expose(lambda: Response("x", headers=[("Link", "<a>"), ("Link", "<b>")])))
    assert [line for line in lines if line.startswith("Link")] == ["Link: <a>", "Link: <b>"]


def test_what_the_handler_said_before_stays():
    def index():
        response.status = 202
        response.headers["X-Mine"] = "1"
        response.cookie["a"] = "b"
        answer_ = Response("x")
        answer_.headers["X-Later"] = "2"
        return answer_

    lines, _ = whole(expose(index))
    assert lines[0] == "HTTP/1.1 202 Accepted"
    assert {"X-Mine: 1", "X-Later: 2", "Set-Cookie: a=b"} <= set(lines)


def test_functions_of_a_response_are_called_when_it_has_ended():
    called_back = []

    def index():
        result = Response("x")

        @result.call_on_close
        def note():
            called_back.append(response.head_sent)

        return result

    whole(expose(index))
    assert called_back == [True]


@pytest.mark.parametrize(
    ("arguments", "message"), [({"status": 20}, "status must be"), ({"headers": {"A": "b\r\nC: d"}}, "one line")]
)
def test_a_response_that_cannot_be_sent(arguments, message):
    with pytest.raises(ValueError, match=message):
        page(expose(lambda: Response("x", **arguments)))


def test_an_awaited_response_is_taken_like_any_other():
    async def index():
        return Response(pieces(), 203)

    exchange = page(expose(index))
    body = asyncio.run(exchange.response.body)
    assert exchange.response.status == 203 and exchange.response.stream is True
    assert list(body) == ["a", "b"]


# -- JSON ------------------------------------------------------------------------------------------


def test_a_dict_of_the_json_template_is_json():
    @expose("json")
    def index():
        return {"name": "J\u00fcrgen", "list": [1, None]}

    lines, content = whole(index)
    assert "Content-Type: application/json" in lines
    assert json.loads(content) == {"name": "J\u00fcrgen", "list": [1, None]}


def test_the_json_template_takes_another_type_and_leaves_other_values_alone():
    @expose("json", content_type="application/problem+json", methods="GET")
    def index(made="no"):
        return {} if made == "no" else '{"by": "hand"}'

    lines, content = whole(index)
    assert "Content-Type: application/problem+json" in lines and content == b"{}"
    assert whole(index, "GET /?made=1")[1] == b'{"by": "hand"}'
    assert page(expose("json")(lambda: pieces())).response.stream is True


def test_a_dict_without_the_template_is_an_error_that_says_so():
    with pytest.raises(TypeError, match=r'index .*returned a dict; mark it with @expose\("json"\)'):

        @expose
        def index():
            return {"a": 1}

        page(index)


def test_a_dict_that_is_no_json_is_an_error():
    with pytest.raises(TypeError, match="a dict that JSON cannot hold: .*set"):
        page(expose("json")(lambda: {"a": {1}}))
