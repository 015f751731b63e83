"""Makes databases as RDS does, each at a port of its own and with its owner, in one Postgres.

It is asked over HTTP by whoever emulates the control plane.
"""

import json
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lisa.declared.home import postgres_place
from local.postgres import EmbeddedPostgres
from tests.standins.rds.forwarding import forwarded

SOCKET = ".s.PGSQL.5432"
WHO_MAY_ENTER = "local all postgres trust\nlocal all all scram-sha-256\n"


@dataclass(frozen=True)
class Database:
    """A database, and what ends the way to it."""

    name: sql.Identifier
    owner: sql.Identifier
    way: ExitStack


@dataclass
class Rds:
    """Databases by their ports. One with `refuses` makes none, and says this."""

    conninfo: str
    url: str = ""
    refuses: str = ""
    databases: dict[int, Database] = field(default_factory=dict)

    def make(self, database: str, login: str, password: str) -> int:
        """Make a database whose owner is nobody else here; return its port."""
        suffix, way = f"_{secrets.token_hex(4)}", ExitStack()
        name, owner = (sql.Identifier(each + suffix) for each in (database, login))
        known = {"name": name, "owner": owner, "password": sql.Literal(password)}
        with psycopg.connect(self.conninfo, autocommit=True) as administrator:
            for line in (
                "create role {owner} login createdb createrole password {password}",
                "create database {name} owner {owner}",
            ):
                administrator.execute(sql.SQL(line).format(**known))
        # On RDS a database's owner may do this; in a plain Postgres only a superuser.
        with psycopg.connect(make_conninfo(self.conninfo, dbname=database + suffix)) as inside:
            inside.execute("create extension vector")
        folder = conninfo_to_dict(self.conninfo)["host"]
        port = way.enter_context(forwarded(f"{folder}/{SOCKET}", suffix))
        self.databases[port] = Database(name, owner, way)
        return port

    def remove(self, port: int) -> None:
        """Remove a database with its owner."""
        gone = self.databases.pop(port)
        gone.way.close()
        with psycopg.connect(self.conninfo, autocommit=True) as administrator:
            administrator.execute(sql.SQL("drop database {} (force)").format(gone.name))
            administrator.execute(sql.SQL("drop role {}").format(gone.owner))


@contextmanager
def running_rds() -> Iterator[Rds]:
    """Run it with a Postgres of its own; only the main thread may."""
    home = Path(tempfile.mkdtemp(prefix="lisa-rds-"))
    postgres = EmbeddedPostgres(home)
    postgres.start()
    try:
        (postgres.data / "pg_hba.conf").write_text(WHO_MAY_ENTER)
        with psycopg.connect(postgres.conninfo) as administrator:
            administrator.execute("select pg_reload_conf()")
        with _listening(Rds(postgres.conninfo)) as rds:
            yield rds
            for database in rds.databases.values():
                database.way.close()
    finally:
        postgres.stop()
        shutil.rmtree(postgres_place(home), ignore_errors=True)
        shutil.rmtree(home)


@contextmanager
def _listening(rds: Rds) -> Iterator[Rds]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(rds))
    rds.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield rds
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(rds: Rds) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if rds.refuses:
                self._answer({"refusal": rds.refuses})
                return
            asked = self._asked()
            port = rds.make(asked["database"], asked["login"], asked["password"])
            self._answer({"host": "127.0.0.1", "port": port})

        def do_DELETE(self) -> None:
            rds.remove(self._asked()["port"])
            self._answer({})

        def _asked(self) -> dict[str, Any]:
            return dict(json.loads(self.rfile.read(int(self.headers["content-length"]))))

        def _answer(self, told: dict[str, object]) -> None:
            content = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
