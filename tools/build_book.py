"""Build the book strictly, and never from results that the present code did not produce.

Executing the chapters is most of the work, so execute.py does several at once, and their results
are kept in _build/.jupyter_cache.
That cache looks at a chapter's cells only: it would serve old results after an edit in nnlib.
So we keep fingerprints, each guarding what depends on it:

    code       nnlib, pins, Python, execution    changed: start from nothing
    settings   configuration, theme              changed: read and write all pages again
    shared     titles, labels, captions ...      changed: write all pages again
    chapters   their text, student notebooks     changed: execute and write what is new

Pages are written into a folder of their own, which takes the place of the last good book once all
is well. Sphinx stays silent the second time about a page that it warned of before. So a build that
failed or was interrupted leaves nothing that Sphinx remembers, and the next one reads all pages
again.
"""

import contextlib
import json
import os
import re
import shutil
import sys

from tools.common import ROOT, files_of, fingerprint, in_words, lock

BUILD = ROOT / "_build"
HTML = BUILD / "html"            # the last good book
NEXT = BUILD / "next"            # the one that is being written
DOCTREES = BUILD / ".doctrees"   # what Sphinx remembers of the pages that it has read
RESULTS = BUILD / "results.key"  # the code that filled the execution cache
PAGES = BUILD / "pages.json"     # what the last good book was made from
KEPT = {"html", "lab"}           # whatever changes; for lab see tests/lab
ROOM = 200 * 10**6               # bytes that a build may need
# Titles stand in every page's menu; labels, captions, exercises and citations are referred to.
SHARED = re.compile(r"^(?:#|\(|\W*\{|.*\b(?:name|label|caption):).*$|\{cite[^`]*`[^`]*`", re.M)

# But what looks like a title in a cell is a comment of Python, which no other page shows.
CELL = re.compile(r"^```\{code-cell\}.*?^```$", re.M | re.S)


def inputs():
    code = [ROOT / "nnlib", ROOT / "requirements.txt", ROOT / "constraints.txt",
            *(ROOT / "tools" / name for name in ["build_book.py", "execute.py", "common.py"])]
    settings = [ROOT / name for name in ["_config.yml", "_toc.yml", "references.bib", "theme"]]
    return {
        "code": fingerprint(sys.version, *code),
        "settings": fingerprint(*settings),
        "shared": fingerprint(*shared_lines()),
        "chapters": fingerprint(*ROOT.glob("index.md"), ROOT / "chapters", ROOT / "notebooks"),
    }


def shared_lines():
    """What other pages show of a chapter, or refer to in it."""
    for path in [*ROOT.glob("index.md"), *files_of(ROOT / "chapters", "*.md")]:
        text = path.read_text(encoding="utf-8")
        text = CELL.sub(lambda cell: re.sub("(?m)^#.*", "", cell[0]), text)
        yield path.name
        yield text if path.name == "glossary.md" else "\n".join(SHARED.findall(text))
    for path in files_of(ROOT / "notebooks"):
        yield path.name  # a page leads to the notebook that it has


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
    env["PYTHONHASHSEED"] = "0"  # sets have the same order each time
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


def read_contents():
    """The files of the pages that _toc.yml names; Sphinx says which are not there."""
    import yaml
    from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

    try:
        names = list(parse_toc_yaml(ROOT / "_toc.yml"))
    except (MalformedError, yaml.YAMLError) as error:
        sys.exit(f"_toc.yml: {error}")
    return sorted(path for name in names if (path := ROOT / f"{name}.md").is_file())


def read_settings():
    """The settings for Sphinx that follow from _config.yml."""
    import yaml
    from jsonschema import ValidationError
    from jupyter_book.config import get_final_config

    options = {"external_toc_path": str(ROOT / "_toc.yml"), "nitpicky": True,
               "latex_individualpages": False}
    try:
        return get_final_config(user_yaml=ROOT / "_config.yml", sourcedir=ROOT,
                                cli_config=options, raise_on_invalid=True)[0]
    except (ValidationError, yaml.YAMLError) as error:
        sys.exit(f"_config.yml: {error}")


def write_pages(settings):
    """Whether Sphinx wrote all pages into NEXT, with no warning."""
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.ext import viewcode
    from sphinx.util.console import color_terminal, nocolor
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    print("Writing the pages.", flush=True)
    viewcode.get_module_filename = source_of  # its own imports them all, and what they import
    if not color_terminal():
        nocolor()
    try:
        with patch_docutils(), docutils_namespace():
            app = Sphinx(ROOT, None, NEXT, DOCTREES, "html", settings, status=None,
                         warning=sys.stderr, warningiserror=True, keep_going=True)
            # With no page to write, as when a student notebook alone has changed, Sphinx would not
            # write _static either.
            app.connect("env-get-outdated", lambda app, *_: [app.config.root_doc])
            app.build()
    except SphinxError as error:
        print(f"{error.category}: {error}", file=sys.stderr)
        return False
    forget(app)
    return app.statuscode == 0


def source_of(app, module):
    """The file of a module of nnlib, whose page of source code is written anew if it is newer."""
    path = ROOT.joinpath(*module.split("."))
    return str(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))


def forget(app):
    """Remove what Sphinx has left of pages as they were before: their pictures and words."""
    from sphinx.search import js_index

    shown = {name for _, name in app.env.images.values()}
    remove(*(path for path in (NEXT / "_images").glob("*") if path.name not in shown))
    path = NEXT / "searchindex.js"
    index = js_index.loads(path.read_text(encoding="utf-8"))
    for part in ("terms", "titleterms"):
        index[part] = {word: pages for word, pages in index[part].items() if pages != []}
    path.write_text(js_index.dumps(index), encoding="utf-8")


def check_room():
    free = shutil.disk_usage(ROOT).free
    if free < ROOM:
        sys.exit(f"A build needs up to {ROOM // 10**6} MB, and the disk of {ROOT} has "
                 f"{free // 10**6} MB left.")


def build():
    now = inputs()
    finished = {}
    if PAGES.exists() and (HTML / "index.html").exists():
        with contextlib.suppress(ValueError):  # written on a full disk
            finished = json.loads(PAGES.read_text(encoding="utf-8"))
    if finished == now:
        print("Nothing has changed since the last build.")
        return
    check_room()
    pages, settings = read_contents(), read_settings()
    PAGES.unlink(missing_ok=True)

    changed = {key for key in now if finished.get(key) != now[key]}
    BUILD.mkdir(exist_ok=True)
    if not RESULTS.exists() or RESULTS.read_text(encoding="utf-8") != now["code"]:
        remove(*(path for path in BUILD.iterdir() if path.name not in KEPT))
        RESULTS.write_text(now["code"], encoding="utf-8")
    remove(NEXT)
    if changed & {"code", "settings"}:
        remove(DOCTREES)
    elif "shared" not in changed:
        # Sphinx writes anew what has changed, and _static always.
        shutil.copytree(HTML, NEXT, ignore=shutil.ignore_patterns("_static"))

    quiet_kernel()
    from tools.execute import execute

    problem = None
    if not (execute(pages, BUILD / ".jupyter_cache", settings["nb_execution_timeout"])
            and write_pages(settings)):
        problem = "The book was not built: every warning and every failing cell above counts."
        if HTML.exists():
            problem += f" The last good one is still in {HTML}."
    if inputs()["code"] != now["code"]:
        remove(RESULTS)
        problem = "The code changed while the book was being built; run it again."
    if problem:
        remove(NEXT, DOCTREES)
        sys.exit(problem)
    before = BUILD / "before"
    remove(before)
    if HTML.exists():
        HTML.rename(before)
    NEXT.rename(HTML)
    remove(before)
    PAGES.write_text(json.dumps(now), encoding="utf-8")


def start_anew(env):
    """Let this process begin again, if it must, with these variables; Python reads some at once."""
    if env != os.environ:
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], env)


if __name__ == "__main__":
    with in_words():
        start_anew(environment())
        with lock():
            build()
    print(f"The book is ready. Open {HTML / 'index.html'}\nin a browser, or run `make serve`.")
