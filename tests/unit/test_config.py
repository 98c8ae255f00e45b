"""rawwfile.cli.config and .sources: 0.x's file format, and which source wins."""

from __future__ import annotations

import re

import pytest

from rawwfile.cli.config import parse_config, static_content
from rawwfile.cli.settings_topic import settings_topic
from rawwfile.cli.sources import NEEDLESS, folded, resolve
from rawwfile.errors import ConfigError
from rawwfile.settings import OPTIONS, Settings

# What Python 2.7's ConfigParser gives for these (specification, section 9).
FORMAT = [
    ("equals sign", "a=1", "1"),
    ("colon", "a: 1", "1"),
    ("colon in a value", "a=http://h:80/", "http://h:80/"),
    ("blanks around", "a  =  1  ", "1"),
    ("name in capitals", "A=1", "1"),
    ("comment lines", "# x\n; x\nrem x\nREM y\na=1", "1"),
    ("a name that begins with rem", "remote=2\na=1", "1"),
    ("comment behind a value", "a=1 ; one", "1"),
    ("semicolon without a blank", "a=1;2", "1;2"),
    ("only the first semicolon counts", "a=1;2 ;3", "1;2 ;3"),
    ("hash in a value", "a=1 # one", "1 # one"),
    ("continuation", "a=1\n  2\n\t3", "1\n2\n3"),
    ("empty line between continuations", "a=1\n\n 2", "1\n2"),
    ("indented comment", "a=1\n  # one\n  ; two", "1"),
    ("empty", "a=", ""),
    ("two quotes", 'a=""', ""),
    ("quotes stay otherwise", 'a="1"', '"1"'),
    ("last of equal names", "a=1\nA=2", "2"),
    ("section again", "a=1\n[other]\nb=2\n[s]\na=3", "3"),
    ("reference", "b=x\na=%(b)s/%(B)s", "x/x"),
    ("reference to a reference", "c=x\nb=%(c)s\na=%(b)s", "x"),
    ("reference to DEFAULT", "a=%(d)s", "deep"),
    ("lone percent", "a=50%", "50%"),
    ("two percents", "a=50%%", "50%%"),
    ("percent before another letter", "a=%d%(", "%d%("),
    ("carriage returns", "a=1\r\n", "1"),
    ("no-break space is no blank", "a=1\u00a0", "1\u00a0"),
]


@pytest.mark.parametrize(("text", "value"), [row[1:] for row in FORMAT], ids=[row[0] for row in FORMAT])
def test_format(text, value):
    config = parse_config(f"[DEFAULT]\nd=deep\n[s]\n{text}", "site.conf")

    assert config.get("s", config.sections["s"]["a"]) == value


BROKEN = [
    ("[server]\nport", "site.conf:2: 'port' is no [section], no name=value and no comment."),
    ("port=1", "site.conf:1: 'port=1' stands before the first [section]."),
    ("[server]\n  port=1", "site.conf:2: '  port=1' is no [section], no name=value and no comment."),
    ("[server]\n=1", "site.conf:2: '=1' is no [section], no name=value and no comment."),
    ("[server\nport=1", "site.conf:1: '[server' is no [section], no name=value and no comment."),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_line_that_is_nothing_is_named(text, message):
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "site.conf")

    assert str(caught.value) == message


@pytest.fixture
def from_file(tmp_path, monkeypatch):
    """Write site.conf into an empty working directory and resolve it, with flags and environment."""
    monkeypatch.chdir(tmp_path)

    def resolved(text, flags=(), environment=()):
        (tmp_path / "site.conf").write_text(text, "utf-8")
        return resolve({"config": "site.conf", **dict(flags)}, dict(environment))

    return resolved


def test_nothing_given_is_the_defaults():
    resolved = resolve({}, {})

    assert resolved.settings == Settings()
    assert resolved.notes == []


@pytest.mark.parametrize(
    ("flags", "environment", "port"),
    [
        ({"port": "1"}, {"RAWWFILE_PORT": "2"}, 1),
        ({}, {"RAWWFILE_PORT": "2"}, 2),
        ({}, {"RAWWFILE_PORT": ""}, 3),
        ({"port": None}, {}, 3),
    ],
)
def test_flags_then_environment_then_file(from_file, flags, environment, port):
    assert from_file("[server]\nport=3", flags, environment).settings.port == port


def test_the_environment_may_name_the_file(tmp_path):
    (tmp_path / "site.conf").write_text("[server]\nport=3", "utf-8")

    assert resolve({}, {"RAWWFILE_CONFIG": str(tmp_path / "site.conf")}).settings.port == 3


def test_a_repeated_flag_is_a_list():
    settings = resolve({"tls_cert": ["a.pem", "b.pem"], "tls_key": ["a.key"]}, {}).settings

    assert settings.tls_cert == ["a.pem", "b.pem"]
    assert settings.tls_key == "a.key"


@pytest.mark.parametrize("spelling", ["limit_body", "limit-body", "limitBody", "LIMITBODY", "Limit_Body"])
def test_every_spelling_of_a_key_is_equal(from_file, spelling):
    assert from_file(f"[server]\n{spelling}=5").settings.limit_body == 5


OLD_KEYS = [
    ("socketHost=::1", {"host": "::1"}),
    ("socketPort=81", {"port": 81}),
    ("socketFile=/tmp/s", {"unix_socket": "/tmp/s"}),
    ("socketQueueSize=5", {"backlog": 5}),
    ("threadPool=10", {"threads": 10}),
    ("processPool=3", {"workers": 3}),
    ("protocolVersion=HTTP/1.0", {"protocol": "HTTP/1.0"}),
    ("sslCertificateFile=c\nsslKeyFile=k", {"tls_cert": "c", "tls_key": "k"}),
    (
        "sslCertificateFile=c\nsslCACertificateFile=a\nsslClientCertificateVerification=1",
        {"tls_cert": "c", "tls_client_ca": "a", "tls_client_cert": "required"},
    ),
    (
        "sslCertificateFile=c\nsslCACertificateFile=a\nsslClientCertificateVerification=0",
        {"tls_cert": "c", "tls_client_ca": "a", "tls_client_cert": "none"},
    ),
    ("logFile=server.log", {"access_log": "server.log"}),
    ("logToScreen=1", {"access_log": "-"}),
    ("logToScreen=0", {"access_log": "off"}),
    ('socketFile=""\nlogFile=\nsslKeyFile=', {}),
]


@pytest.mark.parametrize(("text", "values"), OLD_KEYS)
def test_keys_of_0_x(from_file, text, values):
    resolved = from_file(f"[server]\n{text}")

    assert resolved.settings == Settings(config="site.conf", **values)
    assert resolved.notes == []


NOTED = [
    ("threadPool=1", {}, "site.conf:2: [server] threadPool=1 keeps the default: threads=256"),
    ("processPool=0", {}, "site.conf:2: [server] processPool=0 keeps the default: workers=1"),
    ("socketHost=", {}, "site.conf:2: [server] socketHost= keeps the default: host=127.0.0.1"),
    ("port=1\nsocketPort=2", {"port": 1}, "site.conf:3: [server] socketPort=2 gives way to port"),
    (
        "logToScreen=1\nlogFile=x",
        {"access_log": "x"},
        "site.conf:2: [server] logToScreen=1 gives way to logFile",
    ),
    ("forking=1", {}, "site.conf:2: forking does nothing here: use workers=N for several processes"),
    ("port=1\n[Server]\nport=2", {"port": 1}, "site.conf: [Server] is not read: capitals count. Write [server]."),
]


@pytest.mark.parametrize(("text", "values", "note"), NOTED)
def test_what_is_passed_over_is_noted(from_file, text, values, note):
    resolved = from_file(f"[server]\n{text}")

    assert resolved.settings == Settings(config="site.conf", **values)
    assert resolved.notes == [note]


@pytest.mark.parametrize("key", NEEDLESS)
def test_needless_keys_of_0_x_are_accepted_and_noted(from_file, key):
    resolved = from_file(f"[server]\n{key}=1")

    assert resolved.settings == Settings(config="site.conf")
    assert resolved.notes == [f"site.conf:2: {key} does nothing here: {NEEDLESS[key]}"]


ERRORS = [
    ("port=abc", "site.conf:2: [server] port=abc: give a number from 0 to 65535; 0 takes a free port."),
    ("threadPool=x", "site.conf:2: [server] threadPool=x: give a whole number, 2 or more: one waits"),
    ("socketPrt=1", "site.conf:2: [server] has no key 'socketPrt'. Did you mean socketPort?"),
    ("limitbodies=1", "site.conf:2: [server] has no key 'limitbodies'. Did you mean limit_body?"),
    ("qqq=1", "site.conf:2: [server] has no key 'qqq'. The keys: rawwfile help settings."),
    ("config=x", "site.conf:2: [server] has no key 'config'."),
    ("host=%(where)s", "site.conf:2: [server] host=%(where)s: nothing is named 'where' in [server] or [DEFAULT]."),
    ("host=%(host)s", "site.conf:2: [server] host=%(host)s: %(...)s in it leads back to itself."),
    ("tls_key=k", "a TLS key without a certificate: add --tls-cert FILE."),
    ("tls_client_cert=optional", "--tls-client-cert optional needs --tls-client-ca FILE, the authorities to believe."),
    ("tls_cert=c\ntls_client_ca=a", "--tls-client-ca without --tls-client-cert: add --tls-client-cert required"),
    ("tls_client_ca=a\ntls_client_cert=required", "client certificates need HTTPS: add --tls-cert FILE."),
]


@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_what_cannot_be_meant_is_one_line(from_file, text, message):
    with pytest.raises(ConfigError) as caught:
        from_file(f"[server]\n{text}")

    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_an_error_names_flag_or_variable():
    with pytest.raises(ConfigError, match=r"^--threads 1: give a whole number, 2 or more"):
        resolve({"threads": "1"}, {})
    with pytest.raises(ConfigError, match=r"^RAWWFILE_LIMIT_BODY=lots: give a size in bytes"):
        resolve({}, {"RAWWFILE_LIMIT_BODY": "lots"})


def test_a_value_in_an_error_is_escaped_and_cut():
    with pytest.raises(ConfigError) as caught:
        resolve({"port": "\x1b[2J" + "9" * 100}, {})

    assert str(caught.value).startswith("--port \\x1b[2J999")
    assert len(str(caught.value)) < 130


def test_a_file_that_is_not_there_is_named_with_who_named_it(tmp_path):
    missing = str(tmp_path / "no.conf")

    with pytest.raises(ConfigError, match=f"^--config {re.escape(missing)[:20]}.*: No such file or directory"):
        resolve({"config": missing}, {})
    with pytest.raises(ConfigError, match=r"^RAWWFILE_CONFIG=.*: No such file or directory"):
        resolve({}, {"RAWWFILE_CONFIG": missing})


def test_a_variable_that_is_nearly_one_is_noted():
    resolved = resolve({}, {"RAWWFILE_LIMIT_BODDY": "5", "RAWWFILE_XYZZY_QQ": "1", "PATH": "x"})

    assert resolved.notes == ["RAWWFILE_LIMIT_BODDY is not read. Did you mean RAWWFILE_LIMIT_BODY?"]


def test_default_section_stands_behind_server(from_file):
    resolved = from_file("[DEFAULT]\nbase=/srv\nport=5\nthreads=9\n[server]\nthreads=8\naccess_log=%(base)s/log")

    assert resolved.settings == Settings(config="site.conf", port=5, threads=8, access_log="/srv/log")


def test_other_sections_are_the_applications_own(from_file):
    resolved = from_file("[shop]\nport=x\nunheard=%(of)s\n[server]\nport=5")

    assert resolved.settings.port == 5
    assert resolved.notes == []


def test_static_content_keeps_file_order_and_starts_at_the_working_directory(from_file, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "icon").write_bytes(b"x")

    resolved = from_file("[DEFAULT]\nroot=b\n[staticContent]\nz=b\nData/Images=%(root)s\n/a/=b\nfavicon.ico: icon")

    assert resolved.settings.static_content == (
        ("z", str(tmp_path / "b")),
        ("data/images", str(tmp_path / "b")),
        ("a", str(tmp_path / "b")),
        ("favicon.ico", str(tmp_path / "icon")),
    )


@pytest.mark.parametrize("target", ["missing", ""])
def test_static_content_that_is_not_there_is_an_error(target):
    config = parse_config(f"[staticContent]\nstatic={target}", "site.conf")

    with pytest.raises(ConfigError) as caught:
        static_content(config)

    assert str(caught.value).startswith(
        f"site.conf:2: [staticContent] static={target}: no such file or directory (relative names start at"
    )


def test_bytes_that_are_no_utf8_reach_the_file_system_unchanged(tmp_path):
    (tmp_path / "site.conf").write_bytes(b"\xef\xbb\xbf[server]\nunix_socket=/tmp/\xe9")

    settings = resolve({"config": str(tmp_path / "site.conf")}, {}).settings

    assert settings.unix_socket.encode("utf-8", "surrogateescape") == b"/tmp/\xe9"


def test_no_two_options_share_a_key():
    keys = [folded(name) for option in OPTIONS for name in (option.name, *option.old_names)]
    keys += map(folded, NEEDLESS)

    assert len(keys) == len(set(keys))


def test_the_settings_topic_has_every_name_within_80_columns():
    text = settings_topic()

    for option in OPTIONS:
        assert option.flag in text
        assert option.environment in text
        assert all(old in text for old in option.old_names)
    assert max(map(len, text.splitlines())) <= 80
