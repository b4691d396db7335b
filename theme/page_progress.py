"""A Sphinx extension for the reader's progress: marks, a panel, and questions that come back.

What a page needs to know about the others, how many questions and exercises each chapter has, is
read from the pages once all are written, with the numbers that come from the run. It goes into the
one script that all pages load, progress.js, made of modules in static/progress. What few pages need
lies in a folder beside it and loads when a reader opens it: the panel, the questions of a chapter,
and the widget that asks them.
"""

import hashlib
import json
import re
import shutil
from pathlib import Path

MODULES = Path(__file__).parent / "static" / "progress"
SCRIPT = "progress.js"
# The box for what comes back, written where it is to stand before the page is shown: any later, it
# would move what is being read. What it asks of is what schedule.js has remembered.
SHELL = """<script>
(() => {
  document.currentScript.remove();
  try {
    const d = new Date(), day = Date.UTC(d.getFullYear(), d.getMonth(), d.getDate()) / 864e5;
    if (JSON.parse(localStorage["nnlib:due"])[PAGE] <= day) document.write(
      '<details class="nn-review"><summary>Questions from earlier chapters</summary></details>');
  } catch {}
})();
</script>"""
TAG = re.compile(r'<script defer src="[^"]*/progress\.js\?v=\w+"></script>\n')
ROOT = re.compile(r'data-content_root="([^"]*)"')
STATE = re.compile(r'widget-state\+json">(.*?)</script>', re.DOTALL)
PLACE = re.compile(r'<section id="([^"]*)"|widget-view\+json">(.*?)</script>', re.DOTALL)
PASSED = re.compile(r"class='nnlib-check' data-ok='true'[^>]*><strong>Passed: ([\w-]+)<")


def asked_in(page):
    """({name: (question, secret, section)}, [predictions], [exercises]) of a page, in order."""
    models = {name: model["state"] for state in STATE.findall(page)
              for name, model in json.loads(state)["state"].items()}
    questions, predictions, section = {}, [], ""
    for begins, view in PLACE.findall(page):
        section = begins or section
        model = models.get(json.loads(view)["model_id"], {}) if view else {}
        if asked := model.get("_question"):
            questions[asked["name"]] = asked, model["_secret"], section
        elif asked := model.get("_prediction"):
            predictions.append(asked["name"])
    return questions, predictions, list(dict.fromkeys(PASSED.findall(page)))


def listed(chapter, names):
    """The chapter's own of these names in one text, each without the chapter's name before it."""
    start = f"{chapter}-"
    return " ".join(name.removeprefix(start) for name in names if name.startswith(start))


def as_function(esm):
    """A composed module as an expression, minified: its default export."""
    from minified import minified

    body, _, exported = esm.rstrip().rpartition("export default ")
    return minified(f'(() => {{"use strict"; {body} return {exported.rstrip(";")};}})()')


def compact(data):
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def scripts(pages):
    """({name: script} for the folder, the arguments of `start`) for {page: what is asked in it}."""
    from minified import minified_css

    from nnlib.widgets.base import compose
    from nnlib.widgets.question import QuestionWidget

    contents, files = {}, {}
    for page, asked in pages.items():
        chapter = page.rpartition("/")[2]
        contents[chapter] = [listed(chapter, names) for names in asked]
        questions = compact(asked[0])
        files[f"questions-{chapter}"] = f"Object.assign(nnlibReview.questions, {questions});"
    for name, more in [("panel", {}), ("review", {"widget": as_function(QuestionWidget._esm)})]:
        css = (MODULES / f"{name}.css").read_text(encoding="utf-8")
        parts = {"css": compact(minified_css(css + QuestionWidget._css * bool(more))),
                 "show": as_function(compose(MODULES / f"{name}.js")), **more}
        files[name] = (f"Object.assign(nnlib{name.title()}, {{"
                       + ", ".join(f"{key}: {text}" for key, text in parts.items()) + "});")
    version = digest_of("".join(files.values()))
    here = 'document.currentScript.src.replace(/[^/]*$/, "")'
    return files, f'{here},"{version}",{compact(contents)}'


def digest_of(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def write(app, exception):
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir)
    pages = {page: out / app.builder.get_target_uri(page) for page in sorted(app.env.found_docs)}
    asked = {page: found for page, path in pages.items() if path.is_file()
             and any(found := asked_in(path.read_text(encoding="utf-8")))}
    folder = out / "_static" / MODULES.name
    shutil.rmtree(folder, ignore_errors=True)  # the modules themselves, which no page loads
    if not asked:
        return
    from nnlib.widgets.base import compose

    files, arguments = scripts(asked)
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    script = f"{as_function(compose(MODULES / SCRIPT))}({arguments});\n"
    (out / "_static" / SCRIPT).write_text(script, encoding="utf-8")
    address = f"_static/{SCRIPT}?v={digest_of(script)}"  # no browser runs an old one
    for path in out.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if root := ROOT.search(text):
            tag = f'<script defer src="{root[1]}{address}"></script>\n</head>'
            if (new := TAG.sub("", text).replace("</head>", tag, 1)) != text:
                path.write_text(new, encoding="utf-8")


def add_shell(app, pagename, templatename, context, doctree):
    body = context.get("body") or ""
    if pagename.startswith("chapters/") and "widget-view" in body:
        shell = SHELL.replace("PAGE", json.dumps(pagename))
        context["body"] = body.replace("</h1>", f"</h1>\n{shell}", 1)


def setup(app):
    app.add_css_file("progress.css")
    app.connect("html-page-context", add_shell)
    app.connect("build-finished", write, priority=800)  # before page_styles looks for their words
    return {"parallel_read_safe": True, "parallel_write_safe": True}
