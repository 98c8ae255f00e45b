"""rawwfile.cherrypy.configfile, configuration and startlog: Python 2's ConfigParser and 0.10's options (spec 9)."""

from __future__ import annotations

import configparser
import io

import pytest

from rawwfile.cherrypy.configfile import OldConfigParser
from rawwfile.cherrypy.configuration import read
from rawwfile.errors import ConfigError, StartError
from rawwfile.ini import parse_config

# As Python 2.7's ConfigParser has them.
VALUES = [
    ("a=1", "1"),
    ("A: 2", "2"),
    ("a=x ; comment", "x"),
    ("a=x;y", "x;y"),
    ("a=1\n more", "1\nmore"),
    ("a=1\n # no comment", "1\n# no comment"),
    ("a=1\n\t; nor this", "1\n; nor this"),
    ("a=1\n# a comment\n more", "1\nmore"),
    ('a=""', ""),
    ("a=", ""),
    ("a=50%", "50%"),
    ("a=%%", "%%"),
    ("b=x\na=%(B)s %%", "x %"),
    ("a=%(d)s", "deep"),
    ("a=%(__name__)s", "s"),
    ("a=1\nrem x\na=2", "2"),
    ("a=1\r", "1"),
    ("a=\xfc", "\xfc"),
]


def parser(text: str) -> OldConfigParser:
    return OldConfigParser(parse_config(text, "site.cfg", classic=True))


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values_are_those_of_python_2(text, value):
    assert parser(f"[DEFAULT]\nd=deep\n[s]\n{text}\n").get("s", "a") == value


def test_sections_and_options():
    config = parser("[one]\nB=1\nb=2\na=3\n[DEFAULT]\nd=4\n[two]\n[one]\nc=5\n")

    assert config.sections() == ["one", "two"]
    assert config.options("one") == ["b", "a", "c", "d"]
    assert config.items("two") == [("d", "4")]
    assert config.has_option("one", "B") and config.has_option("two", "d") and not config.has_option("three", "d")
    assert config.has_section("two") and not config.has_section("DEFAULT")
    assert config.defaults() == {"d": "4"}


def test_numbers_and_booleans():
    config = parser("[s]\ni= 08 \nf=1e3\ny=ON\nn=no\nx=maybe\nu=1_000\n")

    assert config.getint("s", "i") == 8
    assert config.getfloat("s", "f") == 1000.0
    assert config.getboolean("s", "y") is True and config.getboolean("s", "n") is False
    with pytest.raises(ValueError, match="^Not a boolean: maybe$"):
        config.getboolean("s", "x")
    with pytest.raises(ValueError, match="invalid literal for int"):
        config.getint("s", "u")


@pytest.mark.parametrize(
    ("section", "option", "error"),
    [
        ("none", "a", configparser.NoSectionError),
        ("s", "none", configparser.NoOptionError),
        ("s", "unknown", configparser.InterpolationMissingOptionError),
        ("s", "circle", configparser.InterpolationDepthError),
    ],
)
def test_errors_are_those_of_configparser(section, option, error):
    config = parser("[s]\na=1\nunknown=%(nope)s\ncircle=%(circle)s\n")

    with pytest.raises(error):
        config.get(section, option)
    assert config.get("s", "circle", 1) == "%(circle)s"
    assert config.get("s", "unknown", 0, {"NOPE": "here"}) == "here"


def test_translated_code_catches_them_by_its_own_classes():
    old = pytest.importorskip("rawwfile.cpy.python2.modules.config")

    for kind in (old.NoSectionError, configparser.NoSectionError, old.Error, configparser.Error):
        with pytest.raises(kind, match="^No section: 'none'$"):
            OldConfigParser().get("none", "a")
    with pytest.raises(old.NoOptionError, match="^No option 'a' in section: 's'$"):
        parser("[s]\n").get("s", "A")


def test_what_an_application_sets_can_be_read_and_written(tmp_path):
    config = OldConfigParser()
    config.add_section("s")
    config.set("s", "Name", "two\nlines")
    config.readfp(io.StringIO("[s]\nother: 1\n"))
    out = io.StringIO()
    config.write(out)
    (tmp_path / "more.cfg").write_text(out.getvalue(), "latin-1")
    again = OldConfigParser()

    assert again.read([str(tmp_path / "more.cfg"), str(tmp_path / "missing")]) == [str(tmp_path / "more.cfg")]
    assert again.items("s") == [("name", "two\nlines"), ("other", "1")]
    assert again.remove_option("s", "NAME") and not again.remove_option("s", "name")
    assert again.remove_section("s") and not again.remove_section("s")
    with pytest.raises(configparser.DuplicateSectionError):
        config.add_section("s")
    with pytest.raises(configparser.MissingSectionHeaderError):
        config.readfp(io.StringIO("a=1\n"))
    with pytest.raises(configparser.ParsingError):
        config.readfp(io.StringIO("[s]\na\n"))


@pytest.fixture
def configured(tmp_path, monkeypatch):
    """Write RootServer.cfg into an empty working directory and read it."""
    monkeypatch.chdir(tmp_path)

    def made(text, **given):
        (tmp_path / "RootServer.cfg").write_bytes(text.encode("latin-1"))
        return read("RootServer.cfg", given=given)

    return made


DEFAULT_LINES = """\
Reading parameters from RootServer.cfg ...
Server parameters:
  logToScreen: 1
  logFile: \n\
  protocolVersion: HTTP/1.0
  socketHost: 127.0.0.1
  socketPort: 0
  socketFile: \n\
  reverseDNS: 0
  socketQueueSize: 5
  processPool: 0
  threadPool: 0
  threading: 0
  forking: 0
  sslKeyFile: \n\
  sessionStorageType: \n\
  staticContent: []"""


def test_a_missing_file_is_all_defaults():
    configuration = read("NowhereServer.cfg")

    assert configuration.lines() == DEFAULT_LINES.replace("RootServer", "NowhereServer").split("\n")
    configuration.check()
    settings = configuration.settings()
    assert (settings.host, settings.port, settings.protocol) == ("127.0.0.1", 8000, "HTTP/1.0")
    assert (settings.workers, settings.unix_socket, settings.access_log) == (1, None, "off")
    assert configuration.model == "plain" and configuration.charset is None
    assert configuration.serving_line(("127.0.0.1", 8000)) == "Serving HTTP on socket: ('127.0.0.1', 8000)"
    assert read(None).settings() == read("").settings()


def test_a_file_that_somebody_asked_for_must_be_there():
    with pytest.raises(ConfigError, match=r"^--config Nowhere.cfg: No such file or directory\.$"):
        read("Nowhere.cfg", must_exist=True)


def test_all_of_the_log(configured):
    configuration = configured(
        "[server]\nlogFile=x.log\nprotocolVersion=HTTP/1.1\nsocketQueueSize=77\nthreadPool=4\n"
        "typeOfRequests=xmlRpc,web\nreverseDNS=1\nsslKeyFile=k\nsslCertificateFile=c\n[session]\nstorageType=file\n"
        "storageFileDir=ses\ntimeout=30\ncleanUpDelay=0.5\ncookieName=C\n[cache]\nflushCacheDelay=2\n"
        "[staticContent]\nB=st\nA/b=Root.cpy\n"
    )

    assert configuration.lines()[-17:] == """\
  processPool: 0
  threadPool: 4
  threading: 0
  forking: 0
  sslKeyFile: k
  sslCertificateFile: c
  sslClientCertificateVerification: 0
  sslCACertificateFile: \n\
  sslVerifyDepth: 1
  typeOfRequests: ('xmlRpc', 'web')
  flushCacheDelay: 2.0 min
  sessionStorageType: file
  sessionTimeout: 30.0 min
  cleanUpDelay: 0.5 min
  sessionCookieName: C
  sessionStorageFileDir: ses
  staticContent: [('b', 'st'), ('a/b', 'Root.cpy')]""".split("\n")
    assert (configuration.model, configuration.model_count, configuration.xmlrpc) == ("threadPool", 4, True)
    assert configuration.serving_line("x.sock") == "Serving HTTPS on socket file: x.sock"
    settings = configuration.settings()
    assert (settings.backlog, settings.tls_cert, settings.tls_key) == (77, "c", "k")


def test_the_defaults_of_sessions_show_as_whole_numbers(configured):
    lines = configured("[session]\nstorageType=ram\ntimeout=abc\n").lines()

    assert "  sessionTimeout: 60 min" in lines and "  cleanUpDelay: 60 min" in lines


@pytest.mark.parametrize("line", ["socketPort=abc", "socketPort=1_0", "socketPort=%(nope)s", "socketPort="])
def test_malformed_values_keep_the_default(configured, line):
    assert configured(f"[server]\n{line}\n").settings().port == 8000


def test_flags_win_and_the_log_says_so(configured):
    configuration = configured("[server]\nsocketHost=\nsocketPort=81\n", host="127.0.0.2", port=8301)

    assert "  socketHost: 127.0.0.2" in configuration.lines() and "  socketPort: 8301" in configuration.lines()
    settings = configuration.settings()
    assert (settings.host, settings.port) == ("127.0.0.2", 8301)
    file = configured("[server]\nsocketFile=x\n", port=8301)
    file.check()
    assert file.settings().unix_socket is None
    assert configured("[server]\nsocketPort=8\n", unix_socket="y").settings().unix_socket == "y"


def test_an_empty_host_is_every_interface(configured):
    configuration = configured("[server]\nsocketHost=\n")

    assert configuration.settings().host == "0.0.0.0"
    assert configuration.serving_line(("0.0.0.0", 8000)) == "Serving HTTP on socket: ('', 8000)"


CHERRY_ERRORS = [
    ("[server]\nprotocolVersion=HTTP/2", "protocolVersion must be 'HTTP/1.1' or 'HTTP/1.0'"),
    ("[server]\nprotocolVersion=", "protocolVersion must be 'HTTP/1.1' or 'HTTP/1.0'"),
    ("[server]\nreverseDNS=2", "reverseDNS must be '0' or '1'"),
    (
        "[server]\nsocketFile=x\nsocketPort=1",
        "In configuration file: socketPort and socketFile conflict with each other",
    ),
    (
        "[server]\nthreadPool=3\nthreading=1",
        "In configuration file: threadPool, processPool, threading and forking conflict with each other",
    ),
    (
        "[server]\nprocessPool=2\nforking=1",
        "In configuration file: threadPool, processPool, threading and forking conflict with each other",
    ),
    ("[server]\nsslKeyFile=k", "Configuration file has sslKeyFile but no sslCertificateFile"),
    ("[server]\nsslCertificateFile=c", "Configuration file has sslCertificateFile but no sslKeyFile"),
    ("[server]\ntypeOfRequests=web,foo", "Configuration file an invalid typeOfRequest: 'foo'"),
    ("[server]\ntypeOfRequests=xmlRpc, web", "Configuration file an invalid typeOfRequest: ' web'"),
    ("[session]\nstorageType=foo", "Configuration file an invalid sessionStorageType: 'foo'"),
    (
        "[session]\nstorageType=ram\nstorageFileDir=x",
        "Configuration file has sessionStorageType set to 'custom, 'ram' or 'cookie' but a sessionStorageFileDir "
        "is specified",
    ),
    (
        "[session]\nstorageType=file",
        "Configuration file has sessionStorageType set to 'file' but no sessionStorageFileDir",
    ),
]


@pytest.mark.parametrize(("text", "message"), CHERRY_ERRORS)
def test_what_0_10_refused(configured, text, message):
    configuration = configured(text)
    configuration.lines()

    with pytest.raises(StartError) as caught:
        configuration.check()
    assert str(caught.value) == f"CherryError: {message}"


def test_pools_of_none_are_no_pools(configured):
    configuration = configured("[server]\nthreadPool=0\nprocessPool=0\nthreading=1\n")
    configuration.check()

    assert configuration.model == "threading"


def test_processes_and_memory_get_the_old_warning(configured):
    configuration = configured("[server]\nprocessPool=3\n[session]\nstorageType=ram\n")
    configuration.check()

    assert configuration.warnings == ["CherryWarning: 'ram' sessions might be buggy when using several processes"]
    assert (configuration.model, configuration.model_count, configuration.settings().workers) == ("processPool", 3, 3)


def test_workers_of_the_command_line_are_a_pool_of_processes(configured):
    configuration = configured("", workers=2)

    assert (configuration.model, configuration.model_count) == ("processPool", 2)


def test_client_certificates(configured):
    text = "[server]\nsslKeyFile=k\nsslCertificateFile=c\nsslClientCertificateVerification=1\n"
    with pytest.raises(StartError, match="^CherryError: sslClientCertificateVerification needs sslCACertificateFile"):
        configured(text).check()
    configuration = configured(text + "sslCACertificateFile=a\nsslVerifyDepth=2\n")
    configuration.check()

    settings = configuration.settings()
    assert (settings.tls_client_cert, settings.tls_client_ca) == ("required", "a")
    assert len(configuration.warnings) == 1


def test_options_of_rawwfile(configured):
    configuration = configured(
        "[DEFAULT]\nhost=database\nport=5432\n[server]\nlimitBody=10M\ngrace=3\nsocketMode=600\nstrictErrors=1\n"
        "charset=UTF8\ntitle=\xc3\xa9\nmine=x\n[session]\nmaxSessions=5\ncookieFlags=none\n[cache]\nmaxSize=1k\n"
    )

    settings = configuration.settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.limit_body, settings.grace) == (10 << 20, 3.0)
    assert (configuration.socket_mode, configuration.strict_errors, configuration.charset) == (0o600, True, "utf-8")
    assert configuration.file.get("server", "title") == "\xe9"
    assert (configuration.session.most_sessions, configuration.session.cookie_flags) == (5, "none")
    assert configuration.cache.most_bytes == 1024


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[server]\nlimitBody=lots", "RootServer.cfg:2: [server] limitBody=lots: give a size"),
        ("[server]\nsocketMode=x", "RootServer.cfg:2: [server] socketMode=x: give permissions in octal"),
        ("[server]\ncharset=klingon", "RootServer.cfg:2: [server] charset=klingon: Python knows no charset"),
        ("[server]\ncharset=ascii\nx=\xe9", "RootServer.cfg: byte 25 is no ascii"),
        ("[session]\nmaxSessions=0", "[session] maxSessions=0: give a whole number"),
        ("[cache]\nmaxSize=big", "RootServer.cfg:2: [cache] maxSize=big: give a size"),
        ("socketPort=1", "MissingSectionHeaderError: RootServer.cfg:1: 'socketPort=1' stands before"),
        ("[server]\nnothing", "ParsingError: RootServer.cfg:2: 'nothing' is no [section]"),
    ],
)
def test_slips_in_them_are_errors(configured, text, message):
    with pytest.raises(ConfigError) as caught:
        configured(text)
    assert str(caught.value).startswith(message)


def test_static_content_has_the_defaults_too(configured):
    configuration = configured("[DEFAULT]\nroot=/srv\n[staticContent]\nB=%(root)s/b\nbad=%(nope)s\nc=x\n")

    assert configuration.static_content == [("b", "/srv/b")]
    assert configured("[DEFAULT]\nz=st\n[staticContent]\na=b\n").static_content == [("a", "b"), ("z", "st")]
