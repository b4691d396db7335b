"""Run one student's code, and answer the grader's questions about it.

The grader starts this program for each submission and talks to it in lines of JSON over a pipe:
run this cell, evaluate these expressions, call this function. Nothing here knows what is right,
so nothing that a student's code does to this process can turn a wrong answer into a right one.
"""

import json
import os
import sys
import traceback
import types
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.grader import confine, shell, wire

del sys.path[0]


class Ungraded:
    """What `check` gives here."""

    ok = False

    def __repr__(self):
        return "The grader checks this answer itself."


def check(*answers, **more):
    return Ungraded()


def hide_solutions():
    """Put a `check` that does nothing in the place of nnlib.exercises; what we need of it first."""
    import nnlib
    from nnlib.exercises import trial

    for name in [name for name in sys.modules if name.startswith("nnlib.exercises")]:
        del sys.modules[name]
    stand_in = types.ModuleType("nnlib.exercises", "The checks are run by the grader.")
    stand_in.check, stand_in.__all__, stand_in.__path__ = check, ["check"], []
    sys.modules["nnlib.exercises"] = nnlib.exercises = stand_in
    home = Path(nnlib.__file__).resolve().parent
    sys.path[:] = [path for path in sys.path if not path or Path(path) != home.parent
                   or "site-packages" in path]
    return home / "exercises", trial


class Examinee:
    def __init__(self, own_shell, trial):
        self.shell, self.trial = own_shell, trial
        self.functions = []

    def answer(self, request):
        """The reply to one request; whatever the student's code raises is part of it."""
        try:
            with self.trial.time_limit(request["seconds"]):
                reply = getattr(self, request["do"])(**request["with"])
        except self.trial.TooSlow:
            reply = {"error": {"type": "TooSlow", "slow": True}}
        except BaseException as error:  # noqa: BLE001 - sys.exit() and the like are answers too
            reply = {"error": self.describe(error)}
        asides, self.shell.asides = self.shell.asides, []
        return reply | {"asides": [self.describe_aside(aside) for aside in asides]}

    def run(self, code):
        self.shell.run_source(code)
        return {}

    def evaluate(self, expressions):
        """The values of expressions, each a reply of its own."""
        def value(expression):
            try:
                return {"value": self.encode(eval(expression, self.shell.user_ns))}
            except Exception as error:  # noqa: BLE001
                return {"error": self.describe(error)}
        return {"values": [value(expression) for expression in expressions]}

    def call(self, number, arguments):
        """A function's value, and those of its arguments that it has changed."""
        given = [wire.decode(argument, self.functions.__getitem__) for argument in arguments]
        value = self.encode(self.functions[number](*given))
        after = [self.encode(argument) for argument in given]
        changed = {i: new for i, new in enumerate(after)
                   if json.dumps(new) != json.dumps(arguments[i])}  # as text: nan is nan
        return {"value": value, "changed": changed}

    def encode(self, value):
        def number_of(function):
            self.functions.append(function)
            return len(self.functions) - 1
        return wire.encode(value, number_of)

    def describe(self, error):
        kind = "MemoryError" if isinstance(error, MemoryError) else type(error).__name__
        name = getattr(error, "name", None)
        about = {"type": kind, "text": self.trial.words_of(error)[:2000],
                 "name": name if isinstance(name, str) else None}
        if isinstance(error, SyntaxError):
            about |= {"syntax": True, "line": error.lineno, "code": (error.text or "").strip(),
                      "text": str(error.msg)}
        else:
            about["code"] = self.trial.line_of(error)
            about["line"] = shell.line_in_cell(
                (frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__))
        return about

    def describe_aside(self, aside):
        if isinstance(aside, BaseException):
            return self.describe(aside) | {"kind": "error"}
        return dict(zip(("kind", "line", "code"), aside))


def guard(scratch, exercises):
    """Confine this process for good: {name of a guard that the system may lack: whether it has it}.

    The modules that do it, and all that belongs to the grader, are then out of reach of `import`.
    """
    whole, listed = confine.readable(exercises)
    guards = {"Landlock": bool(confine.landlock(scratch, whole, listed)),
              "seccomp": confine.seccomp()}
    confine.audit(scratch, whole, listed)
    del globals()["confine"]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tools"]:
        del sys.modules[name]
    return guards


def main():
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    first = requests.readline()
    if not first:
        return  # the grader has been interrupted
    settings = json.loads(first)
    confine.limit(settings["memory"], settings["seconds"])
    exercises, trial = hide_solutions()
    own_shell = shell.make_shell(check)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    guards = guard(settings["scratch"], exercises)
    sys.path.insert(0, "")  # a cell may import what another one has written, as in a notebook
    examinee = Examinee(own_shell, trial)

    def reply(content):
        replies.write(json.dumps(content).encode() + b"\n")
        replies.flush()

    reply({"guards": guards})
    for line in requests:
        request = json.loads(line)
        reply({"id": request["id"]} | examinee.answer(request))


if __name__ == "__main__":
    main()
