"""JupyterLab as Binder runs it, without Docker: its frozen packages, then what binder/ asks for.

    def test_it(lab):
        chapter = lab.open("chapters/perceptron.md")     # by a double click in the file browser
        chapter.run_all()
        assert chapter.run("print(playground.b)") == "0.0"

The environment is made once and kept in _build/lab as long as its pins stay the same. The
repository is copied anew each time and is its own home folder, as on Binder, so nothing of the
reader's settings takes part. All tests share one JupyterLab in one tab of the browser; a notebook
that is opened again is the one that is open already.
"""

import ctypes
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tools.common import ROOT, fingerprint

LAB = ROOT / "_build" / "lab"
ENVIRONMENT = LAB / "environment"
HOME = LAB / "home"
START = HOME / "binder" / "start"
SCREENSHOTS = LAB / "screenshots"
PINS = [ROOT / "tests" / "lab" / "repo2docker.txt", ROOT / "binder" / "requirements.txt"]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "_build", "build", "*.egg-info", "__pycache__",
                                    ".*_cache", ".hypothesis", ".ipynb_checkpoints", ".make.lock")
# What would let another environment, or the reader's settings, leak into this one.
LEAKS = ("PYTHON", "JUPYTER", "IPYTHON", "MPL", "XDG_", "VIRTUAL_ENV", "CONDA", "OMP_", "OPENBLAS_")


def python311():
    """A Python of the version in binder/runtime.txt that can make environments, else None."""
    asking = "import ensurepip, sys, venv; assert sys.version_info[:2] == (3, 11)"
    for path in [sys.executable, shutil.which("python3.11"), shutil.which("python3")]:
        if path and subprocess.run([path, "-c", asking], capture_output=True).returncode == 0:
            return path
    return None


def variables():
    """The variables for everything that runs in the lab's environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEAKS)}
    path = f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return kept | {"HOME": str(HOME), "PATH": path,
                   "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"}


def run(*command, cwd=HOME):
    done = subprocess.run(command, cwd=cwd, env=variables(), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8")
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


@pytest.fixture(scope="session")
def lab_home():
    """The copy of the repository in which binder/postBuild has run, in the lab's environment."""
    python = python311()
    if python is None:
        pytest.skip("Binder runs Python 3.11, and there is none here (looked for python3.11)")
    LAB.mkdir(parents=True, exist_ok=True)
    with open(LAB / "lock", "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # one session at a time
        shutil.rmtree(HOME, ignore_errors=True)
        shutil.copytree(ROOT, HOME, ignore=NOT_COPIED)
        key, stamp = fingerprint(str(ROOT), *PINS), ENVIRONMENT / "made-from"
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != key:
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)
            run(python, "-m", "venv", ENVIRONMENT)
            for pins in PINS:  # one after the other, as Binder does
                run(ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", "-r", pins)
            stamp.write_text(key, encoding="utf-8")
        run(HOME / "binder" / "postBuild")
        yield HOME


@pytest.fixture
def run_in_lab(lab_home):
    """A function that runs a command as JupyterLab does its kernels; it returns the process.

    (*command, timeout=None, **variables of its environment)
    """
    return lambda *command, timeout=None, **more: subprocess.run(
        [START, *command], cwd=lab_home, env=variables() | more, encoding="utf-8",
        capture_output=True, timeout=timeout)


@pytest.fixture
def packages(lab_home):
    """Name and version of every package in the lab's environment."""
    found = json.loads(run("python", "-m", "pip", "list", "--format=json"))
    return {entry["name"].lower().replace("_", "-"): entry["version"] for entry in found}


@pytest.fixture(scope="session")
def lab_server(lab_home):
    """A running JupyterLab: its address and its token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]  # or, where another takes it before JupyterLab, a later one
    token = secrets.token_hex(16)
    log = LAB / "jupyterlab.log"
    command = [START, "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}",
               "--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=50",
               f"--IdentityProvider.token={token}",
               "--LabApp.expose_app_in_browser=True"]  # window.jupyterapp, for Notebook below
    with open(log, "w", encoding="utf-8") as file:
        process = subprocess.Popen(command, cwd=lab_home, env=variables(), stdout=file,
                                   stderr=subprocess.STDOUT, preexec_fn=end_with_us)
    try:
        yield wait_for(process, token, log), token
    finally:
        process.terminate()  # it ends its kernels
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def end_with_us():
    """Let Linux end this process when pytest is killed before it can (PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def wait_for(process, token, log, seconds=300):
    """The address at which JupyterLab says that it listens, once it answers there."""
    said = HOME / ".local" / "share" / "jupyter" / "runtime" / f"jpserver-{process.pid}.json"
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            address = f"http://127.0.0.1:{json.loads(said.read_text(encoding='utf-8'))['port']}"
            urllib.request.urlopen(f"{address}/api/status?token={token}", timeout=30).close()
            return address
        except (OSError, ValueError):  # not there yet, or half written
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed and call.when == "call" and "lab" in item.funcargs:
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{item.name.replace('/', '-')}.png"
        item.funcargs["lab"].page.screenshot(path=path)
    return report


@pytest.fixture(scope="session")
def lab_tab(browser, lab_server):
    """JupyterLab in a tab of the browser."""
    address, token = lab_server
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, color_scheme="light")
    context.set_default_timeout(180_000)
    tab = Lab(context.new_page(), address)
    tab.page.goto(f"{address}/lab?token={token}")
    tab.page.wait_for_function("window.jupyterapp")
    tab.page.evaluate("window.jupyterapp.restored")
    yield tab
    context.close()


@pytest.fixture
def lab(lab_tab):
    """JupyterLab, which must not complain nor ask another site for anything during the test."""
    lab_tab.outside.clear()
    lab_tab.errors.clear()
    yield lab_tab
    assert not lab_tab.outside
    assert not lab_tab.errors


class Lab:
    """JupyterLab in the browser.

    `outside` are the addresses on other machines that it asked for, `errors` what it logged as
    errors, exceptions, and answers that were none.
    """

    def __init__(self, page, address):
        self.page, self.outside, self.errors = page, [], []
        here = (address, "data:", "blob:")
        page.on("request", lambda r: r.url.startswith(here) or self.outside.append(r.url))
        page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", lambda r: r.status >= 400 and self.errors.append(f"{r.status} {r.url}"))

    def command(self, name, **arguments):
        """Run one of JupyterLab's commands to its end."""
        call(self.page, "([name, given]) => window.jupyterapp.commands.execute(name, given)",
             [name, arguments])

    def open(self, path):
        """Open a file by a double click, and return its Notebook."""
        folder, name = path.rsplit("/", 1)
        self.command("filebrowser:go-to-path", path=folder)
        self.page.locator(f".jp-DirListing-item:has-text('{name}')").dblclick()
        return Notebook(self, path)


def call(page, function, argument=None, seconds=300):
    """What a function of the page returns or its promise brings; fails when that takes long."""
    return page.evaluate(
        f"""([argument, seconds]) => {{
            const late = new Promise((_, reject) => setTimeout(
                () => reject(new Error(`nothing after ${{seconds}} s`)), 1000 * seconds));
            return Promise.race([({function})(argument), late]);
        }}""", [argument, seconds])


class Notebook:
    """A notebook in JupyterLab: cells are run there, outputs read from its model.

    Cells that are scrolled away have no elements in the page; the model has them all.
    """

    PANEL = "window.jupyterapp.shell.currentWidget"

    def __init__(self, lab, path):
        self.lab, self.page = lab, lab.page
        self.page.wait_for_function(f"path => {self.PANEL}?.context?.path === path", arg=path)
        # Undefined for a plain text editor: then this fails.
        self.page.wait_for_function(
            f"() => {self.PANEL}.sessionContext.session?.kernel?.status === 'idle'")

    def until(self, condition, seconds=120):
        """Wait until condition() holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"still not so after {seconds} s"
            self.page.wait_for_timeout(100)

    def run_all(self):
        self.lab.command("notebook:run-all-cells")

    def run_cell(self, k):
        """Run cell k anew."""
        self.go_to(k)
        self.lab.command("notebook:run-cell")

    @property
    def cells(self):
        """The cells as nbformat has them, outputs included."""
        return self.page.evaluate(f"() => {self.PANEL}.content.model.sharedModel.toJSON().cells")

    def cell_with(self, text):
        """The number of the only code cell with this text."""
        found = [k for k, cell in enumerate(self.cells)
                 if cell["cell_type"] == "code" and text in "".join(cell["source"])]
        assert len(found) == 1, f"cells {found} have {text!r}"
        return found[0]

    def errors(self):
        """What went wrong in which cell, a line for each."""
        return [f"cell {k}: {output['ename']}: {output['evalue']}"
                for k, cell in enumerate(self.cells) for output in cell.get("outputs", [])
                if output["output_type"] == "error"]

    def go_to(self, k):
        """Make cell k the active one, scroll to it, and return its place in the page."""
        call(self.page, f"async k => {{ {self.PANEL}.content.activeCellIndex = k;"
             f" await {self.PANEL}.content.scrollToItem(k, 'start'); }}", k)
        return self.page.locator(
            f".jp-NotebookPanel:visible .jp-Notebook [data-windowed-list-index='{k}']")

    def run(self, code):
        """Run code in the notebook's kernel, and return what it printed."""
        printed, failed = call(
            self.page,
            f"""async code => {{
                const kernel = {self.PANEL}.sessionContext.session.kernel;
                const future = kernel.requestExecute({{ code }});
                let [printed, failed] = ["", ""];
                future.onIOPub = ({{ header, content }}) => {{
                    if (header.msg_type === "stream") printed += content.text;
                    if (header.msg_type === "error") failed += content.traceback.join("\\n");
                }};
                await future.done;
                return [printed, failed];
            }}""", code)
        assert not failed, f"{code}\n{failed}"
        return printed.strip()

    def python(self, expression):
        """The value of an expression in the kernel, as JSON can hold it."""
        return json.loads(self.run(f"import json; print(json.dumps({expression}))"))

    def widget(self, k):
        """The widget that cell k shows."""
        widget = self.go_to(k).locator(".nnlib-widget")
        widget.wait_for()
        return widget
