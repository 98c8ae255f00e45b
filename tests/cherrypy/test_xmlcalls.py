"""rawwfile.cherrypy.xmlcalls and xmlanswers: XML-RPC (spec 13; H16)."""

from __future__ import annotations

import datetime
import math
import types
import xmlrpc.client

import pytest

from rawwfile.cherrypy.xmlcalls import NotACall, decode, encode, fault, is_call


class unicode(str):  # noqa: N801
    pass


class long(int):  # noqa: N801
    pass


OLD = {"__builtins__": {"unicode": unicode, "long": long}}


def call(*params, name="add"):
    return xmlrpc.client.dumps(params, name).encode("utf-8")


@pytest.mark.parametrize(
    ("method", "content_type", "expected"),
    [
        ("POST", "text/xml", True),
        ("POST", "text/xml; charset=utf-8", False),
        ("POST", "", False),
        ("GET", "text/xml", False),
    ],
)
def test_only_a_post_of_exactly_text_xml_is_a_call(method, content_type, expected):
    assert is_call(method, content_type) is expected


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("", "add", "add"), ("RPC2", "add", "add"), ("RPC2", "root.add", "root/add"),
        ("", "xml.rpc.reverse", "xml/rpc/reverse"), ("xml", "rpc.reverse", "xml/rpc/reverse"),
        ("xml/rpc", "reverse", "xml/rpc/reverse"), ("rpc2", "add", "rpc2/add"),
    ],
)  # fmt: skip
def test_paths(path, name, expected):
    assert decode(call(name=name), path).path == expected


def test_parameters():
    params = (1, -(2**31), 2.5, "text", "", True, False, [1, [2]], {"a": {"b": 3}}, "a < b & c")

    assert decode(call(*params), "").params == params
    assert decode(b"<methodCall><methodName>add</methodName></methodCall>", "").params == ()


def test_an_untyped_value_is_a_string():
    body = b"<methodCall><methodName>x</methodName><params><param><value>a b</value></param></params></methodCall>"

    assert decode(body, "").params == ("a b",)


def test_dates_and_binaries_are_the_wrappers_of_xmlrpclib():
    sent = (xmlrpc.client.DateTime("20040418T12:30:00"), xmlrpc.client.Binary(b"\x00\xff"))

    assert decode(call(*sent), "").params == sent


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_strings_that_are_not_ascii_are_unicode_where_the_application_has_it(encoding):
    body = f"<?xml version='1.0' encoding='{encoding}'?>" + call("\xe9", "e", {"\xfc": 1}).decode().partition("?>")[2]
    first, second, third = decode(body.encode(encoding), "", namespace=OLD).params

    assert (first, second, third) == ("\xe9", "e", {"\xfc": 1})
    assert (type(first), type(second), type(next(iter(third)))) == (unicode, str, unicode)
    assert type(decode(body.encode(encoding), "").params[0]) is str


def test_translated_code_gets_its_own_binary():
    class Binary:
        def __init__(self, data):
            self.data = data

    old = {"__builtins__": {**OLD["__builtins__"], "__import__": lambda name: types.SimpleNamespace(Binary=Binary)}}
    (binary,) = decode(call(xmlrpc.client.Binary(b"a\xff")), "", namespace=old).params

    assert type(binary) is Binary and binary.data == "a\xff"
    assert encode(binary) == encode(b"a\xff")


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>
<methodCall><methodName>x</methodName><params><param><value>&b;</value></param></params></methodCall>"""
OUTSIDE = b"""<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><methodCall><methodName>&x;</methodName></methodCall>"""


@pytest.mark.parametrize(
    "body",
    [BOMB, OUTSIDE, b'<!DOCTYPE a SYSTEM "http://h/x.dtd"><methodCall><methodName>x</methodName></methodCall>'],
)
def test_document_types_and_entities_are_refused(body):
    with pytest.raises(NotACall, match="document types and entities are not read"):
        decode(body, "")


def nested(depth):
    value: list = []
    for _ in range(depth):
        value = [value]
    return value


NO_CALLS = [
    (b"", "its XML is broken"),
    (b"a=1", "its XML is broken"),
    (b"<methodCall><methodName>x", "its XML is broken"),
    (b"<a/>", ""),
    (b"<methodCall></methodCall>", ""),
    (b"<methodCall><methodName>x</methodName><params><param><value><int>1_0</int></value></param></params></methodCall>",
     "no whole number"),
    (b"<methodCall><methodName>x</methodName><params><param><value><int>" + b"9" * 5000 +
     b"</int></value></param></params></methodCall>", "no whole number"),
    (b"<methodCall><methodName>x</methodName><params><param><value><double>x</double></value></param></params></methodCall>",
     "ValueError"),
    (b"<methodCall><methodName>x</methodName><params><param><value><boolean>2</boolean></value></param></params>"
     b"</methodCall>", "bad boolean value"),
    (call(nested(100)), "nested more than"),
    (call([0] * 200_001), "more than 200000 elements"),
    (xmlrpc.client.dumps(xmlrpc.client.Fault(1, "x")).encode(), ""),
    (b"<methodCall>&undefined;</methodCall>", "its XML is broken"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "message"), NO_CALLS)
def test_what_is_no_call_is_a_400(body, message):
    with pytest.raises(NotACall, match=f"^400 this is no XML-RPC call: .*{message}") as caught:
        decode(body, "")
    assert caught.value.status == 400


def test_forty_levels_are_fine():
    assert decode(call(nested(40)), "").params == (nested(40),)


# -- answers


def body_of(value):
    head = "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n"
    return f"{head}{value}</param>\n</params>\n</methodResponse>\n"


ANSWERS = [
    (42, "<value><int>42</int></value>\n"),
    (True, "<value><boolean>1</boolean></value>\n"),
    (2.5, "<value><double>2.5</double></value>\n"),
    ("a<b>&'\"", "<value><string>a&lt;b&gt;&amp;'\"</string></value>\n"),
    (
        (1, ["x"]),
        "<value><array><data>\n<value><int>1</int></value>\n<value><array><data>\n<value><string>x</string></value>\n"
        "</data></array></value>\n</data></array></value>\n",
    ),
    (
        {"six": 7},
        "<value><struct>\n<member>\n<name>six</name>\n<value><int>7</int></value>\n</member>\n</struct></value>\n",
    ),
    (
        datetime.datetime(2004, 4, 18, 1, 2, 3),
        "<value><dateTime.iso8601>20040418T01:02:03</dateTime.iso8601></value>\n",
    ),
    (xmlrpc.client.Binary(b"\xff"), "<value><base64>\n/w==\n</base64></value>\n"),
    (b"\xff", "<value><base64>\n/w==\n</base64></value>\n"),
    (
        xmlrpc.client.DateTime("20040418T01:02:03"),
        "<value><dateTime.iso8601>20040418T01:02:03</dateTime.iso8601></value>\n",
    ),
    (long(5), "<value><int>5</int></value>\n"),
]


@pytest.mark.parametrize(("value", "text"), ANSWERS)
def test_answers_are_those_of_xmlrpclib(value, text):
    assert encode(value).decode("ascii") == body_of(text)


@pytest.mark.parametrize("value", [1, "x", [1, {"a": (True, 2.5)}], {"k": ["v", ""]}, math.pi, "\u20ac"])
def test_today_s_client_reads_them(value):
    (again,), _ = xmlrpc.client.loads(encode(value))

    assert again == (value if not isinstance(value, tuple) else list(value)) or again == [1, {"a": [True, 2.5]}]


def test_an_instance_is_a_struct_of_its_attributes():
    class Point:
        def __init__(self):
            self.x = 1

    assert xmlrpc.client.loads(encode(Point()))[0] == ({"x": 1},)


@pytest.mark.parametrize(
    ("value", "charset", "data"),
    [
        ("\xc3\xa9", None, b"\xc3\xa9"),  # the bytes of a UTF-8 source
        ("\xe9", None, b"\xc3\xa9"),
        (unicode("\xc3\xa9"), None, b"\xc3\x83\xc2\xa9"),
        ("\u20ac", None, b"\xe2\x82\xac"),
        ("\xe9", "utf-8", b"\xc3\xa9"),
    ],
)
def test_text_goes_out_as_utf8(value, charset, data):
    assert b"<string>" + data + b"</string>" in encode(value, charset=charset)
    assert b"<name>" + data + b"</name>" in encode({value: 1}, charset=charset)


def around():
    value: dict = {}
    value["me"] = [value]
    return value


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: None, TypeError, "cannot marshal None unless allow_none is enabled"),
        (lambda: 2**31, OverflowError, "int exceeds XML-RPC limits"),
        (lambda: long(-(2**31) - 1), OverflowError, "long int exceeds XML-RPC limits"),
        (lambda: {1: 2}, TypeError, "dictionary key must be string"),
        (lambda: {1, 2}, TypeError, r"cannot marshal <type 'set'> objects"),
        (around, TypeError, "cannot marshal recursive dictionaries"),
    ],
)
def test_what_has_no_form_is_an_error(make, error, message):
    with pytest.raises(error, match=f"^{message}$"):
        encode(make())


def test_the_same_list_twice_is_not_recursive():
    row = [1]

    assert xmlrpc.client.loads(encode([row, row]))[0] == ([[1], [1]],)


def test_a_fault():
    assert fault(1, "ValueError: no <way>\n").decode() == (
        "<?xml version='1.0'?>\n<methodResponse>\n<fault>\n<value><struct>\n<member>\n<name>faultCode</name>\n"
        "<value><int>1</int></value>\n</member>\n<member>\n<name>faultString</name>\n<value><string>ValueError: no "
        "&lt;way&gt;\n</string></value>\n</member>\n</struct></value>\n</fault>\n</methodResponse>\n"
    )
