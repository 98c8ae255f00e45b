"""rfc822, mimetools, MimeWriter, quopri: headers and parts of messages as text of bytes."""

from __future__ import annotations

import base64
import email.utils
import quopri
import secrets
from typing import Any

from rawwfile.cpy.python2.modules.data import to_bytes, to_text

_BLANKS = " \t\r\n\x0b\x0c"


class Message:
    """rfc822.Message: the headers of a file; keys in any case, `dict` in lower case."""

    def __init__(self, file: Any, seekable: int = 1) -> None:
        self.fp = file
        self.seekable = seekable
        self.headers: list[str] = []
        self.dict: dict[str, str] = {}
        self.unixfrom = self.status = ""
        last = ""
        while True:
            line = file.readline()
            line = to_text(line)
            if not line:
                self.status = "EOF in headers"
                break
            if not line.strip(_BLANKS):
                break
            if line.startswith("From ") and not self.headers:
                self.unixfrom += line
                continue
            name, colon, value = line.partition(":")
            if line[0] in " \t" and last:
                self.dict[last] += "\n " + line.strip(_BLANKS)
            elif colon and name.strip(_BLANKS):
                last = name.strip(_BLANKS).lower()
                self.dict[last] = value.strip(_BLANKS)
            else:
                self.status = "Non-header line where header expected" if self.headers else "No headers"
                break
            self.headers.append(line)

    def getallmatchingheaders(self, name: str) -> list[str]:
        """Return the lines of all headers of a name, with those that continue them."""
        found, hit = [], False
        for line in self.headers:
            hit = hit if line[0] in " \t" else line.lower().startswith(name.lower() + ":")
            if hit:
                found.append(line)
        return found

    def getfirstmatchingheader(self, name: str) -> list[str]:
        found = self.getallmatchingheaders(name)
        more = [place for place, line in enumerate(found) if place and line[0] not in " \t"]
        return found[: more[0]] if more else found

    def getrawheader(self, name: str) -> Any:
        found = "".join(self.getfirstmatchingheader(name))
        return found[len(name) + 1 :] if found else None

    def getheader(self, name: str, default: Any = None) -> Any:
        return self.dict.get(name.lower(), default)

    get = getheader

    def getheaders(self, name: str) -> list[str]:
        found: list[str] = []
        for line in self.getallmatchingheaders(name):
            if line[0] in " \t":
                found[-1] += "\n " + line.strip(_BLANKS)
            else:
                found.append(line[len(name) + 1 :].strip(_BLANKS))
        return found

    def getaddr(self, name: str) -> tuple[Any, Any]:
        found = self.getaddrlist(name)
        return found[0] if found else (None, None)

    def getaddrlist(self, name: str) -> list[tuple[str, str]]:
        return email.utils.getaddresses([" ".join(value.split()) for value in self.getheaders(name)])

    def getdate(self, name: str) -> Any:
        return parsedate(self.dict.get(name.lower(), ""))

    def getdate_tz(self, name: str) -> Any:
        return parsedate_tz(self.dict.get(name.lower(), ""))

    def __getitem__(self, name: str) -> str:
        return self.dict[name.lower()]

    def __setitem__(self, name: str, value: str) -> None:
        if name in self:
            del self[name]
        self.dict[name.lower()] = value
        self.headers += [line + "\n" for line in f"{name}: {value}".split("\n")]

    def __delitem__(self, name: str) -> None:
        if name.lower() in self.dict:
            for line in self.getallmatchingheaders(name):
                self.headers.remove(line)
            del self.dict[name.lower()]

    def setdefault(self, name: str, default: str = "") -> str:
        if name not in self:
            self[name] = default
        return self[name]

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.dict

    has_key = __contains__

    def __iter__(self) -> Any:
        return iter(self.dict)

    def keys(self) -> list[str]:
        return list(self.dict)

    def values(self) -> list[str]:
        return list(self.dict.values())

    def items(self) -> list[tuple[str, str]]:
        return list(self.dict.items())

    def __len__(self) -> int:
        return len(self.dict)

    def __str__(self) -> str:
        return "".join(self.headers)


class MimeMessage(Message):
    """mimetools.Message: headers that know the type and encoding of the content."""

    def __init__(self, file: Any, seekable: int = 1) -> None:
        super().__init__(file, seekable)
        self.encodingheader = self.getheader("content-transfer-encoding")
        self.typeheader = self.getheader("content-type")
        main, _, rest = (self.typeheader or "text/plain").partition(";")
        self.type = main.strip(_BLANKS).lower() if "/" in main else "text/plain"
        parts: list[str] = self.type.split("/", 1)
        self.maintype, self.subtype = parts
        self.plist = [_lower_name(part.strip(_BLANKS)) for part in rest.split(";") if part.strip(_BLANKS)]
        self.plisttext = ";" + rest if rest else ""

    def gettype(self) -> str:
        return self.type

    def getmaintype(self) -> str:
        return self.maintype

    def getsubtype(self) -> str:
        return self.subtype

    def getplist(self) -> list[str]:
        return self.plist

    def getparam(self, name: str) -> Any:
        for part in self.plist:
            if part.startswith(name.lower() + "="):
                return unquote(part[len(name) + 1 :])
        return None

    def getparamnames(self) -> list[str]:
        return [part.partition("=")[0].lower() for part in self.plist if "=" in part]

    def getencoding(self) -> str:
        return (self.encodingheader or "7bit").lower()


def _lower_name(part: str) -> str:
    name, equals, value = part.partition("=")
    return name.strip(_BLANKS).lower() + equals + value.strip(_BLANKS)


class AddressList:
    """rfc822.AddressList: the addresses of a header."""

    def __init__(self, field: Any) -> None:
        self.addresslist = email.utils.getaddresses([field]) if field else []

    def __len__(self) -> int:
        return len(self.addresslist)

    def __getitem__(self, index: Any) -> Any:
        return self.addresslist[index]

    def __str__(self) -> str:
        return ", ".join(map(email.utils.formataddr, self.addresslist))


def quote(text: str) -> str:
    """rfc822.quote: backslashes and double quotes for inside a quoted string."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def unquote(text: str) -> str:
    """rfc822.unquote: text without its double quotes or pointed brackets."""
    if len(text) > 1 and text[0] + text[-1] in ('""', "<>"):
        inner = text[1:-1]
        return inner.replace("\\\\", "\\").replace('\\"', '"') if text[0] == '"' else inner
    return text


def parsedate(text: str) -> Any:
    """rfc822.parsedate: the nine numbers of a date, or None."""
    found = email.utils.parsedate(text)
    return found and (*found[:8], 0)


def parsedate_tz(text: str) -> Any:
    """rfc822.parsedate_tz: those and the offset in seconds, or None."""
    found = email.utils.parsedate_tz(text)
    return found and (*found[:8], 0, found[9])


def mime_encode(source: Any, out: Any, encoding: str) -> None:
    """mimetools.encode: write what the file `source` holds to `out`, encoded."""
    data = to_bytes(source.read())
    if encoding == "base64":
        data = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data)
    elif encoding not in ("7bit", "8bit"):
        raise ValueError(f"unknown Content-Transfer-Encoding: {encoding}")
    out.write(to_text(data))


def mime_decode(source: Any, out: Any, encoding: str) -> None:
    """mimetools.decode: the way back."""
    data = to_bytes(source.read())
    if encoding == "base64":
        data = base64.decodebytes(data)
    elif encoding == "quoted-printable":
        data = quopri.decodestring(data)
    elif encoding not in ("7bit", "8bit"):
        raise ValueError(f"unknown Content-Transfer-Encoding: {encoding}")
    out.write(to_text(data))


def choose_boundary() -> str:
    """mimetools.choose_boundary: a line no content holds."""
    return ".".join(["127.0.0.1", *(str(secrets.randbelow(10**9)) for _ in range(5))])


class MimeWriter:
    """MimeWriter.MimeWriter: headers, then a body or parts, to a file."""

    def __init__(self, file: Any) -> None:
        self._fp = file
        self._headers: list[str] = []

    def addheader(self, key: str, value: str, prefix: int = 0) -> None:
        lines = value.strip("\n").split("\n")
        line = f"{key}: " + "\n    ".join([lines[0], *(each.strip(_BLANKS) for each in lines[1:])]) + "\n"
        self._headers.insert(0 if prefix else len(self._headers), line)

    def flushheaders(self) -> None:
        self._fp.writelines(self._headers)
        self._headers = []

    def startbody(self, ctype: str, plist: Any = (), prefix: int = 1) -> Any:
        self.addheader("Content-Type", ctype + "".join(f';\n {name}="{value}"' for name, value in plist), prefix)
        self.flushheaders()
        self._fp.write("\n")
        return self._fp

    def startmultipartbody(self, subtype: str, boundary: Any = None, plist: Any = (), prefix: int = 1) -> Any:
        self._boundary = boundary or choose_boundary()
        return self.startbody("multipart/" + subtype, [("boundary", self._boundary), *plist], prefix)

    def nextpart(self) -> MimeWriter:
        self._fp.write(f"\n--{self._boundary}\n")
        return MimeWriter(self._fp)

    def lastpart(self) -> None:
        self._fp.write(f"\n--{self._boundary}--\n")


def quopri_names(_: Any) -> dict[str, Any]:
    """Return the names of quopri."""
    return {
        "encodestring": lambda text, quotetabs=0: to_text(quopri.encodestring(to_bytes(text), bool(quotetabs))),
        "decodestring": lambda text, header=0: to_text(quopri.decodestring(to_bytes(text), bool(header))),
        "encode": lambda source, out, quotetabs, header=0: out.write(
            to_text(quopri.encodestring(to_bytes(source.read()), quotetabs))
        ),
        "decode": lambda source, out, header=0: out.write(to_text(quopri.decodestring(to_bytes(source.read())))),
    }


def rfc822_names(_: Any) -> dict[str, Any]:
    """Return the names of rfc822."""
    return {
        "Message": Message,
        "AddressList": AddressList,
        "quote": quote,
        "unquote": unquote,
        "parsedate": parsedate,
        "parsedate_tz": parsedate_tz,
        "mktime_tz": lambda data: float(email.utils.mktime_tz(data)),
        "formatdate": lambda when=None: email.utils.formatdate(when, usegmt=True),
        "parseaddr": email.utils.parseaddr,
        "dump_address_pair": lambda pair: f'"{pair[0]}" <{pair[1]}>' if pair[0] else pair[1],
    }


def mimetools_names(_: Any) -> dict[str, Any]:
    """Return the names of mimetools."""

    def copyliteral(source: Any, out: Any) -> None:
        out.write(source.read())

    return {
        "Message": MimeMessage,
        "choose_boundary": choose_boundary,
        "encode": mime_encode,
        "decode": mime_decode,
        "copyliteral": copyliteral,
        "copybinary": copyliteral,
    }


MODULES: dict[str, tuple[str, Any]] = {
    "rfc822": ("", rfc822_names),
    "mimetools": ("", mimetools_names),
    "MimeWriter": ("", lambda _: {"MimeWriter": MimeWriter}),
    "quopri": ("", quopri_names),
}
