"""PC/SC from Python, as little as the rig needs: readers, state changes as events, a connection for the role of
"another program". ctypes on libpcsclite, so that no further package is wanted.
"""

import ctypes
import threading
import time

from . import patience

DWORD = ctypes.c_ulong  # pcsc-lite on Linux: unsigned long, not 32 bits
LONG = ctypes.c_long

E_NO_READERS_AVAILABLE = 0x8010002E
E_TIMEOUT = 0x8010000A
E_UNKNOWN_READER = 0x80100009

STATE_UNAWARE = 0x0000
STATE_EMPTY = 0x0010
STATE_PRESENT = 0x0020
STATE_MUTE = 0x0200
SHARE_EXCLUSIVE, SHARE_SHARED, SHARE_DIRECT = 1, 2, 3
PROTOCOL_T0, PROTOCOL_T1 = 1, 2
LEAVE_CARD, RESET_CARD, UNPOWER_CARD = 0, 1, 2


class ReaderState(ctypes.Structure):
    _fields_ = [
        ("reader", ctypes.c_char_p),
        ("user", ctypes.c_void_p),
        ("current", DWORD),
        ("event", DWORD),
        ("atr_length", DWORD),
        ("atr", ctypes.c_ubyte * 33),
    ]


class IORequest(ctypes.Structure):
    _fields_ = [("protocol", ctypes.c_ulong), ("length", ctypes.c_ulong)]


class PCSCError(Exception):
    def __init__(self, function, code):
        super().__init__(f"{function}: 0x{code:08X}")
        self.function, self.code = function, code


_library = None

# Longer than anything that is waited for here.
LIMIT = 60


def _call(name, *arguments):
    """On a thread of its own: libpcsclite waits without end for a service that hangs, and inside of it not even
    pytest-timeout interrupts a test."""
    global _library
    if _library is None:
        _library = ctypes.CDLL("libpcsclite.so.1")
    function = getattr(_library, name)
    function.restype = LONG
    codes = []
    thread = threading.Thread(target=lambda: codes.append(function(*arguments) & 0xFFFFFFFF), daemon=True)
    thread.start()
    thread.join(patience.limit(LIMIT))
    if not codes:
        raise TimeoutError(f"{name}: no answer of the reader service in {patience.limit(LIMIT):g} s")
    if codes[0]:
        raise PCSCError(name, codes[0])


class Context:
    """An SCardContext; `with` releases it."""

    def __init__(self):
        self.handle = LONG()
        _call("SCardEstablishContext", DWORD(2), None, None, ctypes.byref(self.handle))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            _call("SCardReleaseContext", self.handle)
        except PCSCError:
            pass  # the service may be gone; that is what some tests do

    def readers(self):
        length = DWORD(0)
        try:
            _call("SCardListReaders", self.handle, None, None, ctypes.byref(length))
            buffer = ctypes.create_string_buffer(length.value)
            _call("SCardListReaders", self.handle, None, buffer, ctypes.byref(length))
        except PCSCError as error:
            if error.code == E_NO_READERS_AVAILABLE:
                return []
            raise
        return [name.decode() for name in buffer.raw[: length.value].split(b"\0") if name]

    def state(self, reader, known=STATE_UNAWARE, timeout=0.0):
        """The reader's state and ATR; waits up to `timeout` seconds for one that differs from `known`."""
        entry = ReaderState(reader=reader.encode(), current=known)
        milliseconds = DWORD(int(timeout * 1000))
        try:
            _call("SCardGetStatusChange", self.handle, milliseconds, ctypes.byref(entry), DWORD(1))
        except PCSCError as error:
            if error.code != E_TIMEOUT:
                raise
        return entry.event, bytes(entry.atr[: entry.atr_length])

    def wait(self, reader, wanted, timeout=10.0):
        """Blocks until the state has a bit of `wanted`; returns the ATR. No polling: the service wakes us."""
        timeout = patience.limit(timeout)
        deadline = time.monotonic() + timeout
        event, atr = self.state(reader)
        while not event & wanted:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{reader}: state 0x{event:X} after {timeout} s, wanted 0x{wanted:X}")
            event, atr = self.state(reader, known=event & 0xFFFFFFFD, timeout=left)
        return atr

    def connect(self, reader, share=SHARE_SHARED, protocols=PROTOCOL_T0 | PROTOCOL_T1):
        return Connection(self, reader, share, protocols)


class Connection:
    """A connected card; `with` disconnects and leaves the card as it is."""

    def __init__(self, context, reader, share, protocols):
        self.handle = LONG()
        self.protocol = DWORD()
        _call(
            "SCardConnect", context.handle, reader.encode(), DWORD(share), DWORD(protocols),
            ctypes.byref(self.handle), ctypes.byref(self.protocol))

    def transmit(self, command):
        send = IORequest(self.protocol.value, ctypes.sizeof(IORequest))
        answer = (ctypes.c_ubyte * 65538)()
        length = DWORD(len(answer))
        _call(
            "SCardTransmit", self.handle, ctypes.byref(send), bytes(command), DWORD(len(command)),
            None, answer, ctypes.byref(length))
        return bytes(answer[: length.value])

    def begin(self):
        _call("SCardBeginTransaction", self.handle)

    def end(self, disposition=LEAVE_CARD):
        _call("SCardEndTransaction", self.handle, DWORD(disposition))

    def close(self, disposition=LEAVE_CARD):
        if self.handle is not None:
            handle, self.handle = self.handle, None
            _call("SCardDisconnect", handle, DWORD(disposition))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.close()
        except PCSCError:
            pass  # removed or the service gone
