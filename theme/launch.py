"""A Sphinx extension that leads from a chapter to its student notebook, and never to its solutions.

The theme's own buttons offer the chapter's source and its executed notebook, both with all
solutions. Here they go. Instead, a chapter that has a notebooks/<chapter>.ipynb gets a menu in the
page's head and a sentence under "Exercises": download it, or open it on Binder, in Colab or on a
JupyterHub (through nbgitpuller). All addresses follow from `repository` in _config.yml.

From the disk (file:), browsers show a notebook's text instead of saving it, and let no script read
it. So beside each notebook lies a script that holds it and saves it; student-notebook.html loads
that when a reader asks for the notebook there.
"""

import json
import posixpath
import shutil
from html import escape
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import yaml
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util import logging

FOLDER = "notebooks"
SECTION = "Exercises"
SAVE = """\
{{
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([{text}], {{ type: "application/x-ipynb+json" }}));
  link.download = {name};
  link.click();
}}
"""

logger = logging.getLogger(__name__)


def notebook_of(app, page):
    """The student notebook of a page (its path in the repository), or None."""
    path = f"{FOLDER}/{posixpath.basename(page)}.ipynb"
    return path if page in app.env.found_docs and (Path(app.srcdir) / path).is_file() else None


def online(path, url, branch="main", jupyterhub_url=None, **other):
    """[(name, address)] of the sites that open this file of the repository."""
    place = urlsplit(url.rstrip("/").removesuffix(".git"))
    repository = place.path.strip("/")
    if place.scheme not in ("http", "https") or not repository:
        raise ExtensionError(f"repository: url in _config.yml: expected the web address of the "
                             f"repository, as https://github.com/owner/name, got {url!r}")
    lab = {"urlpath": f"lab/tree/{path}"}
    if place.netloc == "github.com":
        at = f"gh/{repository}"
    elif place.netloc == "gitlab.com":
        at = f"gl/{quote(repository, safe='')}"
    else:
        at = f"git/{quote(place.geturl(), safe='')}"
    binder = f"https://mybinder.org/v2/{at}/{quote(branch, safe='')}?{urlencode(lab)}"
    sites = [("Binder", binder)]
    if place.netloc == "github.com":  # Colab reads from there alone
        sites.append(("Colab", f"https://colab.research.google.com/github/{repository}/blob/"
                               f"{quote(branch)}/{quote(path)}"))
    if jupyterhub_url:
        name = posixpath.basename(repository)
        pull = {"repo": place.geturl(), "branch": branch, "urlpath": f"lab/tree/{name}/{path}"}
        hub = jupyterhub_url.rstrip("/")
        sites.append(("JupyterHub", f"{hub}/hub/user-redirect/git-pull?{urlencode(pull)}"))
    return sites


def ways(app, page):
    """What a page needs to lead to its notebook, or None where there is none."""
    path = notebook_of(app, page)
    if not path:
        return None
    config = yaml.safe_load((Path(app.srcdir) / "_config.yml").read_text(encoding="utf-8"))
    here = posixpath.dirname(app.builder.get_target_uri(page))
    return {"download": posixpath.relpath(path, here or "."),
            "online": online(path, **config["repository"])}


def add_menu(app, pagename, templatename, context, doctree):
    context["student"] = ways(app, pagename)  # for student-notebook.html


def add_print_button(app, pagename, templatename, context, doctree):
    """The one button that goes with the theme's download menu and is no download."""
    if doctree is not None:
        context["header_buttons"].append(
            {"type": "javascript", "javascript": "window.print()", "icon": "fas fa-print",
             "tooltip": "Print to PDF", "label": "print-button"})


def add_sentence(app, doctree, page):
    found = ways(app, page) if app.builder.format == "html" else None
    if not found:
        return
    for section in doctree.findall(nodes.section):
        if section[0].astext() == SECTION:
            break
    else:
        logger.warning("%s has a student notebook, but no section called %s", page, SECTION)
        return
    sites = [f'{"in" if name == "Colab" else "on"} <a class="reference external" '
             f'href="{escape(address)}">{name}</a>' for name, address in found["online"]]
    places = " or ".join(filter(None, [", ".join(sites[:-1]), sites[-1]]))
    section.insert(1, nodes.raw("", (
        '<p class="student-notebook">Write and check your answers in the '
        f'<a class="reference internal" href="{escape(found["download"])}" download>student '
        f"notebook</a> of this chapter, which has no solutions in it; it also opens {places}. "
        "On this page, the checks have run on the solutions.</p>"
    ), format="html"))


def configure(app, config):
    config.html_theme_options.update(
        use_download_button=False,
        article_header_end=["student-notebook.html", "article-header-buttons.html"])


def copy_notebooks(app, exception):
    if exception or app.builder.format != "html":
        return
    for page in sorted(app.env.found_docs):
        if path := notebook_of(app, page):
            target = Path(app.outdir) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(app.srcdir) / path, target)
            text = json.dumps(target.read_text(encoding="utf-8"))
            target.with_name(f"{target.name}.js").write_text(
                SAVE.format(text=text, name=json.dumps(target.name)), encoding="utf-8")


def setup(app):
    app.connect("config-inited", configure)
    app.connect("doctree-resolved", add_sentence)
    app.connect("html-page-context", add_menu, priority=400)  # before the theme drops empty parts
    app.connect("html-page-context", add_print_button, priority=502)  # after the theme's buttons
    app.connect("build-finished", copy_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
