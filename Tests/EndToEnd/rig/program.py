"""Running ukey and its peers the way a script would."""

import json
import os
import signal
import subprocess
import sysconfig
from pathlib import Path

from . import patience, schema

ROOT = Path(__file__).resolve().parents[3]
# Where Debian keeps the libraries of this machine's kind.
LIBRARIES = Path("/usr/lib") / sysconfig.get_config_var("MULTIARCH")


def ukey_path():
    """The program under test: UKEY, else the debug build."""
    path = Path(os.environ.get("UKEY") or ROOT / ".build/debug/ukey")
    if not path.exists():
        raise RuntimeError(f"{path} is missing: build first (make build), or set UKEY")
    return path


class Secret:
    """Stands in an argument list for a file descriptor from which the bytes can be read: `"--pin-fd", Secret("123456")`."""

    def __init__(self, text):
        self.data = text.encode() if isinstance(text, str) else bytes(text)


class Finished:
    """A completed run. `.json` parses standard output."""

    def __init__(self, args, code, stdout, stderr):
        self.args, self.code, self.stdout, self.stderr = args, code, stdout, stderr

    @property
    def json(self):
        try:
            return json.loads(self.stdout)
        except ValueError as error:
            raise AssertionError(f"not JSON ({error}): {self!r}") from None

    def __repr__(self):
        return f"{self.args} ended {self.code}\n--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}"


def tool(*words, cwd=None, input=None):
    """What a tool of the system prints, in bytes; it has to succeed, and nobody can be asked by it."""
    return subprocess.run(
        [str(word) for word in words], cwd=cwd, input=input or b"", check=True, capture_output=True,
        timeout=patience.limit(60), start_new_session=True).stdout


def end(process, how=signal.SIGTERM, timeout=10.0):
    """Ends a child, by force where it does not follow `how` in time; its exit status."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        return process.wait(patience.limit(timeout))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(patience.limit(timeout))
        raise


def finish(process, input, timeout):
    """What a process that leads its session has written, when it has ended. When it has not in time, all of its session is
    killed: a child of it that holds the pipes would be waited for without end (as `subprocess.run` does)."""
    try:
        return process.communicate(input, timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        try:
            stdout, stderr = process.communicate(timeout=patience.limit(5))
        except subprocess.TimeoutExpired:
            stdout = stderr = "(still held open by a child)"
        raise TimeoutError(f"{process.args} did not end in {timeout:g} s\n--- stdout\n{stdout}\n--- stderr\n{stderr}") from None


def run(program, *arguments, input=None, env=None, timeout=30.0):
    """Runs a program to its end. Never a shell; standard input empty unless `input` is given."""
    words, handles = [str(program)], []
    try:
        for argument in arguments:
            if isinstance(argument, Secret):
                reading, writing = os.pipe()
                handles.append(reading)
                os.write(writing, argument.data)
                os.close(writing)
                argument = reading
            words.append(str(argument))
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", env=env,
            pass_fds=handles, start_new_session=True)
        stdout, stderr = finish(process, input if input is not None else "", patience.limit(timeout))
    finally:
        for handle in handles:
            os.close(handle)
    # Whatever the test looks at: no document goes out that breaks its schema.
    if "--json" in words and Path(words[0]).name == "ukey" and stdout:
        schema.check(stdout)
    return Finished(words, process.returncode, stdout, stderr)
