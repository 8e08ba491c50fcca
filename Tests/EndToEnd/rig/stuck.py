"""A folder on a file system that never answers, as a home on a server that is gone: FUSE whose other side reads nothing."""

import ctypes
import os

NOSUID, NODEV, DETACH = 2, 4, 2


def is_possible():
    return os.access("/dev/fuse", os.R_OK | os.W_OK)


class StuckFolder:
    """Whoever looks into it waits until it is closed, or is killed. `path` must be an empty folder."""

    def __init__(self, path):
        self.path = path
        self._system = ctypes.CDLL(None, use_errno=True)
        self._device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
        options = f"fd={self._device},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()},allow_other"
        if self._system.mount(b"stuck", str(path).encode(), b"fuse", NOSUID | NODEV, options.encode()) != 0:
            number = ctypes.get_errno()
            os.close(self._device)
            raise OSError(number, os.strerror(number), str(path))

    def close(self):
        # With its other side gone everybody who waits gets an error.
        os.close(self._device)
        self._system.umount2(str(self.path).encode(), DETACH)
