"""Listening sockets: each kind, and each failure with its advice.

These use real sockets of this machine's loopback interface; nothing is sent over them.
"""

from __future__ import annotations

import errno
import os
import socket
import stat

import pytest

from rawwfile.errors import AddressInUse, StartError
from rawwfile.server import listen
from rawwfile.server.listen import describe_address, open_listener, remove_socket_file
from rawwfile.settings import Settings


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


def connects(family, address) -> bool:
    with socket.socket(family) as client:
        return client.connect_ex(address) == 0


def option(sock, level, name) -> int:
    return sock.getsockopt(level, name)


# -- TCP


def test_tcp_has_the_options_that_matter():
    with open_listener(Settings(port=0, backlog=7), {}) as sock:
        assert sock.family == socket.AF_INET
        assert sock.getsockname()[0] == "127.0.0.1"
        assert option(sock, socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        assert option(sock, socket.SOL_SOCKET, socket.SO_REUSEADDR)
        assert option(sock, socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert not option(sock, socket.SOL_SOCKET, socket.SO_REUSEPORT)
        assert not sock.get_inheritable()
        assert connects(socket.AF_INET, sock.getsockname())


def test_backlog_is_the_setting(monkeypatch):
    asked = []
    monkeypatch.setattr(socket.socket, "listen", lambda self, backlog: asked.append(backlog))
    open_listener(Settings(port=0, backlog=7), {}).close()
    assert asked == [7]


def test_accepted_connections_inherit_nodelay():
    with open_listener(Settings(port=0), {}) as sock, socket.create_connection(sock.getsockname()):
        accepted, _ = sock.accept()
        with accepted:
            assert option(accepted, socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_in_use():
    with open_listener(Settings(port=0), {}) as first:
        port = first.getsockname()[1]
        with pytest.raises(AddressInUse) as caught:
            open_listener(Settings(port=port), {})
    assert str(caught.value) == (
        f"port {port} is taken (address in use). Try --port 0 for a free one, or stop the program that holds it."
    )


def test_reuse_port_lets_two_listen():
    with open_listener(Settings(port=0, reuse_port=True), {}) as first:
        port = first.getsockname()[1]
        with open_listener(Settings(port=port, reuse_port=True), {}) as second:
            assert second.getsockname() == first.getsockname()


def test_reuse_port_where_there_is_none(monkeypatch):
    monkeypatch.delattr(socket, "SO_REUSEPORT")
    with pytest.raises(StartError, match="this system has no SO_REUSEPORT. Leave the option out"):
        open_listener(Settings(port=0, reuse_port=True), {})


@needs_ipv6
def test_one_ipv6_address():
    with open_listener(Settings(host="::1", port=0), {}) as sock:
        assert sock.family == socket.AF_INET6
        assert describe_address(sock, "http") == f"http://[::1]:{sock.getsockname()[1]}/"


@needs_ipv6
def test_brackets_around_an_ipv6_address_are_forgiven():
    with open_listener(Settings(host="[::1]", port=0), {}) as sock:
        assert sock.getsockname()[0] == "::1"


@needs_ipv6
def test_the_ipv6_wildcard_takes_ipv4_too():
    with open_listener(Settings(host="::", port=0), {}) as sock:
        port = sock.getsockname()[1]
        assert connects(socket.AF_INET6, ("::1", port))
        assert connects(socket.AF_INET, ("127.0.0.1", port))
        assert describe_address(sock, "https") == f"https://127.0.0.1:{port}/"


def test_a_host_name_means_its_ipv4_address_first():
    with open_listener(Settings(host="localhost", port=0), {}) as sock:
        assert sock.getsockname()[0] == "127.0.0.1"


def test_the_next_address_of_a_name_is_tried_where_the_first_is_not_here(monkeypatch):
    both = [(socket.AF_INET, ("192.0.2.254", 0)), (socket.AF_INET, ("127.0.0.1", 0))]
    monkeypatch.setattr(listen, "_resolve", lambda host, port: both)
    with open_listener(Settings(host="two.example", port=0), {}) as sock:
        assert sock.getsockname()[0] == "127.0.0.1"


def test_a_name_without_addresses(monkeypatch):
    monkeypatch.setattr(listen, "_resolve", lambda host, port: [])
    with pytest.raises(StartError, match="has no address to listen on"):
        open_listener(Settings(host="none.example", port=0), {})


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "x" * 70 + ".example"])
def test_a_host_name_that_is_not_known(host, monkeypatch):
    real = socket.getaddrinfo

    def offline(name, *args, **kinds):
        if name == "no-such-host.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(name, *args, **kinds)

    monkeypatch.setattr(socket, "getaddrinfo", offline)
    with pytest.raises(StartError, match=r"host name '.*' is not known .*Use --host 127.0.0.1"):
        open_listener(Settings(host=host, port=0), {})


@pytest.mark.parametrize(
    "number, port, message",
    [
        (errno.EACCES, 80, r"port 80 needs more rights than this user has .*Use --port 8000"),
        (errno.EACCES, 8000, r"cannot listen on 127.0.0.1 port 8000: Permission denied. Try another"),
        (errno.EADDRNOTAVAIL, 8000, r"address 127.0.0.1 is not one of this machine. Use --host 127.0.0.1"),
        (errno.EADDRINUSE, 8000, r"port 8000 is taken"),
    ],
)
def test_bind_errors_carry_advice(monkeypatch, number, port, message):
    def bind(self, address):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(StartError, match=message):
        open_listener(Settings(port=port), {})


def test_an_address_of_another_machine():
    with pytest.raises(StartError, match="address 192.0.2.254 is not one of this machine"):
        open_listener(Settings(host="192.0.2.254", port=0), {})


def test_the_ipv4_wildcard_is_shown_as_an_address_that_works():
    with open_listener(Settings(host="0.0.0.0", port=0), {}) as sock:
        assert describe_address(sock, "http") == f"http://127.0.0.1:{sock.getsockname()[1]}/"


class Named:
    """A socket of which only the name is asked."""

    def __init__(self, name, only_v6=1):
        self.getsockname = lambda: name
        self.getsockopt = lambda level, option: only_v6


@pytest.mark.parametrize(
    "name, url",
    [
        (("192.0.2.1", 80), "http://192.0.2.1:80/"),
        (("::", 80, 0, 0), "http://[::1]:80/"),
        (("fe80::1%eth0", 80, 0, 2), "http://[fe80::1%25eth0]:80/"),
        ("/run/shop.sock", "http+unix:/run/shop.sock"),
    ],
)
def test_describe_address(name, url):
    assert describe_address(Named(name), "http") == url


# -- Unix sockets


@pytest.fixture
def path(tmp_path, monkeypatch):
    # Relative, since the temporary directory's own path may be too long for a socket's.
    monkeypatch.chdir(tmp_path)
    return "s.sock"


def test_a_unix_socket(path):
    with open_listener(Settings(unix_socket=path), {}) as sock:
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o660
        assert not sock.get_inheritable()
        assert describe_address(sock, "http") == "http+unix:s.sock"
        assert connects(socket.AF_UNIX, path)
        remove_socket_file(sock)
        assert not os.path.exists(path)
        remove_socket_file(sock)


def test_a_socket_file_that_another_server_took_over_stays(path):
    with open_listener(Settings(unix_socket=path), {}) as first:
        os.rename(path, "old")  # keeps its inode from being used again
        with open_listener(Settings(unix_socket=path), {}):
            remove_socket_file(first)
            assert connects(socket.AF_UNIX, path)


def test_a_socket_file_that_is_gone_is_no_error(path):
    with open_listener(Settings(unix_socket=path), {}) as sock:
        os.unlink(path)
        remove_socket_file(sock)


def test_a_stale_socket_file_is_replaced(path):
    with open_listener(Settings(unix_socket=path), {}):
        pass
    assert os.path.exists(path)
    with open_listener(Settings(unix_socket=path), {}):
        assert connects(socket.AF_UNIX, path)


def test_a_unix_socket_on_which_somebody_answers(path):
    with open_listener(Settings(unix_socket=path), {}), pytest.raises(AddressInUse) as caught:
        open_listener(Settings(unix_socket=path), {})
    assert str(caught.value).startswith("Unix socket s.sock is taken (a program answers on it). Choose another")


def test_a_busy_server_counts_as_alive(path):
    with open_listener(Settings(unix_socket=path, backlog=1), {}):
        waiting = []
        try:
            while True:
                client = socket.socket(socket.AF_UNIX)
                client.setblocking(False)
                waiting.append(client)
                if client.connect_ex(path) == errno.EAGAIN:
                    break
            with pytest.raises(AddressInUse):
                open_listener(Settings(unix_socket=path), {})
        finally:
            for client in waiting:
                client.close()


def test_a_file_that_is_no_socket_is_left_alone(path):
    with open(path, "w") as file:
        file.write("precious")
    with pytest.raises(StartError, match="s.sock exists and is no socket, so it is left alone. Remove it"):
        open_listener(Settings(unix_socket=path), {})
    assert os.path.getsize(path) == len("precious")


@pytest.mark.parametrize("name", ["missing/s.sock", "x" * 200])
def test_a_unix_socket_that_cannot_be_made(path, name):
    with pytest.raises(StartError, match="cannot make the Unix socket .* Use a short path in a directory that exists"):
        open_listener(Settings(unix_socket=name), {})


def test_a_stale_file_that_cannot_be_removed(path, monkeypatch):
    with open_listener(Settings(unix_socket=path), {}):
        pass

    def unlink(name):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "unlink", unlink)
    with pytest.raises(StartError, match="cannot remove s.sock, which a server that ended left behind"):
        open_listener(Settings(unix_socket=path), {})


def test_a_stale_file_that_somebody_else_removes_meanwhile(path, monkeypatch):
    with open_listener(Settings(unix_socket=path), {}):
        pass
    real = os.unlink

    def unlink(name):
        real(name)
        raise FileNotFoundError(errno.ENOENT, "gone")

    monkeypatch.setattr(os, "unlink", unlink)
    open_listener(Settings(unix_socket=path), {}).close()


# -- inherited


@pytest.fixture
def hand_over(monkeypatch):
    """Make `open_listener` look for inherited sockets at the descriptor of a given socket."""

    def hand_over(sock):
        # A copy: what is adopted is closed by its adopter.
        number = os.dup(sock.fileno())
        os.set_inheritable(number, True)
        monkeypatch.setattr(listen, "FIRST_INHERITED_FD", number)
        return number

    return hand_over


def test_an_inherited_socket(hand_over):
    environ = {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid()), "LISTEN_FDNAMES": "web", "HOME": "/"}
    with socket.create_server(("127.0.0.1", 0)) as given:
        given.setblocking(False)
        number = hand_over(given)
        with open_listener(Settings(port=9), environ) as sock:
            assert sock.fileno() == number
            assert sock.getsockname() == given.getsockname()
            assert not sock.get_inheritable()
            assert sock.getblocking()
            assert option(sock, socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert environ == {"HOME": "/"}


def test_an_inherited_unix_socket_keeps_its_file(path, hand_over):
    with socket.socket(socket.AF_UNIX) as given:
        given.bind(path)
        given.listen()
        hand_over(given)
        with open_listener(Settings(), {"LISTEN_FDS": "1"}) as sock:
            assert sock.family == socket.AF_UNIX
            remove_socket_file(sock)
    assert os.path.exists(path)


def test_the_process_environment_is_the_default(hand_over, monkeypatch):
    monkeypatch.setenv("LISTEN_FDS", "1")
    monkeypatch.delenv("LISTEN_PID", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as given:
        hand_over(given)
        with open_listener(Settings()) as sock:
            assert sock.getsockname() == given.getsockname()
    assert "LISTEN_FDS" not in os.environ


def test_more_than_one_inherited_socket(hand_over, caplog):
    with socket.create_server(("127.0.0.1", 0)) as given:
        hand_over(given)
        open_listener(Settings(), {"LISTEN_FDS": "3"}).close()
    assert "LISTEN_FDS=3: only the first socket is served" in caplog.text


@pytest.mark.parametrize(
    "environ",
    [{"LISTEN_FDS": "1", "LISTEN_PID": "1"}, {"LISTEN_FDS": "0"}, {"LISTEN_FDS": ""}, {"LISTEN_PID": "7"}],
    ids=["another process", "none", "empty", "no count"],
)
def test_variables_that_are_not_meant_for_us(environ):
    with open_listener(Settings(port=0), environ) as sock:
        assert sock.getsockname()[0] == "127.0.0.1"
    assert environ == {}


@pytest.mark.parametrize("environ", [{"LISTEN_FDS": "one"}, {"LISTEN_FDS": "1", "LISTEN_PID": "-1"}])
def test_variables_that_are_no_numbers(environ):
    with pytest.raises(StartError, match="is '.*', not a number. Unset LISTEN_FDS"):
        open_listener(Settings(), environ)


def test_an_inherited_file_that_is_no_socket(monkeypatch, tmp_path):
    with open(tmp_path / "file", "w") as file:
        monkeypatch.setattr(listen, "FIRST_INHERITED_FD", file.fileno())
        with pytest.raises(
            StartError,
            match="promises a listening stream socket as file descriptor .*: Socket operation on non-socket. Use",
        ):
            open_listener(Settings(), {"LISTEN_FDS": "1"})


@pytest.mark.parametrize(
    "kind, reason", [(socket.SOCK_DGRAM, "it is no stream socket"), (socket.SOCK_STREAM, "it does not listen")]
)
def test_an_inherited_socket_of_the_wrong_kind(monkeypatch, kind, reason):
    with socket.socket(socket.AF_INET, kind) as given:
        monkeypatch.setattr(listen, "FIRST_INHERITED_FD", given.fileno())
        with pytest.raises(StartError, match=f"{reason}. Use ListenStream= and Accept=no"):
            open_listener(Settings(), {"LISTEN_FDS": "1"})
        given.getsockname()  # still open: it is not ours to close
