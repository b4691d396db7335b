"""Build the book strictly, and never from results that the present code did not produce.

Executing the chapters is most of the work, so execute.py does several at once, and their results
are kept in _build/.jupyter_cache.
That cache looks at a chapter's cells only: it would serve old results after an edit in nnlib.
So we keep fingerprints, each guarding what depends on it:

    code       nnlib, pins, Python, this file    changed: start from nothing
    settings   configuration, theme              changed: read and write all pages again
    shared     titles, labels, captions ...      changed: write all pages again
    chapters   their text, student notebooks     changed: execute and write what is new

Sphinx stays silent the second time about a page that it warned of before. So a build that failed
or was interrupted leaves no pages behind, and the next one reads them all again.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.workshop import ROOT, fingerprint, lock

BUILD = ROOT / "_build"
HTML = BUILD / "html"
RESULTS = BUILD / "results.key"  # the code that filled the execution cache
PAGES = BUILD / "pages.json"     # what the finished pages were made from
# Titles stand in every page's menu; labels, captions, exercises and citations are referred to.
SHARED = re.compile(r"^(?:#|\(|\W*\{|.*\b(?:name|label|caption):).*$|\{cite[^`]*`[^`]*`", re.M)


def inputs():
    pins = [ROOT / "requirements.txt", ROOT / "constraints.txt"]
    settings = [ROOT / name for name in ["_config.yml", "_toc.yml", "references.bib", "theme"]]
    return {
        "code": fingerprint(sys.version, ROOT / "nnlib", *pins, Path(__file__).resolve()),
        "settings": fingerprint(*settings),
        "shared": fingerprint(*shared_lines()),
        "chapters": fingerprint(ROOT / "chapters", ROOT / "notebooks"),
    }


def shared_lines():
    """What other pages show of a chapter, or refer to in it."""
    for path in sorted((ROOT / "chapters").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        yield path.name
        yield text if path.name == "glossary.md" else "\n".join(SHARED.findall(text))


def environment():
    """The reader's environment without what could change a chapter's results."""
    env = dict(os.environ)
    for name in ["JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "PYTHONPATH", "PYTHONHOME",
                 "PYTHONSTARTUP", "PYTHONWARNINGS", "MPLBACKEND"]:  # Jupyter sets the last itself
        env.pop(name, None)
    env["JUPYTER_PREFER_ENV_PATH"] = "1"  # .venv's kernel wins over one in the home folder
    env["JUPYTER_PLATFORM_DIRS"] = "1"
    env["IPYTHONDIR"] = str(BUILD / ".ipython")  # no startup files of the reader's own
    env["MPLCONFIGDIR"] = str(BUILD / ".matplotlib")  # nor style
    env["TQDM_DISABLE"] = "1"  # a progress bar would be printed as an error message
    env["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    env["NNLIB_CHECK"] = "strict"  # a solution that fails its check stops the build
    for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
        env[name] = "1"  # our matrices are small: threads cost more than they bring
    return env


def quiet_kernel():
    """Spare the author a warning per chapter that says that kernels talk over TCP."""
    profile = BUILD / ".ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(
        "c.IPKernelApp.log_level = 'ERROR'\n", encoding="utf-8")


def remove(*paths):
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def build():
    now = inputs()
    finished = json.loads(PAGES.read_text(encoding="utf-8")) if PAGES.exists() else {}
    if finished == now and (HTML / "index.html").exists():
        print("Nothing has changed since the last build.")
        return
    PAGES.unlink(missing_ok=True)

    if not RESULTS.exists() or RESULTS.read_text(encoding="utf-8") != now["code"]:
        BUILD.mkdir(exist_ok=True)
        remove(*(path for path in BUILD.iterdir() if path.name != "lab"))  # see tests/lab
        RESULTS.write_text(now["code"], encoding="utf-8")
    if finished.get("settings") != now["settings"]:
        remove(BUILD / ".doctrees")
    if any(finished.get(key) != now[key] for key in ("settings", "shared")):
        remove(HTML)

    quiet_kernel()
    execute = ["-m", "tools.execute", "chapters", BUILD / ".jupyter_cache"]
    write = ["-c", "from jupyter_book.cli.main import main; main()",
             "build", ".", "-W", "-n", "--keep-going"]
    problem = None
    if any(subprocess.call([sys.executable, *command], cwd=ROOT, env=environment())
           for command in (execute, write)):
        problem = "The book was not built: every warning and every failing cell above counts."
    if inputs()["code"] != now["code"]:
        remove(RESULTS)
        problem = "nnlib changed while the book was being built; run it again."
    if problem:
        remove(HTML, BUILD / ".doctrees")
        sys.exit(problem)
    PAGES.write_text(json.dumps(now), encoding="utf-8")


if __name__ == "__main__":
    with lock():
        build()
    print(f"\nThe book is ready. Open {HTML / 'index.html'}\nin a browser, or run `make serve`.")
