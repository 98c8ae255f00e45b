"""A database streamed: read in batches, written in one transaction that a client who leaves undoes.

Room: 5.3 Today. 2023, SQLAlchemy 2.0
Goal: no connection is held while a slow client takes its rows; what the client saw complete is committed.
Run:  python3 -m rawwfile serve legacy_examples/database_stream.py
Try:  curl -N http://127.0.0.1:8000/readings.csv
Look: 2000 rows, in chunks of 500; it needs SQLAlchemy (pip install SQLAlchemy). Then say curl -N -d ""
      "http://127.0.0.1:8000/add?count=500" and break it off with Ctrl-C: no row is there afterwards.
      The database is a file of SQLite that is gone in the end. Another one:
      python3 legacy_examples/database_stream.py --db postgresql://user:password@localhost/name
"""

import argparse
import atexit
import re
import tempfile
import threading

from rawwfile import HTTPError, commit_on_completion, expose, quickstart, resource, stream

TABLE = "create table if not exists reading (number bigint primary key, square bigint)"
INSERT = "insert into reading values (:number, :square)"
LAST = "select coalesce(max(number), 0) from reading"
AFTER = "select number, square from reading where number > :last order by number limit 500"
PAGE = """<!DOCTYPE html>
<title>A database</title>
<p><a href="readings.csv">batch by batch</a>, <a href="snapshot.csv">in one transaction</a>
<form action="add" method="post"><button>add five</button></form>
"""


class Root:
    def __init__(self, url=None):
        self.url, self.lock, self.opened = url, threading.Lock(), None

    @expose
    def index(self):
        return PAGE

    @expose(content_type="text/csv")
    def readings_csv(self):
        sessions, sql = self.database()
        last = 0
        while last is not None:
            with sessions() as session:  # its connection is back in the pool before a row is sent
                rows = session.execute(sql(AFTER), {"last": last}).all()
            yield "".join(f"{number},{square}\n" for number, square in rows)
            last = rows[-1].number if rows else None

    @expose(content_type="text/csv")
    def snapshot_csv(self):
        sessions, sql = self.database()
        session = resource(commit_on_completion(sessions))  # one transaction, from the first row to the last
        rows = session.execute(sql("select number, square from reading"), execution_options={"yield_per": 500})
        for batch in rows.partitions():
            yield "".join(f"{number},{square}\n" for number, square in batch)

    @expose(methods="POST", content_type="text/plain")
    def add(self, count="5"):
        if not re.fullmatch("[0-9]{1,6}", str(count)):
            raise HTTPError(400, "count is a number of at most six digits.")
        sessions, sql = self.database()
        session = resource(commit_on_completion(sessions))
        last = session.scalar(sql(LAST))
        for number in range(last + 1, last + 1 + int(count)):
            session.execute(sql(INSERT), {"number": number, "square": number * number})
            yield f"added {number}\n"
            stream.sleep(0.02)

    def database(self):
        try:
            from sqlalchemy import create_engine, orm, text
        except ImportError:
            raise HTTPError(501, "This page needs SQLAlchemy: pip install SQLAlchemy") from None
        with self.lock:
            if self.opened is None:
                sessions = orm.sessionmaker(create_engine(self.url or temporary_file()))
                with sessions.begin() as session:
                    session.execute(text(TABLE))
                    if not session.scalar(text(LAST)):
                        session.execute(text(INSERT), [{"number": n, "square": n * n} for n in range(1, 2001)])
                self.opened = sessions, text
        return self.opened


def temporary_file():
    folder = tempfile.TemporaryDirectory(prefix="rawwfile-")
    atexit.register(folder.cleanup)
    return f"sqlite:///{folder.name}/readings.db"


root = Root()

if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("--db", metavar="URL", help="such as sqlite:///readings.db")
    root.url = words.parse_args().db
    quickstart(root)
