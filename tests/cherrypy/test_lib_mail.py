"""Mail.cpy: what goes to the SMTP server."""

from __future__ import annotations

import email
import email.policy

import pytest

from tests.cherrypy.lib_kit import App, module

POST = """\
use Mail
CherryClass Post(Mail):
variable:
    smtpServer = 'mail.test'
    smtpPort = 2525
function:
    def who(self):
        return ''
"""


class Sink:
    """Stands for smtplib.SMTP and keeps what it was given."""

    sent: list = []

    def __init__(self, server, port, timeout):
        self.to = (server, port)
        assert timeout > 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def sendmail(self, sender, receivers, data):
        self.sent.append((self.to, sender, receivers, data))


@pytest.fixture
def post(tmp_path, monkeypatch):
    Sink.sent = []
    monkeypatch.setattr(module("mails").smtplib, "SMTP", Sink)
    return App(tmp_path, POST).names["post"]


def parsed():
    ((_, _, _, data),) = Sink.sent
    return email.message_from_bytes(data, policy=email.policy.default)


def test_a_message_of_text(post):
    post.sendMail("Ann <ann@a>", "bob@b", "", "text/plain", "Subj", "Hello\nworld")
    assert Sink.sent[0][:3] == (("mail.test", 2525), "ann@a", ["bob@b"])
    message = parsed()
    assert (message["From"], message["To"], message["Subject"]) == ("Ann <ann@a>", "bob@b", "Subj")
    assert message.get_content_type() == "text/plain"
    assert message["Date"].datetime.tzinfo is not None
    assert message.get_payload(decode=True).replace(b"\r\n", b"\n") == b"Hello\nworld"
    assert b"\n" not in Sink.sent[0][3].replace(b"\r\n", b"")


@pytest.mark.parametrize("receiver, bcc, addresses", [
    ("b@b", "c@c", ["b@b", "c@c"]), ("b@b", None, ["b@b"]), (["b@b", "d@d"], ["c@c"], ["b@b", "d@d", "c@c"]),
    ("B <b@b>, d@d", "", ["b@b", "d@d"]),
])  # fmt: skip
def test_receivers(post, receiver, bcc, addresses):
    post.sendMail("a@a", receiver, bcc, "text/plain", "s", "m")
    assert Sink.sent[0][2] == addresses
    assert "c@c" not in str(parsed())


@pytest.mark.parametrize("text, kind, read", [
    ("caf\xe9", "text/plain", "caf\xe9"),
    ("caf\xc3\xa9", "text/plain", "caf\xe9"),
    ("<b>\xe9</b>", "text/html; charset=iso-8859-1", "<b>\xe9</b>"),
    ("\u20ac 5", "text/plain", "\u20ac 5"),
    ("x" * 2000 + "\n.\n", "text/html", "x" * 2000 + "\n.\n"),
])  # fmt: skip
def test_text_of_bytes_and_of_characters(post, text, kind, read):
    post.sendMail("a@a", "b@b", "", kind, "Sujet \xe9", text)
    message = parsed()
    assert message.get_content().replace("\r\n", "\n").rstrip("\n") == read.rstrip("\n")
    assert message["Subject"] == "Sujet \xe9"
    assert max(map(len, Sink.sent[0][3].split(b"\r\n"))) < 100


def test_html_comes_first_and_addresses_are_not_swapped(post):
    post.sendHtmlMail("ann@a", "bob@b", "c@c", "Subj", "plain = 1\n\xe9", "<html>h = 1</html>")
    assert Sink.sent[0][1:3] == ("ann@a", ["bob@b", "c@c"])
    message = parsed()
    assert (message["From"], message["To"], message.get_content_type()) == ("ann@a", "bob@b", "multipart/alternative")
    kinds = [(part.get_content_type(), part["Content-Transfer-Encoding"]) for part in message.iter_parts()]
    assert kinds == [("text/html", "quoted-printable"), ("text/plain", "quoted-printable")]
    texts = [part.get_content().replace("\r\n", "\n").strip() for part in message.iter_parts()]
    assert texts == ["<html>h = 1</html>", "plain = 1\n\xe9"]


def test_createhtmlmail_names_the_sender_fourth(post):
    message = email.message_from_string(post.createhtmlmail("<p>", "t", "Subj", "ann@a", "bob@b"))
    assert (message["From"], message["To"]) == ("ann@a", "bob@b")
    assert 'charset="us-ascii"' in str(message)


@pytest.mark.parametrize("place", [0, 1, 2, 3, 4])
def test_a_line_end_cannot_begin_a_header(post, place):
    arguments = ["a@a", "b@b", "c@c", "text/plain", "s", "m"]
    arguments[place] += "\nBcc: d@d"
    with pytest.raises(ValueError, match="must not hold a line end"):
        post.sendMail(*arguments)
    assert Sink.sent == []


def test_names_are_encoded_and_addresses_are_not(post):
    post.sendMail("Zo\xeb <zoe@a>", "b@b", "", "text/plain", "s", "m")
    assert str(parsed()["From"]) == "Zo\xeb <zoe@a>"
    assert b"<zoe@a>" in Sink.sent[0][3]
