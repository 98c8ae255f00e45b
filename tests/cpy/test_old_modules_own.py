"""Old modules where they are not 2.7's: what browsers and files may send, and who may see which module."""

from __future__ import annotations

import importlib
import io
import sys

import pytest

from rawwfile.cpy.python2.modules import ROOM_OF, old_module
from rawwfile.cpy.python2.runtime import builtins_for


@pytest.fixture
def old():
    """Import a module as an application does."""
    return builtins_for()["__import__"]


def test_every_name_of_the_table_can_be_imported(old):
    missing = [name for name in ROOM_OF if old_module(name, old) is None]
    assert missing == []
    for name, room in ROOM_OF.items():
        assert name in importlib.import_module(f"rawwfile.cpy.python2.modules.{room}").MODULES


def test_each_application_has_modules_of_its_own(old):
    string = old("string")
    string.letters = "changed"
    assert builtins_for()["__import__"]("string").letters != "changed"
    assert not hasattr(sys.modules["string"], "letters")


def test_cookies_are_never_unpickled(old):
    cookie = old("Cookie")
    assert cookie.SmartCookie is cookie.SimpleCookie
    with pytest.raises(TypeError, match="use Cookie.SimpleCookie"):
        cookie.SerialCookie()


@pytest.mark.parametrize("part", ["<!DOCTYPE x [<!ENTITY a 'b'>]>", "<!ENTITY a 'b'>"])
def test_a_call_with_a_dtd_is_refused(old, part):
    xmlrpclib = old("xmlrpclib")
    with pytest.raises(xmlrpclib.ResponseError, match="DTD"):
        xmlrpclib.loads("<?xml version='1.0'?>" + part + xmlrpclib.dumps((1,), "m"))


@pytest.mark.parametrize("make", [io.StringIO, lambda text: io.BytesIO(text.encode("latin-1"))])
def test_a_form_may_come_from_a_file_of_text_or_of_bytes(old, make):
    body = '--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n\xff\r\n\r\n--B--\r\n'
    form = old("cgi").FieldStorage(
        fp=make(body), headers={"content-type": "multipart/form-data; boundary=B"}, environ={"REQUEST_METHOD": "POST"}
    )
    assert (form["f"].value, form["f"].filename) == ("\xff\r\n", "x")


def test_a_long_upload_lies_in_a_file(old):
    body = f'--B\r\nContent-Disposition: form-data; name="f"\r\n\r\n{"x" * 5000}\r\n--B--'
    form = old("cgi").FieldStorage(
        fp=io.StringIO(body),
        headers={"content-type": "multipart/form-data; boundary=B"},
        environ={"REQUEST_METHOD": "POST"},
    )
    with form["f"].file as file:
        assert file.fileno() > 0
        assert len(file.read()) == 5000


@pytest.mark.parametrize("boundary", ["", " ", "a\x00b", "x" * 300])
def test_an_odd_boundary_is_refused(old, boundary):
    headers = {"content-type": f'multipart/form-data; boundary="{boundary}"'}
    with pytest.raises(ValueError, match="Invalid boundary"):
        old("cgi").FieldStorage(fp=io.StringIO("x"), headers=headers, environ={"REQUEST_METHOD": "POST"})


def test_the_version_is_that_of_the_language(old):
    found = old("sys")
    assert found.version_info >= (2, 3)
    assert found.version_info < (3,)
    assert sys.version.split()[0] in found.version
