"""Old standard modules, importable by application code only.

`old_module(name, importer)` makes one anew for each application. Each is today's module of the same
work with the old names beside today's, and with text of bytes where today's wants `bytes`. A file here
makes several, and is imported when the first of them is asked for.

Not as in 2.7, on purpose: Cookie.SmartCookie is a SimpleCookie and SerialCookie an error (they unpickled
what browsers sent); xmlrpclib refuses a DTD; sys.version_info says 2.7.18, sys.version what really runs.
Not as in 2.7, because it is today's: xml.dom and xml.sax give `str` for what was unicode; re.sub also
replaces an empty match beside another one; tarfile gives bytes; marshal.load reads to the end of the file;
sgmllib takes `<br/>` for an empty element; messages of errors. Gone: crypt, imp but for new_module,
nntplib, telnetlib, asyncore, and what no site of 2004 had.
"""

from __future__ import annotations

import importlib
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

_ROOMS = {
    "data": "md5 sha hashlib hmac base64 binascii struct uu sets copy_reg whrandom math operator itertools "
    "bisect heapq",
    "text": "string strop StringIO cStringIO UserDict UserList UserString types re sre",
    "interpreter": "sys os posix time calendar thread dummy_thread dummy_threading mutex Queue subprocess commands "
    "popen2 new inspect imp locale exceptions __builtin__",
    "files": "os.path posixpath glob shutil tempfile",
    "forms": "cgi",
    "cookies": "Cookie",
    "config": "ConfigParser",
    "messages": "rfc822 mimetools MimeWriter quopri",
    "mails": "email email.mime email.Message email.message email.Header email.header email.Encoders email.encoders "
    "email.Utils email.utils email.Charset email.charset email.Errors email.errors email.Generator email.generator "
    "email.Iterators email.iterators email.Parser email.parser email.MIMEBase email.mime.base email.MIMEMultipart "
    "email.mime.multipart email.MIMEText email.mime.text email.MIMEImage email.mime.image email.MIMEAudio "
    "email.mime.audio email.MIMEMessage email.mime.message",
    "urls": "urllib urllib2 urlparse httplib robotparser cookielib",
    "sockets": "socket SocketServer BaseHTTPServer SimpleHTTPServer CGIHTTPServer",
    "calls": "xmlrpclib",
    "callservers": "SimpleXMLRPCServer DocXMLRPCServer",
    "smtp": "smtplib",
    "archives": "gzip zlib bz2 zipfile array marshal anydbm dumbdbm dbm gdbm dbhash",
    "pickles": "cPickle pickle shelve",
    "markup": "HTMLParser htmlentitydefs sgmllib markupbase",
    "pages": "htmllib formatter",
    "streams": "codecs pprint",
}
ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}
"""Old name: the file here that makes it, which is imported when the first application asks for it."""

_SETTLED = (FunctionType, BuiltinFunctionType, type)


class OldModule(ModuleType):
    """An old module; what it lacks is taken from today's."""

    def __init__(self, name: str, today: Any) -> None:
        super().__init__(name)
        self.__dict__["@today"] = today
        if today is not None and hasattr(today, "__all__"):
            self.__dict__["__all__"] = [each for each in today.__all__ if hasattr(today, each)]

    def __getattr__(self, name: str) -> Any:
        today = self.__dict__["@today"]
        try:
            return getattr(today, name) if today is not None else _missing(self.__name__, name)
        except AttributeError:
            return _missing(self.__name__, name)


class ProcessModule(OldModule):
    """`sys`: what is assigned to it is assigned to the process's, as `sys.stdout = file` must be."""

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__dict__["@today"], name, value)


def _missing(module: str, name: str) -> Any:
    raise AttributeError(f"'module' object has no attribute {name!r}")


def old_module(name: str, importer: Any) -> ModuleType | None:
    """Return a new module for the old name, or None where today's serves as it is."""
    room = ROOM_OF.get(name)
    if room is None:
        return None
    # In each file: old name to (today's module or "", a function that gives the names to add or change).
    today_name, make = importlib.import_module(f"{__name__}.{room}").MODULES[name]
    today = importlib.import_module(today_name) if today_name else None
    module = (ProcessModule if name == "sys" else OldModule)(name, today)
    names = make(importer)
    if today is not None and name != "sys":
        # At hand: what __getattr__ finds takes thirty times as long. Variables may change, so they are asked for.
        settled = {key: each for key, each in vars(today).items() if isinstance(each, _SETTLED) and key[:2] != "__"}
        module.__dict__.update(settled)
    module.__dict__.update(names)
    if "__all__" in module.__dict__:
        module.__dict__["__all__"] += [each for each in names if not each.startswith("_")]
    return module
