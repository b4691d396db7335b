"""What the reader sees of a check: in a notebook, in the book, or as plain text."""

from html import escape


class Report:
    """The outcome of one check. `ok` is True when everything is right."""

    def __init__(self, name, ok, passed=(), message=None, why=None, given=None, expected=None,
                 came=None, kind=None):
        self.name, self.ok, self.passed, self.kind = name, ok, list(passed), kind
        self.message, self.why = message, why
        self.given, self.expected, self.came = given, expected, came
        self.hints, self.more_hints = (), False

    @property
    def key(self):
        """Tells one failure from another."""
        return self.kind, len(self.passed), self.message, self.came

    @property
    def title(self):
        if self.ok:
            return f"Passed: {self.name}"
        return f"{'Not written yet' if self.kind == 'not written' else 'Not yet'}: {self.name}"

    def details(self):
        """(name, text) of what belongs to the first failure."""
        pairs = [("called", self.given), ("expected", self.expected), ("came", self.came)]
        return [(name, text) for name, text in pairs if text is not None]

    def footer(self):
        if self.more_hints:
            return "Another try shows a further hint." if self.hints else ""
        return ""

    def __repr__(self):
        lines = [("✓ " if self.ok else "✗ ") + self.title]
        lines += [f"  ✓ {text}" for text in self.passed]
        if not self.ok:
            lines.append(f"  ✗ {self.message}")
            for name, text in self.details():
                start = f"    {name:8}  "
                lines.append(start + text.replace("\n", "\n" + " " * len(start)))
        if self.why:
            lines.append(f"  {self.why}")
        lines += [f"  Hint {i}: {hint}" for i, hint in enumerate(self.hints, start=1)]
        lines += [f"  {self.footer()}"] if self.footer() else []
        return "\n".join(lines)

    def _repr_html_(self):
        # Text keeps the page's own color, so that it can be read on light and on dark ground.
        color = "#2e8b57" if self.ok else "#c77700"
        passed = "".join(f"<li>✓ {_html(text)}</li>" for text in self.passed)
        failed = "" if self.ok else f"<li><strong>✗ {_html(self.message)}</strong></li>"
        rows = "".join(
            f"<tr><th scope='row' style='{_CELL};font-weight:normal'>{name}</th>"
            f"<td style='{_CELL}'><pre style='margin:0;padding:0;border:0;background:none;"
            f"color:inherit;white-space:pre-wrap'>{escape(text)}</pre></td></tr>"
            for name, text in ([] if self.ok else self.details()))
        table = (f"<table style='margin:.3em 0 .3em 1em;border:0;color:inherit'>{rows}</table>"
                 if rows else "")
        why = f"<p style='margin:.4em 0'>{_html(self.why)}</p>" if self.why else ""
        hints = "".join(f"<p style='margin:.4em 0'><em>Hint {i}.</em> {_html(hint)}</p>"
                        for i, hint in enumerate(self.hints, start=1))
        hints += f"<p style='margin:.4em 0'>{self.footer()}</p>" if self.footer() else ""
        return (
            f"<div role='status' class='nnlib-check' data-ok='{str(self.ok).lower()}' "
            f"style='border-left:4px solid {color};padding:.3em .8em;margin:.3em 0'>"
            f"<strong>{escape(self.title)}</strong>"
            f"<ul style='list-style:none;margin:.2em 0;padding:0'>{passed}{failed}</ul>"
            f"{table}{why}{hints}</div>")


_CELL = "border:0;padding:.1em .8em .1em 0;text-align:left;vertical-align:top;background:none"


def _html(text):
    """Escaped, with what stands between backquotes as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
