"""What is said between an execution environment and its Node process: length-prefixed frames over a socket pair.

A socket pair, and not a TCP port, because nobody else can connect to it or take its number, and because each side
learns of the other's death at once.
"""

import socket
import struct
import time

_LENGTH = struct.Struct(">I")
_CHUNK_BYTES = 1 << 20


class Closed(Exception):
    """The other side ended."""


class DeadlinePassed(Exception):
    """Nothing complete arrived in time."""


def send(channel: socket.socket, *frames: bytes) -> None:
    channel.settimeout(None)
    try:
        for frame in frames:
            channel.sendall(_LENGTH.pack(len(frame)))
            channel.sendall(frame)
    except OSError as error:
        raise Closed from error


def receive(channel: socket.socket, deadline: float) -> bytes:
    """One frame. `deadline` is a `time.monotonic()` value."""
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size, deadline))
    return _exactly(channel, length, deadline)


def _exactly(channel: socket.socket, length: int, deadline: float) -> bytes:
    buffer = bytearray(length)
    view, filled = memoryview(buffer), 0
    while filled < length:
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise DeadlinePassed
        channel.settimeout(left_s)
        try:
            received = channel.recv_into(view[filled:], min(_CHUNK_BYTES, length - filled))
        except TimeoutError as error:
            raise DeadlinePassed from error
        except OSError as error:
            raise Closed from error
        if received == 0:
            raise Closed
        filled += received
    return bytes(buffer)
