"""What kinds the builtins, methods and module functions of 2.x give."""

from __future__ import annotations

import builtins

from rawwfile.port.kinds import ANY, FLOAT, INT, NONE, STR, Kinds, join, listed, mapped

BOOL: Kinds = frozenset({"bool"})
STRS = listed(STR)
INTS = listed(INT, "fresh")


def _one(kind: str) -> Kinds:
    return frozenset({kind})


BUILTINS: dict[str, Kinds] = {
    **dict.fromkeys(["len", "int", "ord", "hash", "id", "cmp"], INT),
    **dict.fromkeys(["str", "repr", "chr", "raw_input", "hex", "oct", "intern", "ascii", "text", "escape"], STR),
    **dict.fromkeys(["unicode", "unichr"], _one("unicode")),
    **dict.fromkeys(["callable", "hasattr", "isinstance", "issubclass", "bool"], BOOL),
    "float": FLOAT, "round": FLOAT, "rounded": FLOAT, "long": _one("long"), "range": INTS, "xrange": INTS,
    "type": _one("class"),
    "open": _one("file"), "file": _one("file"), "dir": STRS, "divmod": listed(join(INT, FLOAT), "tuple"),
    "compare": INT,
    "dict": mapped(ANY, ANY), "globals": mapped(STR, ANY), "locals": mapped(STR, ANY), "vars": mapped(STR, ANY),
}  # fmt: skip

NAMES = frozenset(dir(builtins)) | frozenset(
    "apply basestring buffer cmp coerce execfile file intern long raw_input reduce reload unichr unicode xrange".split()
)
"""The builtins of 2.x."""

METHODS: dict[str, Kinds] = {
    **dict.fromkeys(
        ["upper", "lower", "capitalize", "title", "swapcase", "strip", "lstrip", "rstrip", "ljust", "rjust", "center",
         "expandtabs", "zfill", "join", "getvalue", "hexdigest", "digest"], STR),
    **dict.fromkeys(["find", "rfind", "startswith_", "has_key_"], INT),
    **dict.fromkeys(["startswith", "endswith", "has_key", "isdigit", "isalpha", "isalnum", "isspace", "isupper",
    "islower"], BOOL),
    **dict.fromkeys(["splitlines", "readlines"], STRS),
    **dict.fromkeys(["append", "sort", "reverse", "extend", "clear", "write", "close", "seek"], NONE),
}  # fmt: skip
"""Methods whose name says what they give, whoever has them."""

TEXT_METHODS: dict[str, Kinds] = {
    "split": STRS, "rsplit": STRS, "replace": STR, "translate": STR, "count": INT, "index": INT, "rindex": INT,
    "encode": STR,
    "decode": _one("unicode"), "read": STR, "readline": STR, "tell": INT,
}  # fmt: skip
"""Methods that give this where their object is text or a file."""

MODULES: dict[str, Kinds] = {
    **dict.fromkeys(
        ["string." + name for name in (
            "upper lower capitalize capwords swapcase strip lstrip rstrip join joinfields replace zfill ljust rjust "
            "center translate letters digits lowercase uppercase punctuation printable whitespace hexdigits "
            "expandtabs").split()], STR),
    **dict.fromkeys(["string." + name for name in ("find", "rfind", "index", "rindex", "count", "atoi")], INT),
    **dict.fromkeys(["string.split", "string.splitfields", "os.listdir", "sys.argv", "glob.glob"], STRS),
    **dict.fromkeys(
        ["urllib.quote", "urllib.quote_plus", "urllib.unquote", "urllib.unquote_plus", "urllib.urlencode", "cgi.escape",
         "os.getcwd", "os.sep", "os.name", "os.path.join", "os.path.basename", "os.path.dirname", "os.path.abspath",
         "os.path.normpath", "time.strftime", "time.ctime", "time.asctime", "base64.encodestring",
         "base64.decodestring",
         "binascii.hexlify", "binascii.unhexlify", "binascii.b2a_hex", "struct.pack", "cPickle.dumps", "pickle.dumps",
         "marshal.dumps", "zlib.compress", "zlib.decompress", "socket.gethostname", "commands.getoutput",
         "sys.platform",
         "sys.version", "sys.executable", "tempfile.mktemp", "tempfile.gettempdir", "urlparse.urljoin",
         "mimetools.choose_boundary",
         "xmlrpclib.dumps", "textwrap.fill", "re.sub", "re.escape"], STR),
    **dict.fromkeys(
        ["time.time", "time.clock", "time.mktime", "random.random", "random.uniform", "whrandom.random",
        "whrandom.uniform",
         "string.atof", "os.path.getmtime", "os.path.getatime", "math.pi", "math.e",
         *("math." + name for name in ("sqrt sin cos tan exp log log10 pow floor ceil fabs hypot atan atan2 asin acos "
                                       "fmod radians degrees").split())], FLOAT),
    **dict.fromkeys(
        ["random.randint", "random.randrange", "whrandom.randint", "os.getpid", "os.path.getsize", "sys.maxint",
         "thread.get_ident", "zlib.crc32", "binascii.crc32"], INT),
    **dict.fromkeys(["os.path.exists", "os.path.isfile", "os.path.isdir"], BOOL),
    **dict.fromkeys(["time.localtime", "time.gmtime"], listed(INT, "tuple")),
    **dict.fromkeys(["md5.new", "md5.md5", "sha.new", "sha.sha"], _one("hash")),
    **dict.fromkeys(["StringIO.StringIO", "cStringIO.StringIO"], _one("stringio")),
    **dict.fromkeys(["socket.socket", "socket.create_connection"], _one("socket")),
    **dict.fromkeys(["urllib.urlopen", "urllib2.urlopen"], _one("page")),
    "tempfile.TemporaryFile": _one("file"), "tempfile.NamedTemporaryFile": _one("file"),
    "gzip.GzipFile": _one("gzip"), "gzip.open": _one("gzip"),
    "smtplib.SMTP": _one("smtp"), "xmlrpclib.Binary": _one("binary"),
    "re.compile": _one("pattern"), "re.split": STRS, "re.findall": listed(ANY), "sys.stdout": _one("file"),
    "sys.stderr": _one("file"), "sys.stdin": _one("file"),
    "os.popen": _one("pipe"), "os.fdopen": _one("file"), "rfc822.Message": _one("message"),
    "mimetools.Message": _one("message"),
    "os.environ": mapped(STR, STR), "string.atol": _one("long"), "string.maketrans": _one("table"), "math.frexp": ANY,
    "UserDict.UserDict": _one("instance"), "threading.Thread": _one("thread"), "thread.allocate_lock": _one("lock"),
}  # fmt: skip

MEANINGS: dict[str, Kinds] = {
    "as_text": STR, "escaped": STR, "octal": STR, "translated": STR, "compare": INT, "rounded": FLOAT,
    **dict.fromkeys(["ascii_upper", "ascii_lower", "ascii_title", "ascii_swapcase", "ascii_capitalize"], STR),
    "coerced": listed(ANY, "tuple"), "ascii_split": STRS, "ascii_splitlines": STRS,
}  # fmt: skip
"""What the helpers of rawwfile.cherrypy.meanings give."""
MODULES.update({f"rawwfile.cherrypy.meanings.{name}": kinds for name, kinds in MEANINGS.items()})
MODULES.update({"urllib.parse.quote": STR, "io.StringIO": _one("stringio"), "hashlib.md5": _one("hash"),
"hashlib.sha1": _one("hash"),
                "html.escape": STR})  # fmt: skip

CONSTANTS = frozenset(
    "sys.argv sys.maxint os.environ sys.stdout sys.stderr sys.stdin math.pi math.e os.sep sys.platform sys.version "
    "os.name string.letters string.digits string.lowercase string.uppercase string.punctuation string.printable "
    "string.whitespace string.hexdigits".split()
)
"""Names of modules that are values, not functions."""

ATTRIBUTES: dict[str, Kinds] = {
    "paramMap": mapped(STR, join(STR, ANY)), "headerMap": mapped(STR, STR), "simpleCookie": ANY,
    "browserUrl": STR, "originalPath": STR, "__name__": STR, "__doc__": STR,
}  # fmt: skip
"""Attributes of `request`, `response` and of everything."""
