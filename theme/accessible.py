"""A Sphinx extension that mends what docutils writes against the present rules of ARIA."""


def mend(app, pagename, templatename, context, doctree):
    # doc-biblioentry was withdrawn in ARIA 1.2; a list's entries are list items.
    body = context.get("body")
    if body:
        context["body"] = body.replace('role="doc-biblioentry"', 'role="listitem"')


def setup(app):
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
