"""The grader's side of one examinee: starts it, keeps the time, ends it, begins again.

Whatever the student's code does to its own process costs at most the cell or the call in which it
did it. The process is then ended with all that belongs to it, and the next question starts another
one, in which every cell but that one runs again.
"""

import contextlib
import errno
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from nnlib.exercises.trial import AnswerRaised, TooSlow
from tools.grader import wire

PROGRAM = Path(__file__).parent / "examinee.py"
MOST_FILES = 2000  # with folders, in the scratch folder of one process
LOOK = 0.2  # seconds between two looks at that folder
MOST_ASIDES = 100  # of one notebook
GRACE = 2.0  # seconds between the polite alarm inside the process and its end
START = 120.0  # seconds for Python, numpy and IPython to start, on a machine that is busy


@dataclass(frozen=True)
class Limits:
    cell: float = 30.0       # seconds for one cell, or for one answer to be computed
    notebook: float = 300.0  # seconds for one notebook, everything included
    memory: float = 2.0      # GB of address space, of which Python and libraries take half a one
    files: float = 200.0     # MB of files that it has written and not removed


GARBLED = "what came from its process cannot be read"


class Ended(Exception):
    """The student's process is no more: in words, why."""

    def __init__(self, reason, slow=False, kind="SystemExit"):
        super().__init__(reason)
        self.slow, self.kind = slow, kind


class OutOfTime(BaseException):
    """The notebook has used up its time. Not an Exception, so that no check takes it for one."""


class CannotGrade(BaseException):
    """The fault is this machine's and not the student's, and so nobody may be graded by it."""


# No more files, no room, no memory.
OUR_FAULT = {errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EDQUOT, errno.ENOMEM}


class Function:
    """Stands in a check for a function that lives in the student's process."""

    def __init__(self, proctor, number, name):
        self.proctor, self.number, self.__name__ = proctor, number, name
        self.life = proctor.life

    def call_far(self, arguments, seconds):
        """As nnlib.exercises.trial wants it: the value; arguments become what the call left."""
        if self.proctor.life != self.life:
            raise AnswerRaised("SystemExit", "its process has ended")
        try:
            return self.proctor.call(self, arguments, seconds)
        except Ended as end:
            if end.slow:
                raise TooSlow from None
            raise AnswerRaised(end.kind, str(end)) from None

    def __call__(self, *arguments):
        return self.call_far(list(arguments), 5.0)


class Proctor:
    """One submission's process, started when it is first needed. Use it in a `with` block."""

    at_work: ClassVar[set] = set()  # all that are in their block

    def __init__(self, limits, fonts=None):
        self.limits, self.fonts = limits, fonts
        self.deadline = time.monotonic() + limits.notebook
        self.done = []   # the cells that a new process must run again
        self.asides = []  # what was passed over, until somebody takes it from here
        self.life = 0    # how many processes there were
        self.count = 0   # of requests
        self.process = self.folder = self.guards = None

    def __enter__(self):
        self.at_work.add(self)
        return self

    def __exit__(self, *error):
        self.stop()
        self.at_work.discard(self)

    def run(self, code):
        """Run a cell: None, or {type, text, line, code, ...} of what it raised."""
        try:
            error = self.ask("run", {"code": code}, self.limits.cell).get("error")
        except Ended as end:
            return _checked_error({"type": end.kind, "text": str(end), "slow": end.slow})
        if error and error["type"] == "MemoryError":
            self.stop()  # what fills the memory may still be there, in the way of other answers
        elif not (error and error["slow"]):
            self.done.append(code)
        return error

    def evaluate(self, expressions):
        """For each expression (its value, None) or (None, {type, text, ...})."""
        reply = self.ask("evaluate", {"expressions": expressions}, self.limits.cell)
        if "error" in reply:
            return [(None, reply["error"])] * len(expressions)
        names = [text if text.isidentifier() else "your function" for text in expressions]
        return [(None, part["error"]) if "error" in part
                else (self.decode(part["value"], name), None)
                for name, part in zip(names, reply["values"])]

    def call(self, function, arguments, seconds):
        def number_of(argument):
            if getattr(argument, "life", None) == self.life:
                return argument.number
            raise TypeError("The grader passes no functions of its own to a student's code.")

        encoded = [wire.encode(argument, number_of) for argument in arguments]
        reply = self.ask("call", {"number": function.number, "arguments": encoded}, seconds)
        if "error" in reply:
            error = reply["error"]
            if error["slow"]:
                raise TooSlow
            if error["type"] == "MemoryError":
                self.stop()
            raise AnswerRaised(error["type"], error["text"], error["code"])
        for i in range(len(arguments)):
            if str(i) in reply["changed"]:
                arguments[i] = self.decode(reply["changed"][str(i)], "your function")
        return self.decode(reply["value"], "your function")

    def take_asides(self):
        """What was passed over since the last time; see remarks.py."""
        taken, self.asides = self.asides, []
        return taken

    def decode(self, message, name):
        try:
            return wire.decode(message, lambda number: Function(self, number, name))
        except ValueError:
            self.stop()
            raise Ended(GARBLED) from None

    def ask(self, do, arguments, seconds):
        """Send a request and wait for its reply. Raises Ended, OutOfTime or CannotGrade."""
        if self.process is None:
            self._start()
        reply = self._exchange(do, arguments, seconds)
        if len(self.asides) < MOST_ASIDES:
            self.asides += reply["asides"]
        return reply

    def _exchange(self, do, arguments, seconds):
        self.count += 1
        request = {"id": self.count, "do": do, "with": arguments, "seconds": seconds}
        left = self.deadline - time.monotonic()
        until = min(self.deadline, time.monotonic() + seconds + GRACE)
        try:
            self._send(request, until)
            reply = _checked(request, self._receive(until))
            self._look_at_files()
            return reply
        except TimeoutError:
            self.stop()
            if left < seconds + GRACE:
                raise OutOfTime from None
            raise Ended(f"it did not finish within {seconds:g} seconds", slow=True) from None
        except (EOFError, BrokenPipeError):
            raise Ended(self.stop(patience=1.0)) from None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, MemoryError):
            self.stop()
            raise Ended(GARBLED) from None

    def _start(self):
        """A new process that has run all cells so far. A cell that ends it is not run again."""
        while self.process is None:
            if time.monotonic() > self.deadline:
                raise OutOfTime
            self.life += 1
            self._launch()
            for position, code in enumerate(self.done):
                try:
                    self._exchange("run", {"code": code}, self.limits.cell)
                except Ended:
                    del self.done[position]
                    break

    def _launch(self):
        try:
            self.folder = Path(tempfile.mkdtemp(prefix="nnlib-grade-")).resolve()
            for name in ("home", "work", "tmp"):
                (self.folder / name).mkdir()
            if shutil.disk_usage(self.folder).free < self.limits.files * 2**20:
                raise OSError(errno.ENOSPC, f"fewer than {self.limits.files:g} MB are free in "
                              f"{self.folder.parent}")
            if self.fonts:
                shutil.copytree(self.fonts, self.folder / "home" / "matplotlib")
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-B", str(PROGRAM)], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, cwd=self.folder / "work", env=environment(self.folder),
                start_new_session=True)
        except OSError as error:
            if self.folder:
                remove(self.folder)
            raise CannotGrade(f"{PROGRAM.name} does not start: {error}") from None
        for pipe in (self.process.stdin, self.process.stdout):
            os.set_blocking(pipe.fileno(), False)
        self._unread = bytearray()
        settings = {"scratch": str(self.folder), "memory": int(self.limits.memory * 2**30),
                    "seconds": int(self.limits.notebook) + 60}
        try:
            until = time.monotonic() + START
            self._send(settings, until)
            self.guards = self._receive(until)["guards"]
        except (EOFError, BrokenPipeError, TimeoutError):
            raise CannotGrade(f"{PROGRAM.name} does not start: {self.stop(patience=1.0)}") from None

    def _send(self, content, until):
        data = memoryview(json.dumps(content).encode() + b"\n")
        pipe = self.process.stdin.fileno()
        while data:
            if not _ready([], [pipe], until):
                raise TimeoutError
            data = data[os.write(pipe, data[:65536]):]

    def _receive(self, until):
        pipe = self.process.stdout.fileno()
        while b"\n" not in self._unread[-65536:]:
            while not _ready([pipe], [], min(until, time.monotonic() + LOOK)):
                if time.monotonic() >= until:
                    raise TimeoutError
                self._look_at_files()
            more = os.read(pipe, 65536)
            if not more:
                raise EOFError
            self._unread += more
            if len(self._unread) > wire.LONGEST_LINE:
                raise ValueError("too long")
        line, _, self._unread = self._unread.partition(b"\n")
        return json.loads(line)

    def _look_at_files(self):
        """End the process if it has written too much: the room on this machine is for all."""
        try:
            number, size = written(self.folder, self.process.pid)
        except OSError as error:
            why = f"a folder that it made cannot be looked into ({error.strerror})"
        else:
            if number <= MOST_FILES and size <= self.limits.files * 2**20:
                return
            why = (f"it made more than {MOST_FILES} files and folders" if number > MOST_FILES else
                   f"it wrote more than {self.limits.files:g} MB of files")
        self.stop()
        raise Ended(f"{why}, and was stopped", kind="TooMuchWritten")

    def stop(self, patience=0.0):
        """End the process and all in its group; in words, how it had ended by itself.

        A pipe may close a moment before its process is gone: for that, `patience` in seconds.
        """
        process, self.process = self.process, None
        if process is None:
            return "it had not started"
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
        ended = process.returncode
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdin.close()
        process.stdout.close()
        remove(self.folder)
        if ended is None or ended >= 0:
            return "it ended the whole process"
        try:
            name = signal.Signals(-ended).name
        except ValueError:
            name = f"signal {-ended}"  # one of those that have no name of their own
        why = {"SIGKILL": ", as happens where memory runs out", "SIGSEGV": ": it crashed",
               "SIGXCPU": ": too much processor time"}.get(name, "")
        return f"the system ended its process ({name}{why})"


def _checked(request, reply):
    """The reply, if it has the form of one to this request; else ValueError, TypeError, KeyError.

    It comes from the student's process, in which other things than we wrote may have made it.
    """
    if reply["id"] != request["id"]:
        raise ValueError("an answer to no question")
    checked = {"asides": [_checked_error(aside) for aside in reply["asides"][:MOST_ASIDES]]}
    if "error" in reply:
        return checked | {"error": _checked_error(reply["error"])}
    if request["do"] == "evaluate":
        if len(reply["values"]) != len(request["with"]["expressions"]):
            raise ValueError("not an answer for each question")
        return checked | {"values": [
            {"error": _checked_error(part["error"])} if "error" in part
            else {"value": part["value"]} for part in reply["values"]]}
    if request["do"] == "call":
        return checked | {"value": reply["value"], "changed": dict(reply["changed"])}
    return checked


def _checked_error(error):
    line = error.get("line")
    longest = {"type": 100, "text": 2000, "code": 2000, "name": 100, "kind": 100}
    return ({key: str(error.get(key) or "")[:most] for key, most in longest.items()}
            | {key: error.get(key) is True for key in ("slow", "syntax")}
            | {"line": line if type(line) is int else None})


def _ready(reading, writing, until):
    return any(select.select(reading, writing, [], max(0.0, until - time.monotonic())))


def written(folder, pid):
    """(number, bytes) of all files and folders below this one; no further than MOST_FILES.

    Files count that have been removed while the process still holds them open. OSError where a
    folder cannot be looked into, as one may make it for oneself.
    """
    number = size = 0
    waiting = [folder]
    while waiting and number <= MOST_FILES:
        try:
            entries = list(os.scandir(waiting.pop()))
        except FileNotFoundError:
            continue
        for entry in entries:
            number += 1
            with contextlib.suppress(FileNotFoundError):
                size += entry.stat(follow_symlinks=False).st_blocks * 512
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
    held = Path("/proc", str(pid), "fd")
    with contextlib.suppress(OSError):  # only Linux has it
        for name in os.listdir(held):
            with contextlib.suppress(OSError):
                about = os.stat(held / name)
                size += about.st_blocks * 512 if about.st_nlink == 0 else 0
    return number, size


def remove(folder):
    """A folder in which nothing runs any more, however closed or deep its own folders are."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        subprocess.run(["chmod", "-R", "u+rwx", folder], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", folder], check=False, stderr=subprocess.DEVNULL)


def environment(folder):
    """What the student's process sees of ours: nothing but where libraries are."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
            if name in os.environ}
    return kept | {
        "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "LANG": "C.UTF-8",
        "IPYTHONDIR": str(folder / "home" / "ipython"), "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": str(folder / "home" / "matplotlib"), "TQDM_DISABLE": "1",
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1", "SKLEARN_SITE_JOBLIB_BACKEND": "sequential"}
