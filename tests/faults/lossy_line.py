"""A bad line between phones and the service: requests arrive, and some answers do not come back."""

import contextlib
import random
import select
import socket
import threading
from typing import Self


class LossyLine:
    """Listens on `url` and passes on to the service. Each connection carries one request; on a share of them,
    `loses`, no answer comes back."""

    def __init__(self, to_port: int, seed: int, loses: float = 0.4) -> None:
        self._to_port = to_port
        self.loses = loses
        self.lost = 0
        self._chance = random.Random(f"{seed} line")
        self._carrying: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
        for each in self._carrying:
            each.join()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            loses = self._chance.random() < self.loses
            carrier = threading.Thread(target=self._carry, args=(near, loses))
            carrier.start()
            self._carrying.append(carrier)

    def _carry(self, near: socket.socket, loses: bool) -> None:
        with (
            near,
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self._to_port), timeout=30) as far,
        ):
            other = {near: far, far: near}
            while True:
                for side in select.select([near, far], [], [], 30)[0]:
                    chunk = side.recv(65536)
                    if not chunk:
                        return
                    if side is far and loses:
                        # The service has answered: what it did is done, and nobody hears of it.
                        self.lost += 1
                        return
                    other[side].sendall(chunk)
