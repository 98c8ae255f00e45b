"""Today's database drivers behind the calls of MySql.cpy, PostGres.cpy and DCOracleFull.cpy.

A driver is imported when a connection is opened. Values come as the drivers of 2004 gave them:
binary columns as text of bytes, decimals as floats, long texts read.
"""

from __future__ import annotations

import datetime
import decimal
import importlib
from typing import Any


def mysql(host: str, user: str, password: str, database: str) -> Any:
    """Open a connection to MySQL or MariaDB; each statement counts at once, as it did."""
    driver = _driver("MySql", ("MySQLdb", "pymysql"), "mysqlclient, or PyMySQL")
    connection = driver.connect(host=host, user=user, password=password, database=database)
    connection.autocommit(True)
    return connection


def postgres(host: str, user: str, password: str, database: str) -> Any:
    """Open a connection to PostgreSQL; each statement counts at once, as it did."""
    driver = _driver("PostGres", ("psycopg", "psycopg2"), "'psycopg[binary]'")
    connection = driver.connect(host=host, user=user, password=password, dbname=database)
    connection.autocommit = True
    return connection


def oracle(dsn: str, user: str, password: str) -> Any:
    """Open a connection to Oracle."""
    return _driver("DCOracleFull", ("oracledb",), "oracledb").connect(user=user, password=password, dsn=dsn)


def _driver(module: str, names: tuple[str, ...], package: str) -> Any:
    for name in names:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
    raise ImportError(f"{module} needs a driver for its database. Install one with: pip install {package}")


def rows(connection: Any, sql: str) -> tuple[tuple[Any, ...], ...]:
    """Execute a statement and return all its rows; none where it gives none."""
    cursor = connection.cursor()
    try:
        cursor.execute(sql)
        return () if cursor.description is None else _plain(cursor.fetchall())
    finally:
        cursor.close()


def rows_or_count(connection: Any, sql: str) -> Any:
    """Execute a statement; return the list of its rows, or how many it changed.

    Truth values come as 't' and 'f', times as text.
    """
    cursor = connection.cursor()
    try:
        cursor.execute(sql)
        if cursor.description is None:
            return cursor.rowcount
        return [tuple(map(_as_text, row)) for row in _plain(cursor.fetchall())]
    finally:
        cursor.close()


def execute(connection: Any, sql: str) -> None:
    """Execute a statement that gives no rows."""
    cursor = connection.cursor()
    try:
        cursor.execute(sql)
    finally:
        cursor.close()


def _plain(found: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(map(_value, row)) for row in found)


def _value(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("latin-1")
    if isinstance(value, decimal.Decimal):
        return float(value)
    # Large objects of Oracle are read only while their connection lives.
    return _value(value.read()) if hasattr(value, "read") else value


def _as_text(value: Any) -> Any:
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value) if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)) else value
