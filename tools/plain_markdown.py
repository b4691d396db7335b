"""MyST, in which the chapters are written, as the Markdown that every notebook program shows.

JupyterLab, Colab and VS Code know Markdown, TeX between dollars and a little HTML, but neither
MyST's directives nor its roles. What is not known here either is an error, so that nothing reaches
a reader half translated.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape

import yaml
from myst_nb.core.read import read_myst_markdown_notebook
from pybtex.database import parse_file
from pybtex.plugin import find_plugin
from pybtex.richtext import Text

ADMONITIONS = ("admonition", "note", "tip", "hint", "important", "warning", "caution", "danger",
               "attention", "seealso")

_FENCE = re.compile(r"^(`{3,}|:{3,})(?:\{([\w:-]+)\}\s*(.*))?")
# A directive to MyST that `blocks` does not see as one: indented, in a list, between tildes.
_LEFT_OVER = re.compile(r"^[\s>*+\d.-]*(?:`{3,}|~{3,}|:{3,})\s*\{.*|.*\{solution.*", re.MULTILINE)
_COMMENT = re.compile(r"^%[^\n]*\n?|<!--.*?-->\n?", re.MULTILINE | re.DOTALL)
_LABEL = re.compile(r"^\(([\w:.-]+)\)=\s*$")
_INLINE = re.compile(
    r"\{(?P<role>[\w:.-]+)\}(?P<ticks>`+)(?P<said>.+?)(?P=ticks)(?!`)"
    r"|(?P<asis>(?<!`)(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`)"           # code
    r"|\$\$.+?\$\$|(?<![\\$])\$(?!\s)[^$\n]+?(?<!\s)\$(?!\d))"          # mathematics
    r"|\[(?P<text>[^\][]*)\]\((?P<target>[^()\s]+)\)", re.DOTALL)
_EQUATION = re.compile(r"\$\$(?P<tex>(?:(?!\$\$).)+)\$\$(?:[ \t]*\((?P<label>[\w:.-]+)\))?",
                       re.DOTALL)
_WITH_TARGET = re.compile(r"^(.*?)\s*<([^<>]+)>$", re.DOTALL)


@dataclass
class Directive:
    name: str
    argument: str
    options: dict
    body: list[str]


@dataclass
class Target:
    """What a label stands at: kind is "heading", "exercise", "figure" or "equation"."""

    chapter: str
    kind: str
    title: str = ""


@dataclass
class Book:
    """What chapters say of each other: titles, labels, and the bibliography."""

    titles: dict = field(default_factory=dict)      # chapter -> title
    targets: dict = field(default_factory=dict)     # label -> Target
    notebooks: set = field(default_factory=set)     # chapters that have a student notebook
    works: dict = field(default_factory=dict)       # citation key -> pybtex entry

    @classmethod
    def read(cls, root):
        """The book in this folder, with the chapters that stand in its table of contents."""
        book = cls(works=parse_file(str(root / "references.bib")).entries)
        listed = re.findall(r"\b(?:root|file): *[\"']?chapters/([\w-]+)",
                            (root / "_toc.yml").read_text(encoding="utf-8"))
        for chapter in listed:
            path = root / "chapters" / f"{chapter}.md"
            book.add(chapter, path.read_text(encoding="utf-8"))
        return book

    def add(self, chapter, text):
        heading = re.search(r"^# +(.+)$", text, re.MULTILINE)
        self.titles[chapter] = heading[1].strip() if heading else chapter
        if any("check" in cell.metadata.get("tags", ())
               for cell in read_myst_markdown_notebook(text).cells):
            self.notebooks.add(chapter)
        label = r"(?P<label>[\w:.-]+)"
        option = r".*\n(?::\w+:.*\n)*?:{}: *" + label  # among the options of a directive
        kinds = [("heading", rf"^\({label}\)=\s*\n+#+ +(?P<title>.+)$"),
                 ("exercise", r"^[`:]{3,}\{exercise(?:-start)?\} *(?P<title>.*)\n"
                              rf"(?::\w+:.*\n)*?:label: *{label}"),
                 ("figure", rf"^ +name: *[\"']?{label}"),
                 ("figure", r"^[`:]{3,}\{figure\}" + option.format("name")),
                 ("equation", rf"\$\$[ \t]*\({label}\)[ \t]*$"),
                 ("equation", r"^[`:]{3,}\{math\}" + option.format("label"))]
        for kind, pattern in kinds:
            for found in re.finditer(pattern, text, re.MULTILINE):
                title = found.groupdict().get("title", "").strip()
                self.targets.setdefault(found["label"], Target(chapter, kind, title))

    def address(self, chapter):
        """Where a notebook finds a chapter: its notebook, or where it has none, its text."""
        return f"{chapter}.ipynb" if chapter in self.notebooks else f"../chapters/{chapter}.md"


def blocks(text):
    """The text in order, as strings and Directives; code that is only shown stays in its string."""
    found, plain = [], []
    lines = iter(text.splitlines())
    for line in lines:
        fence = _FENCE.match(line)
        if not fence:
            plain.append(line)
            continue
        ends = re.compile(rf"^{fence[1][0]}{{{len(fence[1])},}}\s*$")
        body = []
        for inner in lines:
            if ends.match(inner):
                break
            body.append(inner)
        if fence[2] is None:
            plain += [line, *body, fence[1]]
        else:
            found += ["\n".join(plain), Directive(fence[2], fence[3].strip(), *_options(body))]
            plain = []
    return [block for block in [*found, "\n".join(plain)]
            if isinstance(block, Directive) or block.strip()]


def _options(body):
    """The options at the head of a directive's body, and the rest of it."""
    body = list(body)
    if body and body[0].strip() == "---":
        end = body.index("---", 1)
        return yaml.safe_load("\n".join(body[1:end])) or {}, body[end + 1:]
    options = {}
    while body and (option := re.match(r"^:([\w-]+):\s*(.*)$", body[0])):
        options[option[1]] = option[2].strip()
        body.pop(0)
    return options, body


class Plain:
    """Translates one chapter.

    Figures and equations are numbered from 1 in the order in which `number_figure` and
    `number_equations` meet them, so that a notebook reads well alone; in the book, the numbers go
    on from chapter to chapter. `values` has what the run put into the text: {"key": "text"}, the
    key as the text gives it, its format included.
    """

    def __init__(self, book, chapter, values):
        self.book, self.chapter, self.values = book, chapter, values
        self.numbers = {}        # label -> number
        self.count = Counter()   # "figure" and "equation": how many so far
        self.cited = set()

    def error(self, words):
        return ValueError(f"chapters/{self.chapter}.md: {words}")

    # Numbers, before anything is translated: a text may refer to what comes later.

    def number_figure(self, label):
        self.count["figure"] += 1
        self.numbers[label] = self.count["figure"]
        return self.count["figure"]

    def number_equations(self, block):
        if isinstance(block, Directive):
            if block.name == "only":
                return
            if block.name == "math":
                labels = [block.options.get("label")]
            else:
                for inner in blocks("\n".join(block.body)):
                    self.number_equations(inner)
                if block.name == "figure":
                    self.number_figure(block.options.get("name", block.argument))
                return
        else:
            labels = [found["label"] for found in _EQUATION.finditer(block)]
        for label in filter(None, labels):
            self.count["equation"] += 1
            self.numbers[label] = self.count["equation"]

    # Blocks

    def text(self, text):
        return "\n\n".join(filter(None, map(self.block, blocks(text))))

    def block(self, block):
        if isinstance(block, str):
            return self.prose(block)
        name, options, body = block.name, block.options, "\n".join(block.body)
        if name in ("exercise", "exercise-start"):
            return f"### {self.inline(block.argument)}\n\n{self.text(body)}".strip()
        if name in ("exercise-end", "bibliography", "only"):
            return ""  # what is `only` for html is said of the page, which has no Python
        if name in ADMONITIONS or name == "dropdown":
            title = self.inline(block.argument) or name.capitalize()
            if name == "dropdown" or "dropdown" in str(options.get("class", "")).split():
                return details(title, self.text(body))
            lines = f"**{title}**\n\n{self.text(body)}".splitlines()
            return "\n".join(f"> {line}".rstrip() for line in lines)
        if name == "math":
            return self.equation(f"\n{body.strip()}\n", options.get("label"))
        if name == "figure":
            number = self.numbers[options.get("name", block.argument)]
            return (f"![{options.get('alt', '')}]({self.address(block.argument)})\n\n"
                    f"*Figure {number}.* {self.text(body)}")
        if name == "image":
            return f"![{options.get('alt', '')}]({self.address(block.argument)})"
        if name in ("code-block", "code"):
            return f"```{block.argument}\n{body}\n```"
        raise self.error(f"the directive {{{name}}} has no form in plain Markdown yet; "
                         "tools/plain_markdown.py is the place to give it one.")

    def prose(self, text):
        """Text without directives; what stands in a fence is shown as it is."""
        if left := _LEFT_OVER.search(text):
            raise self.error(f"{left[0].strip()!r} is not seen as a directive here; begin it at "
                             "the margin, with backquotes or colons.")
        parts = re.split(r"(?ms)(^(`{3,})[^\n]*\n.*?^\2`*[ \t]*$)", text)
        told = [part if i % 3 == 1 else self.paragraphs(part)
                for i, part in enumerate(parts) if i % 3 != 2]
        return "\n\n".join(part.strip("\n") for part in told if part.strip())

    def paragraphs(self, text):
        text = _COMMENT.sub("", text)
        text = "\n".join(line for line in text.splitlines() if not _LABEL.match(line))
        text = self.inline(text)
        return _EQUATION.sub(lambda found: self.equation(found["tex"], found["label"]), text)

    def equation(self, tex, label):
        if not label:
            return f"$${tex}$$"
        ended = "\n" if tex.endswith("\n") else ""
        return f"$${tex.rstrip()} \\tag{{{self.numbers[label]}}}{ended}$$"

    # Within a line

    def inline(self, text):
        def translate(found):
            if found["asis"]:
                return found[0]
            if found["role"]:
                return self.role(found["role"], found["said"])
            return self.link(found["text"], found["target"])
        return _INLINE.sub(translate, text)

    def role(self, role, said):
        if role in ("glue:text", "glue"):
            if said not in self.values:
                raise self.error(f"no cell has glued a value for {{{role}}}`{said}`.")
            return self.values[said]
        if role in ("cite", "cite:p", "cite:t"):
            return self.citation(said, in_text=role == "cite:t")
        titled = _WITH_TARGET.match(said)
        if role == "term":
            return titled[1] if titled else said
        if role == "math":
            return f"${said}$"
        if role in ("kbd", "sub", "sup"):
            return f"<{role}>{escape(said)}</{role}>"
        words, label = titled.groups() if titled else ("", said)
        if role == "doc":
            chapter = label.rpartition("/")[2].removesuffix(".md")
            if chapter not in self.book.titles:
                raise self.error(f"there is no chapter {label!r} to refer to.")
            return f"[{words or self.book.titles[chapter]}]({self.book.address(chapter)})"
        if role in ("ref", "numref", "eq"):
            return self.reference(words, label)
        raise self.error(f"the role {{{role}}} has no form in plain Markdown yet; "
                         "tools/plain_markdown.py is the place to give it one.")

    def reference(self, words, label):
        target = self.book.targets.get(label)
        if target is None:
            raise self.error(f"there is no label {label!r} to refer to.")
        number = self.numbers.get(label)
        words = words.replace("%s", str(number)).replace("{number}", str(number))
        if target.chapter != self.chapter:
            where = self.book.address(target.chapter)
            if not words and target.kind in ("figure", "equation"):
                return f"{target.kind} in [{self.book.titles[target.chapter]}]({where})"
            return f"[{words or self.inline(target.title)}]({where})"
        if target.kind == "figure":
            return words or f"Figure {number}"
        if target.kind == "equation":
            return words or f"({number})"
        return words or f"*{self.inline(target.title)}*"

    def link(self, words, target):
        path, mark, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            return f"[{words or target}]({target})"
        if not path and anchor in self.book.targets:
            return self.reference(words, anchor)
        chapter = path.removesuffix(".md")
        if path.endswith(".md") and chapter in self.book.titles:
            words = words or self.book.titles[chapter]
            return f"[{words}]({self.book.address(chapter)}{mark}{anchor})"
        return f"[{words}]({self.address(path)}{mark}{anchor})"

    def address(self, path):
        return path if re.match(r"[a-z]+:|/", path) else f"../chapters/{path}"

    # Sources

    def citation(self, keys, in_text):
        """'Cox (1958)', or '(Cox, 1958; Block, 1962)'."""
        works = []
        for key in (key.strip() for key in keys.split(",")):
            if key not in self.book.works:
                raise self.error(f"references.bib has no entry {key!r}.")
            self.cited.add(key)
            works.append((authors(self.book.works[key]), self.book.works[key].fields["year"]))
        if in_text:
            return ", ".join(f"{who} ({year})" for who, year in works)
        return f"({'; '.join(f'{who}, {year}' for who, year in works)})"

    def references(self):
        """The list of what has been cited, or an empty text."""
        style = find_plugin("pybtex.style.formatting", "plain")()
        backend = find_plugin("pybtex.backends", "markdown")()
        entries = style.sort([self.book.works[key] for key in sorted(self.cited)])
        lines = [" ".join(entry.text.render(backend).split())
                 for entry in style.format_entries(entries)]
        return "\n".join("- " + re.sub(r"\\([.-])", r"\1", line) for line in lines)  # needless \


def authors(work):
    names = [str(Text.from_latex(" ".join(person.prelast_names + person.last_names)))
             for person in work.persons.get("author") or work.persons.get("editor", [])]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " and ".join(names) or str(Text.from_latex(work.fields["title"]))


def details(summary, body):
    """A part to unfold. Its blank lines let Markdown and mathematics work inside."""
    return f"<details>\n<summary>{escape(summary, quote=False)}</summary>\n\n{body}\n\n</details>"
