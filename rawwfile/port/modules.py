"""Modules of 2.x and what they, and the things in them, are called today."""

from __future__ import annotations

SAME = "rawwfile.cherrypy.meanings"

MODULES: dict[str, str] = {
    "Queue": "queue", "ConfigParser": "configparser", "Cookie": "http.cookies", "cookielib": "http.cookiejar",
    "cPickle": "pickle", "copy_reg": "copyreg", "httplib": "http.client", "BaseHTTPServer": "http.server",
    "SimpleHTTPServer": "http.server", "CGIHTTPServer": "http.server", "SocketServer": "socketserver",
    "xmlrpclib": "xmlrpc.client", "SimpleXMLRPCServer": "xmlrpc.server", "DocXMLRPCServer": "xmlrpc.server",
    "HTMLParser": "html.parser", "htmlentitydefs": "html.entities", "urlparse": "urllib.parse", "whrandom": "random",
    "StringIO": "io", "cStringIO": "io", "robotparser": "urllib.robotparser", "__builtin__": "builtins",
    "exceptions": "builtins",
    "repr": "reprlib", "whichdb": "dbm",
    "UserDict": "collections", "UserList": "collections", "UserString": "collections", "_winreg": "winreg",
    "thread": "_thread",
    "email.Utils": "email.utils", "email.Message": "email.message", "email.MIMEText": "email.mime.text",
    "md5": "hashlib", "sha": "hashlib",
    "email.MIMEMultipart": "email.mime.multipart", "email.MIMEBase": "email.mime.base",
    "email.MIMEImage": "email.mime.image",
    "email.MIMEAudio": "email.mime.audio", "email.Encoders": "email.encoders", "email.Header": "email.header",
    "email.Errors": "email.errors", "email.Parser": "email.parser", "email.Generator": "email.generator",
    "email.Charset": "email.charset",
    "commands": "subprocess", "Tkinter": "tkinter", "dummy_thread": "_thread", "dummy_threading": "threading",
    "new": "types", "test.test_support": "test.support",
}  # fmt: skip

MEMBERS: dict[str, str] = {
    **{f"urllib.{name}": f"urllib.parse.{name}" for name in (
        "quote", "quote_plus", "unquote", "unquote_plus", "urlencode", "splittype", "splithost", "splitport",
        "splitquery")},
    **{f"urllib.{name}": f"urllib.request.{name}" for name in (
        "urlopen", "urlretrieve", "pathname2url", "url2pathname", "URLopener", "FancyURLopener", "urlcleanup",
        "getproxies")},
    **{f"urllib2.{name}": f"urllib.error.{name}" for name in ("URLError", "HTTPError")},
    "urllib.ContentTooShortError": "urllib.error.ContentTooShortError", "urllib2.quote": "urllib.parse.quote",
    "urllib2.unquote": "urllib.parse.unquote", "cgi.parse_qs": "urllib.parse.parse_qs",
    "cgi.parse_qsl": "urllib.parse.parse_qsl",
    "string.letters": "string.ascii_letters", "string.lowercase": "string.ascii_lowercase",
    "string.uppercase": "string.ascii_uppercase", "sys.maxint": "sys.maxsize", "os.getcwdu": "os.getcwd",
    "md5.new": "hashlib.md5", "md5.md5": "hashlib.md5", "sha.new": "hashlib.sha1", "sha.sha": "hashlib.sha1",
    "base64.encodestring": "base64.encodebytes", "base64.decodestring": "base64.decodebytes",
    "thread.allocate_lock": "threading.Lock", "thread.allocate": "threading.Lock",
    "thread.get_ident": "threading.get_ident",
    "threading.currentThread": "threading.current_thread", "threading.activeCount": "threading.active_count",
    "threading._Timer": "threading.Timer", "threading._Event": "threading.Event",
    "operator.div": f"{SAME}.divide", "operator.isCallable": "callable",
    "operator.sequenceIncludes": "operator.contains",
    "StringIO.StringIO": "io.StringIO", "cStringIO.StringIO": "io.StringIO",
    "Cookie.Cookie": "http.cookies.SimpleCookie",
    "Cookie.SmartCookie": "http.cookies.SimpleCookie", "Cookie.SerialCookie": "http.cookies.SimpleCookie",
    "ConfigParser.SafeConfigParser": "configparser.ConfigParser", "UserDict.IterableUserDict": "collections.UserDict",
    "UserDict.DictMixin": "collections.abc.MutableMapping", "itertools.izip": "zip", "itertools.imap": "map",
    "itertools.ifilter": "filter", "itertools.izip_longest": "itertools.zip_longest",
    "locale.format": "locale.format_string", "string.maketrans": "str.maketrans",
    "urllib.basejoin": "urllib.parse.urljoin",
    "commands.getoutput": "subprocess.getoutput", "commands.getstatusoutput": "subprocess.getstatusoutput",
    "time.clock": "time.perf_counter", "os.errno": "errno", "os.error": "OSError", "socket.error": "OSError",
    "select.error": "OSError",
    "IOError": "OSError", "thread.error": "RuntimeError", "string.atoi_error": "ValueError",
    "string.atof_error": "ValueError",
    "string.index_error": "ValueError", "sets.Set": "set",
    "sets.ImmutableSet": "frozenset", "rfc822.parsedate": "email.utils.parsedate",
    "rfc822.parsedate_tz": "email.utils.parsedate_tz",
    "rfc822.mktime_tz": "email.utils.mktime_tz", "rfc822.formatdate": "email.utils.formatdate",
    "exceptions.Exception": "Exception",
    "exceptions.StandardError": "Exception", "exceptions.IOError": "OSError", "__builtin__.open": "open",
    "sys.exc_type": "sys.exc_info()[0]",
    "sys.exc_value": "sys.exc_info()[1]", "sys.exc_traceback": "sys.exc_info()[2]",
    "email.message_from_string": "email.message_from_string",
    "new.instancemethod": "types.MethodType", "new.function": "types.FunctionType", "new.module": "types.ModuleType",
    "new.classobj": "type",
    "os.tmpnam": "tempfile.mktemp", "os.tempnam": "tempfile.mktemp", "inspect.getargspec": "inspect.getfullargspec",
    **{f"types.{name}": text for name, text in {
        "StringType": "str", "UnicodeType": "str", "IntType": "int", "LongType": "int", "FloatType": "float",
        "ListType": "list",
        "TupleType": "tuple", "DictType": "dict", "DictionaryType": "dict", "NoneType": "type(None)",
        "BooleanType": "bool",
        "ComplexType": "complex", "TypeType": "type", "ClassType": "type", "StringTypes": "(str,)",
        "ObjectType": "object",
        "SliceType": "slice", "XRangeType": "range", "FileType": "io.TextIOWrapper", "EllipsisType": "type(...)",
        "InstanceType": "object",
        "UnboundMethodType": "types.FunctionType"}.items()},
    **{f"string.{name}": f"str.{name}" for name in (
        "strip lstrip rstrip replace find rfind index rindex count ljust rjust center expandtabs zfill").split()},
    **{f"string.{name}": f"{SAME}.ascii_{name}" for name in ("upper", "lower", "capitalize", "swapcase", "split")},
    "string.atoi": "int", "string.atol": "int", "string.atof": "float", "string.splitfields": f"{SAME}.ascii_split",
    "string.joinfields": "str.join",
}  # fmt: skip
"""What stands for `module.name`; without a dot in front it is a builtin."""

KEPT: dict[str, str] = {
    "MimeWriter": "build messages with email.mime", "mimetools": "read messages with email",
    "rfc822": "read messages with email",
    "anydbm": "dbm takes and gives bytes now", "dumbdbm": "dbm.dumb takes and gives bytes now",
    "gdbm": "dbm.gnu takes and gives bytes now", "dbhash": "dbm takes and gives bytes now",
    "crypt": "install a package for password hashes", "imp": "use importlib",
    "telnetlib": "install telnetlib3 from the package index", "rexec": "restricted execution is gone",
    "Bastion": "restricted execution is gone", "user": "it is gone", "nntplib": "it is gone",
    "xmllib": "parse with xml.sax", "mimify": "use email", "rotor": "use a package for encryption",
    "regex": "use re", "regsub": "use re", "imghdr": "it is gone", "sndhdr": "it is gone",
    "pipes": "use shlex and subprocess", "uu": "use binascii",
    "popen2": "use subprocess.Popen", "quopri": "its functions take and give bytes now",
    "sgmllib": "parse with html.parser", "htmllib": "parse with html.parser",
    "cgi": "use request.paramMap, urllib.parse and html",
}  # fmt: skip
"""Modules without one of today that rawwfile.cherrypy.oldmodules has, and what to do instead."""
OF_BYTES = frozenset(
    "hmac gzip quopri anydbm dbm gdbm dbhash dumbdbm bz2 codecs uu tarfile array mmap zipfile marshal".split()
)
"""Modules whose functions take and give bytes today."""
MEMBERS.update({
    "string.whitespace": f"{SAME}.BLANKS", "__builtin__.True": "True", "__builtin__.False": "False",
    "__builtin__.None": "None", "xmlrpclib.True": "True",
    "xmlrpclib.False": "False", "xmlrpclib.Boolean": "bool", "md5.digest_size": "16", "sha.digest_size": "20",
    "sha.blocksize": "1", "sha.digestsize": "20",
})  # fmt: skip

GONE: dict[str, str] = {
    "os.popen2": "use subprocess.Popen", "os.popen3": "use subprocess.Popen", "os.popen4": "use subprocess.Popen",
    "sys.setdefaultencoding": "text needs no default encoding now", "sys.exc_clear": "it is not needed now",
    "strop": "use methods of str",
    "string.expandtabs": "",
    "types.StringTypes": "text is str", "types.InstanceType": "every class is a type now", "thread": "use threading",
    "UserDict.DictMixin": "write __iter__ and __len__ too",
}  # fmt: skip
"""Modules and names that are gone, and what to do instead."""

BYTES: dict[str, tuple[str, str, bool, bool]] = {
    "base64.encodestring": ("base64", "encodebytes", True, True), "base64.decodestring": ("base64", "decodebytes",
    True, True),
    "base64.b64encode": ("base64", "b64encode", True, True), "base64.b64decode": ("base64", "b64decode", True, True),
    "binascii.hexlify": ("binascii", "hexlify", True, True), "binascii.unhexlify": ("binascii", "unhexlify", True,
    True),
    "binascii.b2a_hex": ("binascii", "hexlify", True, True), "binascii.a2b_hex": ("binascii", "unhexlify", True, True),
    "binascii.b2a_base64": ("binascii", "b2a_base64", True, True), "binascii.a2b_base64": ("binascii", "a2b_base64",
    True, True),
    "binascii.crc32": ("binascii", "crc32", True, False), "zlib.crc32": ("zlib", "crc32", True, False),
    "zlib.compress": ("zlib", "compress", True, True), "zlib.decompress": ("zlib", "decompress", True, True),
    "md5.new": ("hashlib", "md5", True, False), "md5.md5": ("hashlib", "md5", True, False),
    "sha.new": ("hashlib", "sha1", True, False), "sha.sha": ("hashlib", "sha1", True, False),
    "cPickle.dumps": ("pickle", "dumps", False, True), "pickle.dumps": ("pickle", "dumps", False, True),
    "cPickle.loads": ("pickle", "loads", True, False), "pickle.loads": ("pickle", "loads", True, False),
    "marshal.dumps": ("marshal", "dumps", False, True), "marshal.loads": ("marshal", "loads", True, False),
    "bz2.compress": ("bz2", "compress", True, True), "bz2.decompress": ("bz2", "decompress", True, True),
    "struct.pack": ("struct", "pack", False, True), "hashlib.md5": ("hashlib", "md5", True, False),
    "hashlib.sha1": ("hashlib", "sha1", True, False),
}  # fmt: skip
"""Functions of bytes: (module, name, whether the first argument must be bytes, whether bytes come back)."""

METHODS = frozenset(
    "upper lower capitalize swapcase strip lstrip rstrip split splitfields rsplit replace find rfind index rindex "
    "count ljust rjust center expandtabs translate".split()
)
"""Functions of the module string that are methods of str."""

ENCODED = frozenset(["urllib.quote", "urllib.quote_plus", "urllib.unquote", "urllib.unquote_plus", "urllib.urlencode",
                     "cgi.parse_qs", "cgi.parse_qsl", "urlparse.parse_qs", "urlparse.parse_qsl"])  # fmt: skip
"""Functions that take encoding= today, UTF-8 by default."""
