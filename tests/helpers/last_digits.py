"""Numbers in the text, compared but for the last digits.

A processor adds in an order of its own, and hundreds of training steps carry the rounding into the
digits that we print.
"""

import re
from decimal import Decimal
from html import unescape

NUMBER = re.compile(r"[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def alike(told, run):
    """The same words, and numbers that differ in last digits alone: by at most a tenth of the
    number, and ten units of its last digit."""
    if NUMBER.sub("#", told) != NUMBER.sub("#", run):
        return False
    return all(map(near, NUMBER.findall(told), NUMBER.findall(run)))


def near(told, run):
    told, run = (Decimal(text.replace(",", "").replace("−", "-")) for text in (told, run))
    unit = Decimal(1).scaleb(run.as_tuple().exponent)
    return abs(told - run) <= unit + min(10 * unit, abs(run) / 10)


def far(told, run):
    """{key: both texts} of what is not alike, but for times, which no two runs share."""
    return {key: (told[key], run[key]) for key in told
            if not key.startswith("clock-") and not alike(told[key], run[key])}


def of_page(chapter, built_book):
    """{key: text} of all that was glued into the text of a built page."""
    html = (built_book / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    shown = [unescape(said) for said in re.findall(r'<span class="pasted-text">(.*?)</span>', html)]
    asked = re.findall(r"\{glue:text\}`(.+?)`", chapter.read_text(encoding="utf-8"))
    assert len(shown) == len(asked)
    return dict(zip(asked, shown))
