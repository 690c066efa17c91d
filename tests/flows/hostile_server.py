"""A process that answers every edit with one reply of a hostile kind. Prints its port; ends with its input.

Called with the kind: ``brackets`` (90 MiB of empty lists), ``long`` (200 MiB of JSON without a picture) or
``packed`` (2 GiB of blanks behind one mebibyte of gzip).
"""

import gzip
import socket
import sys
import threading
from collections.abc import Iterator

MIB = 2**20


def body(kind: str) -> Iterator[bytes]:
    """The reply in pieces."""
    match kind:
        case "brackets":
            yield b'{"data": [[]'
            for _ in range(90):
                yield b",[]" * (MIB // 3)
            yield b"]}"
        case "long":
            yield b'{"more": [0'
            for _ in range(200):
                yield b',"' + b"words " * (MIB // 6) + b'"'
            yield b'], "data": []}'
        case _:
            packed = gzip.compress(b" " * (64 * MIB), 9)
            for _ in range(32):
                yield packed  # members one behind the other unpack as one


def answer(connection: socket.socket, kind: str) -> None:
    """Reads one request and answers it, until the client has had enough."""
    with connection, connection.makefile("rb") as stream:
        length = 0
        while (line := stream.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        stream.read(length)
        coding = b"Content-Encoding: gzip\r\n" if kind == "packed" else b""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        try:
            connection.sendall(head + coding + b"\r\n")
            for piece in body(kind):
                connection.sendall(piece)
        except OSError:
            return


def serve(kind: str) -> None:
    """Answers whoever connects."""
    server = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{server.getsockname()[1]}\n")
    sys.stdout.flush()
    while True:
        answer(server.accept()[0], kind)


if __name__ == "__main__":
    threading.Thread(target=serve, args=(sys.argv[1],), daemon=True).start()
    sys.stdin.read()
