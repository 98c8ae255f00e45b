"""Run CherryPy 0.10's own regression suite against rawwfile; by hand, since its distribution is not ours to ship.

    python -m tests.cases.original_suite TREE PYTHON2 [NAME...]

TREE: the unpacked distribution; PYTHON2: a Python 2.7, which runs the suite itself. NAME: of its
modules (testCHTL ...); default: all. Port 8000 of this machine must be free: the suite asks there.
Exit code 0 if nothing failed and nothing was skipped.

The suite works in a copy. What it calls `python2.3` is a script that hands its compiler, and what
that has compiled, to rawwfile. Three things of the suite are changed, by patching and not in its text:
its client's second Host field is left out (RFC 9112 section 3.2 wants 400 for it), its servers are
ended by a signal after its own way (which calls into 0.10's threads), and its certificate, of 1024
bits and MD5, is replaced, since OpenSSL refuses it.
"""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import trustme

CHECKOUT = Path(__file__).resolve().parents[2]

STAND_IN = """\
#!/bin/sh
export PYTHONPATH={checkout} PYTHONUNBUFFERED=1
case "$1" in
  ../cherrypy.py) shift; exec {python} -m rawwfile.cherrypy "$@";;
  *Server.py) exec {python} "$@" --host 127.0.0.1 --port 8000;;
  *) exec {python2} "$@";;
esac
"""

DRIVER = """\
import os, socket, ssl, sys, traceback
import httplib
sys.path.insert(0, '.')
socket.ssl, socket.sslerror = 1, ssl.SSLError
ssl._create_default_https_context = ssl._create_unverified_context
ask = httplib.HTTPConnection.putrequest
def ask_with_one_host(self, method, url, skip_host=0, skip_accept_encoding=0):
    return ask(self, method, url, 1, skip_accept_encoding)
import testCode
end = testCode.shutdownServer
def end_for_certain(pid, *words):
    socket.setdefaulttimeout(10)
    try:
        end(pid, *words)
    except Exception:
        pass
    socket.setdefaulttimeout(None)
    try:
        os.kill(pid, 15)
        os.waitpid(pid, 0)
    except OSError:
        pass
testCode.shutdownServer = end_for_certain
tell = testCode.httplib.HTTPConnection
class OneHost(tell):
    putrequest = ask_with_one_host
class OneHostOverTls(httplib.HTTPSConnection):
    putrequest = ask_with_one_host
class Httplib:
    HTTPConnection, HTTPSConnection = OneHost, OneHostOverTls
    def __getattr__(self, name): return getattr(httplib, name)
testCode.httplib = Httplib()
info = {'path': sys.argv[1], 'exactVersionShort': 'rawwfile', 'hasXmlrpclib': 1, 'hasPyOpenSSL': 1}
failed, skipped = [], []
for name in sys.argv[2:]:
    try:
        __import__(name)
        sys.modules[name].test(info, failed, skipped)
    except Exception, error:
        traceback.print_exc()
        failed.append('%s: %s' % (name, error))
print
for each in failed: print 'failed:', each[:2000]
for each in skipped: print 'skipped:', each
print '%d failed, %d skipped' % (len(failed), len(skipped))
sys.exit(bool(failed or skipped))
"""


def main(words: list[str]) -> int:
    """Run it; return the exit code."""
    tree, python2, *names = words
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "tree")
        shutil.copytree(tree, copy)
        tests = copy / "test"
        certificate = trustme.CA().issue_cert("localhost", "127.0.0.1")
        certificate.cert_chain_pems[0].write_to_path(tests / "server.cert")
        certificate.private_key_pem.write_to_path(tests / "server.pkey")
        stand_in = Path(folder, "python2.3")
        stand_in.write_text(STAND_IN.format(checkout=CHECKOUT, python=sys.executable, python2=python2), "utf-8")
        stand_in.chmod(stand_in.stat().st_mode | stat.S_IXUSR)
        driver = Path(folder, "driver.py")
        driver.write_text(DRIVER, "utf-8")
        found = sorted(path.stem for path in tests.glob("test*.py") if path.stem not in ("testCode", "testCherryPy"))
        command = [python2, "-u", str(driver), str(stand_in), *(names or found)]
        return subprocess.run(command, cwd=tests, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
