"""Set-Cookie and Cookie (RFC 6265)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rawwfile.http.grammar import TOKEN
from rawwfile.http.notes.base import Note, shown_text
from rawwfile.http.notes.view import ExchangeView
from rawwfile.http.response_head import FieldLine

_NAME = re.compile(TOKEN.decode("ascii"))
# cookie-octet (RFC 6265 section 4.1.1): no blanks, quotes, commas, semicolons or backslashes.
_VALUE = re.compile(r'"?[!#-+\--:<-\[\]-~]*"?')
_ATTRIBUTES = ("expires", "max-age", "domain", "path", "secure", "httponly", "samesite", "partitioned", "priority")
_SECOND = re.compile(r",[ \t]*" + TOKEN.decode("ascii") + "=")
# What section 5.1.1 looks for: a time, a day, a month and a year in any order.
_DATE_PARTS = tuple(map(re.compile, (
    r"\b[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}\b", r"\b[0-9]{1,2}\b(?!:)",
    r"(?i)jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", r"\b[0-9]{4}\b|-[0-9]{2}\b",
)))  # fmt: skip


class CookieForm(Note):
    """A Set-Cookie field begins with NAME=VALUE. Without an "=" in that place there is no name, and RFC 6265
    tells clients to ignore the whole field; browsers have begun to keep it as a cookie without a name, which is
    worse. The usual cause is a template that filled in nothing where the name should be."""

    id = "cookie-form"
    level = "bad"
    rule = "RFC 6265 section 5.2"
    sentence = "Set-Cookie without NAME=VALUE: {value}"
    advice = "Write Set-Cookie: name=value; Path=/; HttpOnly."


class CookieBytes(Note):
    """Name or value has a byte that a cookie should not have: a blank, a quote, a comma, a backslash, or one
    beyond ASCII. Browsers keep most of them, libraries cut there or refuse, and the same cookie comes back in
    different shapes. urllib.parse.quote before and unquote after is all it takes."""

    id = "cookie-bytes"
    level = "warning"
    rule = "RFC 6265 section 4.1.1"
    sentence = "a byte in the cookie that it should not have: {value}"
    advice = "Percent-encode the value, or put it in base64."


class CookiesInOneLine(Note):
    """Two cookies stand in one Set-Cookie field with a comma between, as lists do in other fields. Cookies are
    the exception: a comma belongs to the value, or to the date in Expires, so clients read one cookie with
    a strange value. This field must be written once for each cookie."""

    id = "cookies-in-one-line"
    level = "bad"
    rule = "RFC 6265 section 3"
    sentence = "two cookies in one Set-Cookie field: {value}"
    advice = "Write one Set-Cookie line for each cookie."


class CookieRepeated(Note):
    """The same cookie is set twice in one response. Clients keep the last one they read, but the order in which
    that happens is not promised, and proxies may change it. It happens when a login and a session library both
    renew the same cookie."""

    id = "cookie-repeated"
    level = "warning"
    rule = "RFC 6265 section 4.1.1"
    sentence = "the cookie {name} is set twice in this response"
    advice = "Set each cookie once."


class CookieDate(Note):
    """Expires has a date that cannot be understood, even by the generous rules for cookies. The attribute is
    then ignored, and the cookie lives until the browser is closed: neither kept nor deleted as was meant. Four
    digits for the year save you from asking which century 38 belongs to."""

    id = "cookie-date"
    level = "warning"
    rule = "RFC 6265 section 5.1.1"
    sentence = "Expires of the cookie is no date: {value}"
    advice = "Write Expires=Sun, 06 Nov 1994 08:49:37 GMT, or use Max-Age."


class CookieMaxAge(Note):
    """Max-Age is a whole number of seconds; zero or less deletes the cookie. Anything else makes clients ignore
    the attribute, and the cookie lives until the browser is closed. Where both are given, Max-Age counts and
    Expires is for clients of the last century."""

    id = "cookie-max-age"
    level = "warning"
    rule = "RFC 6265 section 5.2.2"
    sentence = "Max-Age of the cookie is no number of seconds: {value}"
    advice = "Write Max-Age=3600 for an hour."


class CookieAttribute(Note):
    """Clients ignore attributes that they do not know, so a misspelt one fails in silence. "HttpsOnly" or
    "Http-Only" protect nothing, and the cookie works all the same. Look at the cookie in the browser's storage
    panel: what does not show there was not understood."""

    id = "cookie-attribute"
    level = "warning"
    rule = "RFC 6265 section 5.2"
    sentence = "an attribute that no client knows: {value}"
    advice = "The known ones are Expires, Max-Age, Domain, Path, Secure, HttpOnly, SameSite."


class CookieNotSecure(Note):
    """This cookie was set over TLS, but without Secure the client sends it over plain HTTP to the same host
    too. One picture with an http address is enough to show it to everybody on the way. With Secure, nothing
    changes for people who come over https, and that is why it is safe to add."""

    id = "cookie-not-secure"
    level = "warning"
    rule = "RFC 6265 section 4.1.2.5"
    sentence = "the cookie {name} was set over TLS without Secure"
    advice = "Add ; Secure."


class CookieSecureOnPlain(Note):
    """A cookie marked Secure was set over plain HTTP. Browsers refuse it, because anybody on the way could have
    written it and so replaced the real one; for localhost some make an exception. Behind a proxy that ends TLS
    the connection here is plain and the cookie is right all the same."""

    id = "cookie-secure-on-plain"
    level = "warning"
    rule = "RFC 6265 section 8.6"
    sentence = "the cookie {name} is marked Secure, but this connection is plain HTTP"
    advice = "Serve it over TLS, or leave Secure out while you try things on your own machine."


class CookieForScripts(Note):
    """Without HttpOnly every script of the page can read this cookie, one that an attacker smuggled in too. A
    cookie that stands for a login is for the server alone; one that a script needs is fine like this.
    document.cookie in the console shows what scripts can see; type it once and look."""

    id = "cookie-for-scripts"
    level = "info"
    rule = "RFC 6265 section 4.1.2.6"
    sentence = "scripts can read the cookie {name}: no HttpOnly"
    advice = "Add ; HttpOnly unless a script has to read it."


class CookieNoSameSite(Note):
    """A cookie goes with every request to its site, also with those that another site's page starts: a hidden
    form there acts in the user's name (CSRF). SameSite says when it may. Browsers that find none treat it
    as Lax since 2020, but not all, and not always."""

    id = "cookie-no-samesite"
    level = "info"
    rule = "RFC 6265 section 8.2"
    sentence = "the cookie {name} does not say SameSite"
    advice = "Add ; SameSite=Lax (or Strict)."


class CookieNoneNotSecure(Note):
    """SameSite=None asks that the cookie goes along with requests that other sites' pages start. Browsers grant
    that only to cookies marked Secure, and drop this one without a word. Chromium has done so since version 80,
    in February 2020."""

    id = "cookie-none-not-secure"
    level = "warning"
    rule = "RFC 6265 section 8.2"
    sentence = "the cookie {name} says SameSite=None without Secure: browsers drop it"
    advice = "Add ; Secure, or take SameSite=Lax."


class CookiePath(Note):
    """Path says for which part of the site the cookie is, and begins with "/". What does not is passed over, and
    the path of the page that set the cookie, up to its last slash, is taken instead: the cookie is there on one
    page and gone on another. Path=/ is what most sites mean."""

    id = "cookie-path"
    level = "warning"
    rule = "RFC 6265 section 5.2.4"
    sentence = "Path of the cookie does not begin with a slash and is ignored: {value}"
    advice = "Write Path=/ or the beginning of a path, such as Path=/shop."


class CookieSameSite(Note):
    """SameSite is Strict, Lax or None. Browsers treat any other word as if the attribute were not there, which
    mostly means Lax. So a slip is seldom noticed on one's own site, and is one more thing to find when a form
    of another site no longer works."""

    id = "cookie-samesite"
    level = "warning"
    rule = "RFC 6265 section 8.2"
    sentence = "SameSite of the cookie is neither Strict, Lax nor None: {value}"
    advice = "Write SameSite=Lax, SameSite=Strict, or SameSite=None with Secure."


class CookiePrefix(Note):
    """A name that begins with __Secure- promises that the cookie is Secure, and __Host- also that it has Path=/ and
    no Domain, so that no neighbour could have set it. Browsers check the promise and drop a cookie that does
    not keep it, without a word. Servers that see the name in a request can then rely on it."""

    id = "cookie-prefix"
    level = "bad"
    rule = "RFC 6265 section 8.6"
    sentence = "the cookie {name} breaks the promise of its name: {lack}; browsers drop it"
    advice = "Send __Host- cookies with Secure, Path=/ and no Domain, and __Secure- cookies with Secure."


class CookieLines(Note):
    """A client sends all its cookies in one Cookie field, with "; " between. Servers that find several fields
    take one of them or join them with a comma, which then belongs to a value. HTTP/2 lets them be split, and a
    proxy that goes back to HTTP/1.1 has to join them again."""

    id = "cookie-lines"
    level = "warning"
    direction = "in"
    rule = "RFC 6265 section 5.4"
    sentence = "{count} Cookie fields in one request"
    advice = 'Send one: "Cookie: a=1; b=2".'


class CookiePairForm(Note):
    """A Cookie field is NAME=VALUE pairs with "; " between, and nothing else: no Path, no quotes around the
    whole. Servers differ in what they make of another piece: some skip it, some everything after it. Python's
    http.cookies gives up at the first piece it cannot read, so one bad cookie can hide your login."""

    id = "cookie-pair-form"
    level = "info"
    direction = "in"
    rule = "RFC 6265 section 4.2.1"
    sentence = "a piece of Cookie is no NAME=VALUE: {value}"
    advice = 'Send "Cookie: a=1; b=2".'


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on the cookies that were sent and set."""
    if view.names.isdisjoint(("cookie", "set-cookie")):
        return
    lines = view.asked_lines("cookie")
    if lines > 1:
        yield CookieLines(*view.request_place("cookie"), count=lines)
    elif lines:
        for piece in (view.asked("cookie") or "").split(";"):
            name, equals, value = piece.strip(" \t").partition("=")
            if not (equals and _NAME.fullmatch(name) and _VALUE.fullmatch(value)):
                yield CookiePairForm(*view.request_place("cookie"), value=shown_text(piece.strip(" \t")))
                break
    names: set[str] = set()
    for line in view.said_lines("set-cookie"):
        name = line.value.partition(";")[0].partition("=")[0].strip(" \t")
        if name in names:
            yield CookieRepeated(line.start, line.end, name=shown_text(name))
        names.add(name)
        yield from _one(line, name, view.client_scheme)


def _one(line: FieldLine, name: str, scheme: str) -> Iterator[Note]:
    place = line.start, line.end
    pair, *rest = line.value.split(";")
    _, equals, value = pair.partition("=")
    if not equals or not name:
        yield CookieForm(*place, value=shown_text(line.value))
        return
    shown = shown_text(name)
    without_dates = re.sub(r"(?i)expires=[a-z]+,", "", line.value)
    if _SECOND.search(without_dates):
        yield CookiesInOneLine(*place, value=shown_text(line.value))
    elif not (_NAME.fullmatch(name) and _VALUE.fullmatch(value.strip(" \t"))):
        yield CookieBytes(*place, value=shown_text(pair))
    attributes: dict[str, str] = {}
    for attribute in rest:
        key, _, setting = attribute.partition("=")
        attributes[key.strip(" \t").lower()] = setting.strip(" \t")
    yield from _settings(place, attributes)
    secure = "secure" in attributes
    if scheme == "https" and not secure:
        yield CookieNotSecure(*place, name=shown)
    elif scheme == "http" and secure:
        yield CookieSecureOnPlain(*place, name=shown)
    if "httponly" not in attributes:
        yield CookieForScripts(*place, name=shown)
    if name.lower().startswith(("__host-", "__secure-")) and (lack := _broken_promise(name, attributes)):
        yield CookiePrefix(*place, name=shown, lack=lack)
    if "samesite" not in attributes:
        yield CookieNoSameSite(*place, name=shown)
    elif attributes["samesite"].lower() == "none" and not secure:
        yield CookieNoneNotSecure(*place, name=shown)


def _broken_promise(name: str, attributes: dict[str, str]) -> str:
    if "secure" not in attributes:
        return "no Secure"
    if name.lower().startswith("__host-"):
        if "domain" in attributes:
            return "it has a Domain"
        if attributes.get("path") != "/":
            return "no Path=/"
    return ""


def _settings(place: tuple[int, int], attributes: dict[str, str]) -> Iterator[Note]:
    for key, setting in attributes.items():
        shown = shown_text(setting)
        if key == "expires" and not all(part.search(setting) for part in _DATE_PARTS):
            yield CookieDate(*place, value=shown)
        elif key == "max-age" and not re.fullmatch(r"-?[0-9]+", setting):
            yield CookieMaxAge(*place, value=shown)
        elif key == "path" and setting[:1] != "/":
            yield CookiePath(*place, value=shown)
        elif key == "samesite" and setting.lower() not in ("strict", "lax", "none"):
            yield CookieSameSite(*place, value=shown)
        elif key and key not in _ATTRIBUTES:
            yield CookieAttribute(*place, value=shown_text(key))
