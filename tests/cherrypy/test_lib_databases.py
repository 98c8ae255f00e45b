"""MySql, PostGres and DCOracleFull with stand-ins for today's drivers, over SQLite in memory."""

from __future__ import annotations

import datetime
import decimal
import sqlite3
import sys
from types import SimpleNamespace

import pytest

from tests.cherrypy.lib_kit import App, module

SOURCE = """\
use MySql, PostGres, DCOracleFull
CherryClass My(MySql):
function:
    def who(self):
        return ''
CherryClass Post(PostGres):
function:
    def who(self):
        return ''
CherryClass Ora(DCOracleFull):
variable:
    auto_commit = 1
function:
    def who(self):
        return ''
"""
DRIVERS = {"my": "MySQLdb", "post": "psycopg", "ora": "oracledb"}


class Connection:
    """What a driver gives; named arguments of connect() are kept."""

    def __init__(self, **named):
        self.named = named
        self.inner = sqlite3.connect(":memory:", isolation_level=None)
        self.commits = 0

    def cursor(self):
        return self.inner.cursor()

    def autocommit(self, flag):
        self.named["autocommit"] = flag

    def commit(self):
        self.commits += 1


@pytest.fixture
def app(tmp_path, monkeypatch):
    for name in DRIVERS.values():
        monkeypatch.setitem(sys.modules, name, SimpleNamespace(connect=Connection))
    return App(tmp_path, SOURCE).names


def test_mysql(app):
    my = app["my"]
    my.openConnection("h", "u", "p", "d")
    assert my.connection.named == {"host": "h", "user": "u", "password": "p", "database": "d", "autocommit": True}
    assert my.query("create table t (a, b)") == ()
    assert my.query("insert into t values (1, 'x')") == ()
    assert my.query("select a, b, x'ff41' from t where b like '%x'") == ((1, "x", "\xffA"),)


def test_postgres(app):
    post = app["post"]
    post.openConnection("h", "u", "p", "d")
    assert post.connection.named == {"host": "h", "user": "u", "password": "p", "dbname": "d"}
    assert post.connection.autocommit is True
    post.query("create table t (a, b)")
    assert post.query("insert into t values (1, 'x'), (2, 'y')") == 2
    assert post.query("select a from t") == [(1,), (2,)]


def test_oracle(app):
    ora = app["ora"]
    ora.DBConnect("dsn", "id", "secret")
    assert ora.db.named == {"user": "id", "password": "secret", "dsn": "dsn"}
    ora.InsertSQL("create table t (a)")
    ora.UpdateSQL("insert into t values (5)")
    assert ora.db.commits == 2
    assert (ora.ExecSQL("select a from t"), ora.SVExecSQL("select a + 1 from t")) == (((5,),), 6)
    ora.auto_commit = 0
    ora.DeleteSQL("delete from t")
    assert (ora.ExecSQL("select a from t"), ora.db.commits) == ((), 2)


@pytest.mark.parametrize(
    "name, words", [("my", "mysqlclient, or PyMySQL"), ("post", r"'psycopg\[binary\]'"), ("ora", "oracledb")]
)
def test_a_missing_driver_is_named(tmp_path, monkeypatch, name, words):
    for driver in ("MySQLdb", "pymysql", "psycopg", "psycopg2", "oracledb"):
        monkeypatch.setitem(sys.modules, driver, None)
    instance = App(tmp_path, SOURCE).names[name]
    with pytest.raises(ImportError, match="pip install " + words):
        instance.DBConnect("d", "i", "p") if name == "ora" else instance.openConnection("h", "u", "p", "d")


def test_a_second_driver_serves_where_the_first_is_missing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "MySQLdb", None)
    monkeypatch.setitem(sys.modules, "pymysql", SimpleNamespace(connect=Connection))
    my = App(tmp_path, SOURCE).names["my"]
    my.openConnection("h", "u", "p", "d")
    assert my.query("select 1") == ((1,),)


def test_values_are_those_of_the_drivers_of_2004():
    databases = module("databases")
    text = SimpleNamespace(read=lambda: "long")
    row = (decimal.Decimal("1.5"), b"\xe9", memoryview(b"m"), None, True, datetime.datetime(2004, 5, 6, 7, 8, 9), text)
    cursor = SimpleNamespace(execute=lambda sql: None, fetchall=lambda: [row], description=[("a",)], close=lambda: None)
    connection = SimpleNamespace(cursor=lambda: cursor)
    assert databases.rows(connection, "")[0][:5] == (1.5, "\xe9", "m", None, True)
    assert databases.rows_or_count(connection, "") == [(1.5, "\xe9", "m", None, "t", "2004-05-06 07:08:09", "long")]
