"""What all widgets share: one JavaScript module made of several, one style sheet, and a static picture.

A widget is a Python class with traits and a folder in ``static/`` with a module of the same name.
The browser receives the module as one string, from which relative imports cannot be resolved, so
they are inlined here. What several widgets use is in ``static/shared/``.

    class Counter(Widget):
        _module = "counter"                     # static/counter/counter.js, and counter.css
        count = Checked(whole(0, 10), 0)        # see traits.py

        def static_figure(self):                # for print and for readers without JavaScript
            figure = Figure(figsize=(6, 4)); ...
            return figure, "what the picture shows (alternative text)", "the caption"

The rules for a module: imports come as ``import { a, b as c } from "./other.js";``, or from
``"../shared/other.js"``, exports as ``export function`` or ``export const`` before a name, and only
the widget's own module has the ``export default { render }``. Whole-line ``//`` comments and
indentation are dropped on the way to the browser, so a text between backquotes stays on its line.
So are empty lines: one stands between two files, and a page of the book holds each file once
(theme/widget_state.py).
"""

import base64
import contextlib
import html
import io
import json
import posixpath
import re
import threading
from pathlib import Path

import anywidget
import traitlets

STATIC = Path(__file__).parent / "static"
VIEW_MIME = "application/vnd.jupyter.widget-view+json"
BETWEEN_FILES = "\n\n"


_IMPORT = re.compile(
    r'^import\s*\{([^}]*)\}\s*from\s*["\'](\.\.?/[\w./-]+)["\'];?[ \t]*$', re.MULTILINE
)
_EXPORT = re.compile(r"^export\s+((?:async\s+)?function\*?|const|class)\s+([\w$]+)", re.MULTILINE)
_NAME = re.compile(r"^([\w$]+)(?:\s+as\s+([\w$]+))?$")


def _packed(path):
    """The lines of a file that are not empty, without their indentation: a seventh of a page."""
    lines = map(str.strip, path.read_text(encoding="utf-8").splitlines())
    return filter(None, lines)


def _read(path):
    if not path.is_file():
        raise ValueError(f"no JavaScript module {path.name} in {path.parent}")
    return "\n".join(line for line in _packed(path) if not line.startswith("//"))


def _line(text, name):
    found = next((row for row in text.splitlines() if re.match(rf"{name}\b", row)), None)
    return found and found.strip()


def compose(path):
    """The JavaScript module at ``path`` with its relative imports inlined, as one string.

    Each imported module becomes, once and before its users, an immediately called function that
    returns its exports, so that names of different modules cannot collide. Raises ValueError for
    a module or an export that does not exist, for a cycle, and for any other form of import or
    export.
    """
    done = {}  # module, by its path from the widget's folder -> the names it exports
    parts = []
    open_modules = []

    def imports(text, name):
        def replace(match):
            names, source = match[1], posixpath.normpath(posixpath.join(name, "..", match[2]))
            if source in open_modules:
                cycle = " -> ".join([*open_modules[open_modules.index(source) :], source])
                raise ValueError(f"JavaScript modules import each other in a cycle: {cycle}")
            if source not in done:
                add(source)
            bindings = []
            for entry in filter(None, (part.strip() for part in names.split(","))):
                parsed = _NAME.match(entry)
                if not parsed:
                    raise ValueError(f"{name}: cannot read {entry!r} in the import from {source}")
                exported, local = parsed.groups()
                if exported not in done[source]:
                    known = ", ".join(sorted(done[source])) or "nothing"
                    raise ValueError(
                        f"{name} imports {exported} from {source}, which exports {known}"
                    )
                bindings.append(f"{exported}: {local}" if local else exported)
            return f"const {{ {', '.join(bindings)} }} = {_variable(source)};"

        text = _IMPORT.sub(replace, text)
        rest = _line(text, "import")
        if rest:
            raise ValueError(
                f'{name}: expected imports of the form import {{ a, b }} from "./module.js"; '
                f"got {rest}"
            )
        return text

    def add(name):
        open_modules.append(name)
        text = imports(_read(path.parent / name), name)
        exported = [found.group(2) for found in _EXPORT.finditer(text)]
        text = _EXPORT.sub(r"\1 \2", text)
        rest = _line(text, "export")
        if rest:
            raise ValueError(
                f"{name}: expected exports of the form export function name or export const name; "
                f"got {rest}"
            )
        done[name] = set(exported)
        parts.append(
            f"const {_variable(name)} = (() => {{\n{text}\nreturn {{ {', '.join(exported)} }};\n}})();"
        )
        open_modules.pop()

    open_modules.append(path.name)
    entry = imports(_read(path), path.name)
    if not _line(entry, "export default"):
        raise ValueError(f"{path.name}: expected an export default {{ render }}; found none")
    return BETWEEN_FILES.join([*parts, entry + "\n"])


def _variable(name):
    return "$" + re.sub(r"\W", "_", name.removeprefix("../").removesuffix(".js"))


def _data_uri(figure):
    """The matplotlib ``figure`` as a PNG data URI, about 1000 pixels wide and in 32 colors.

    As SVG, a plane with 500 points takes four times as much of the page.
    """
    from PIL import Image  # matplotlib brings it

    full, small = io.BytesIO(), io.BytesIO()
    figure.savefig(full, format="png", bbox_inches="tight", dpi=1000 / figure.get_figwidth())
    image = Image.open(full).convert("RGB").quantize(32, dither=Image.Dither.NONE)
    image.save(small, format="png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(small.getvalue()).decode()


class Widget(anywidget.AnyWidget):
    """An anywidget whose module is composed from several and whose picture also stands in print.

    A subclass names its module in ``_module`` and implements ``static_figure()``, which returns
    a matplotlib figure, its alternative text and its caption; or `static_html()`, where no picture
    is to stand.
    """

    _module = None
    _linked = ()  # the traits that a link may set, see static/link.js
    _settings = traitlets.Dict().tag(sync=True)  # their forms, see traits.py

    @traitlets.default("_settings")
    def _forms(self):
        return {name: self.traits()[name].check.form for name in self._linked}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("_module"):
            own = STATIC / cls._module / cls._module
            cls._esm = compose(own.with_suffix(".js"))
            styles = [STATIC / "shared" / "widget.css", own.with_suffix(".css")]
            cls._css = BETWEEN_FILES.join("\n".join(_packed(p)) for p in styles if p.is_file())

    def __init__(self, **traits):
        self._whole = threading.RLock()
        super().__init__(**traits)

    def set_state(self, sync_data):
        """What the page says, all of it at once.

        From JupyterLab 4.4 on the kernel reads such messages in a thread of its own, beside a cell
        that may be setting the same traits.
        """
        with self._whole:
            super().set_state(sync_data)

    @contextlib.contextmanager
    def _at_once(self):
        """What is set inside arrives in the page as one message, and nothing from there in between."""
        with self._whole, self.hold_sync(), self.hold_trait_notifications():
            yield

    def open(self):
        """Make no model in the page yet: a widget that only computes is never shown.

        If Python dropped it before the page had loaded its module, the page would report an error.
        """

    @property
    def model_id(self):
        """The name of the model in the page, which is made when somebody first asks for it."""
        if self.comm is None:
            super().open()
        return self.comm.comm_id

    def static_figure(self):
        raise NotImplementedError(f"{type(self).__name__} must implement static_figure()")

    def static_html(self):
        """What stands in print and without JavaScript: one element of the class nnlib-static."""
        from matplotlib import style

        import nnlib.plots  # noqa: F401 - or its style would come in the middle of the picture

        with style.context("default"):
            figure, alternative, caption = self.static_figure()
            source = _data_uri(figure)
        return (
            '<figure class="nnlib-static" style="margin: 1em 0">'
            f'<img src="{source}" alt="{html.escape(alternative)}" '
            'style="max-width: 100%; background: #fff; border-radius: 6px">'
            f"<figcaption>{html.escape(caption)}</figcaption></figure>"
        )

    def _repr_mimebundle_(self, **kwargs):
        """The widget view, and for pages without a kernel an HTML version around `static_html`.

        A notebook prefers the view. The book prefers the HTML: it shows the picture in print and
        without JavaScript, and holds the script tag on which host.js mounts the live widget.
        """
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        try:
            still = self.static_html()
        except ImportError:  # a notebook without matplotlib still has the live widget
            return data, metadata
        view = json.dumps(data[VIEW_MIME])
        data["text/html"] = f'{still}\n<script type="{VIEW_MIME}">{view}</script>'
        return data, metadata
