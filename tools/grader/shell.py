"""IPython for a student's cells, which passes over what only the student's own machine has.

A cell may want a program, a file, a package or somebody at the keyboard that was there when it was
written and is not here. In a notebook such a line ends its cell. Here the cell goes on behind it,
so that the line costs only what needs it; what was passed over is kept in `asides`, to be told.
"""

import builtins
import dis
import importlib
import pdb
import sys

from IPython.core import async_helpers, debugger
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets.config import Config

ELSEWHERE = (ImportError, OSError, EOFError)  # no package; no file, network or right; no keyboard
INSTALLERS = {"pip", "conda", "mamba", "micromamba", "uv"}
PROGRAMS = {"bash", "sh", "script", "perl", "ruby", "pypy", "python", "python2", "python3"}
DEBUGGERS = {"debug", "pdb"}
MOST_ASIDES = 20  # of one cell


def line_in_cell(frames):
    """The number of the first line among (code, line) that is one of a cell, or None."""
    for code, line in frames:
        if code.co_filename.startswith("<ipython-input"):
            return line
    return None


def _stack():
    frame, frames = sys._getframe(1), []
    while frame:
        frames.append((frame.f_code, frame.f_lineno))
        frame = frame.f_back
    return frames[::-1]


class Shell(InteractiveShell):
    """Without history, display and traces, at which nobody looks."""

    def __init__(self, **settings):
        self.asides = []      # (kind, line in the cell, code), or the error of a statement
        self.told = set()     # what has been among them since the last cell began
        self.lacking = set()  # names that statements would have bound that were passed over
        self.failure = None   # the last error that a notebook would have shown
        super().__init__(**settings)

    def aside(self, kind, code):
        self.tell((kind, line_in_cell(_stack()), code))

    def tell(self, note):
        if note not in self.told and len(self.told) < MOST_ASIDES:
            self.told.add(note)
            self.asides.append(note)

    def run_source(self, code):
        """Run a cell and raise what it raised; its outputs are thrown away."""
        importlib.invalidate_caches()  # it may import what the cell before it wrote a moment ago
        self.told, self.failure = set(), None
        result = self.run_cell(code, silent=True)
        plots = sys.modules.get("matplotlib.pyplot")
        if plots:
            plots.close("all")  # as a notebook does after each cell
        if error := result.error_before_exec or result.error_in_exec or self.failure:
            raise error

    async def run_code(self, code_obj, result=None, *, async_=False):
        """Run one statement of a cell; whether the cell ends with it."""
        failed = await super().run_code(code_obj, result, async_=async_)
        error = result.error_in_exec if failed and result else None
        follows = isinstance(error, NameError) and error.name in self.lacking
        if not (isinstance(error, ELSEWHERE) or follows):
            return failed
        self.lacking |= {step.argval for step in dis.get_instructions(code_obj)
                         if step.opname in ("STORE_NAME", "STORE_GLOBAL")}
        self.tell(error)
        result.error_in_exec = self.failure = None
        return False

    def run_line_magic(self, magic_name, line, _stack_depth=1):
        if magic_name in DEBUGGERS:
            return self.aside("debugger", f"%{magic_name}")
        if magic_name in INSTALLERS:
            return self.aside("program", f"%{magic_name} {line}")
        if magic_name == "matplotlib":
            line = "inline"  # whatever was asked for may not be there, and nobody sees the figures
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except UsageError:
            return self.aside("magic", f"%{magic_name} {line}")
        except Exception as error:
            if magic_name in ("run", "load") and "not found" in str(error):
                raise FileNotFoundError(str(error)) from None
            raise

    def run_cell_magic(self, magic_name, line, cell):
        if magic_name in PROGRAMS:
            return self.aside("program", f"%%{magic_name}")
        if magic_name in ("time", *DEBUGGERS):  # statement by statement, as all other cells
            self.run_cell(f"pass\n{cell}", silent=True)  # whose lines keep their numbers
            return None
        try:
            return super().run_cell_magic(magic_name, line, cell)
        except UsageError:
            return self.aside("magic", f"%%{magic_name} {line}")

    def system(self, command):
        self.aside("program", f"!{command}")

    system_piped = system_raw = system

    def getoutput(self, command, split=True, depth=0):
        self.system(command)
        return SList() if split else ""

    def enable_gui(self, gui=None):
        pass

    def ask_exit(self):
        raise SystemExit

    def showtraceback(self, exc_tuple=None, **options):
        self.failure = (exc_tuple or sys.exc_info())[1]

    def showsyntaxerror(self, *arguments, **options):
        self.failure = sys.exc_info()[1]

    showindentationerror = showsyntaxerror


def make_shell(check):
    """The one shell of this process, with `check` among the names of the cells."""
    shell = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.user_ns["check"] = check  # also where the cell that imports it has been deleted
    shell.display_formatter.active_types = ["text/plain"]
    async_helpers.get_asyncio_loop()  # made now, for it needs a pair of sockets

    def no_input(prompt=""):
        raise EOFError("while a notebook is graded, nobody answers input()")

    def no_debugger(*arguments, **options):
        shell.aside("debugger", "breakpoint()")

    builtins.input = no_input
    sys.breakpointhook = pdb.set_trace = debugger.set_trace = no_debugger
    return shell
