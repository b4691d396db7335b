"""What axe-core finds wrong in a page: a text for people, empty if it finds nothing."""

from axe_playwright_python.sync_playwright import Axe

# Visible text belongs to an element's name; axe-core looks only when it is asked to (WCAG 2.5.3).
BY_NAME = {"label-content-name-mismatch": {"enabled": True}}


def violations(page, context=None, rules=None, **options):
    if "runOnly" not in options:
        options["rules"] = BY_NAME | (rules or {})
    options["resultTypes"] = ["violations"]  # else it says at length, and slowly, what is right
    found = Axe().run(page, context=context, options=options).response["violations"]
    return "\n".join(f"{v['id']}: {v['help']}: {node['html'][:200]} {node.get('failureSummary')}"
                     for v in found for node in v["nodes"])
