"""A model hub on this machine: one repository out of a folder, by the few requests that a download makes."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class SmallHub:
    """Serves the files of `folder` as the repository `name`; `asked` are the files that were fetched."""

    name: str
    folder: Path
    revision: str = "main"
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a path."""
        match [unquote(part) for part in urlsplit(path).path.strip("/").split("/", 5)]:
            case ["api", "models", *name, "revision", wanted] if "/".join(name) == self.name:
                return self._description() if wanted in {self.revision, COMMIT} else _absent("RevisionNotFound")
            case ["api", "models", owner, name, "tree", wanted] if f"{owner}/{name}" == self.name and wanted == COMMIT:
                return self._listing()
            case [owner, name, "resolve", wanted, *file] if f"{owner}/{name}" == self.name and wanted == COMMIT:
                return self._file("/".join(file))
            case _:
                return _absent("RepoNotFound")

    def _files(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())

    def _description(self) -> tuple[int, dict[str, str], bytes]:
        siblings = [{"rfilename": file} for file in self._files()]
        return _json({"id": self.name, "sha": COMMIT, "siblings": siblings, "tags": [], "downloads": 0})

    def _listing(self) -> tuple[int, dict[str, str], bytes]:
        sizes = {file: (self.folder / file).stat().st_size for file in self._files()}
        return _json([{"type": "file", "path": file, "size": size, "oid": COMMIT} for file, size in sizes.items()])

    def _file(self, file: str) -> tuple[int, dict[str, str], bytes]:
        path = self.folder / file
        if not path.is_file():
            return _absent("EntryNotFound")
        self.asked.append(file)
        body = path.read_bytes()
        return 200, {"ETag": f'"{hashlib.sha1(body).hexdigest()}"', "X-Repo-Commit": COMMIT}, body


def _json(found: object) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(found).encode()


def _absent(code: str) -> tuple[int, dict[str, str], bytes]:
    return 404, {"X-Error-Code": code}, b""


@contextmanager
def served(hub: SmallHub) -> Iterator[SmallHub]:
    """The hub while it answers; `address` says where."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = hub.answer(self.path)
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815  (the server's word)

        def log_message(self, format: str, *values: object) -> None:
            """Nothing: what was asked for is in `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
