"""What came of the grading: grades.csv for the teacher, and feedback for each student.

Names and texts in both come from students. Nothing in the table is taken for a formula, and nothing
in the feedback gets out of its place.
"""

import csv
import io
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass, field

LONGEST_TEXT = 2000  # characters of one field of a report, of which a student's code made some
LONGEST_NAME = 200   # bytes of a file's name, of which systems take 255
MOST_NOTES = 20      # on one notebook


@dataclass
class Result:
    """What came of one notebook. `reports` has a Report for each exercise of the chapter."""

    student: str
    notebook: str
    chapter: str | None = None
    reports: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)   # for the student, full sentences
    remarks: list = field(default_factory=list)  # for the teacher's table, a few words each
    guards: dict | None = None  # {name: whether the system has it} of what confined its code
    trouble: bool = False  # something failed that is not the student's

    @property
    def points(self):
        return sum(report.ok for report in self.reports.values())

    def note(self, text, remark):
        """Tell the student something, and the teacher, unless remark is None."""
        if len(self.notes) < MOST_NOTES:
            self.notes.append(text)
            self.remarks += [remark] if remark else []
        elif len(self.notes) == MOST_NOTES:
            self.notes.append("There is more of this kind, which is left out.")
            self.remarks.append("and more")


def write(path, text):
    """All or nothing, and never through a link that lies there."""
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with open(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
        os.chmod(new, 0o644 & ~_umask())
        os.replace(new, path)
    except BaseException:
        os.unlink(new)
        raise


def _umask():
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def table(results):
    """The text of grades.csv."""
    exercises = list(dict.fromkeys(name for chapter in sorted({r.chapter or "" for r in results})
                                   for r in results if (r.chapter or "") == chapter
                                   for name in r.reports))
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["student", "notebook", *exercises, "total", "remark"])
    for r in results:
        marks = [int(r.reports[name].ok) if name in r.reports else "" for name in exercises]
        total = "" if r.trouble and not r.reports else r.points  # a 0 is the student's own
        writer.writerow([harmless(r.student), harmless(r.notebook), *marks, total,
                         harmless("; ".join(r.remarks))])
    return file.getvalue()


def one_line(text):
    """A text that came with a submission, without what would move a cursor."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else " " for c in text)


def harmless(text):
    """A text that no spreadsheet takes for a formula."""
    text = one_line(text).strip()
    first = unicodedata.normalize("NFKC", text[:1])  # spreadsheets take a wide = for one too
    return f"'{text}" if first in ("=", "+", "-", "@") else text


def feedback(student, results):
    """The Markdown for one student."""
    lines = [f"# Feedback for {plain(student)}", ""]
    for r in results:
        of = f": {r.points} of {len(r.reports)}" if r.reports else ""
        lines += [f"## {plain(r.notebook or 'No notebook')}{of}", ""]
        for text in r.notes:
            lines += [*fenced(text), ""]
        for name, report in r.reports.items():
            lines += [f"### {'✓' if report.ok else '✗'} {name}", ""]
            blank = report.kind == "not written" and not report.why
            lines += (["Not written yet."] if blank else fenced(trimmed(report))) + [""]
    return "\n".join(lines)


def plain(text):
    """A name as Markdown that means nothing but itself."""
    return re.sub(r"([\\`*_{}\[\]<>#|!&])", r"\\\1", one_line(text))


def trimmed(report):
    for name in ("message", "why", "given", "expected", "came"):
        text = getattr(report, name)
        if text and len(text) > LONGEST_TEXT:
            setattr(report, name, text[:LONGEST_TEXT] + " ...")
    return repr(report)


def fenced(text):
    """A code block, from which nothing in the text gets out."""
    text = "".join(c for c in text if c.isprintable() or c == "\n")
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", text, fence]


def feedback_name(student, taken):
    """A file name of its own for each student, where case and accents may be written otherwise."""
    stem = one_line(student).encode()[:LONGEST_NAME].decode(errors="ignore")
    name, number = stem, 1
    while (key := unicodedata.normalize("NFC", name).casefold()) in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(key)
    return f"{name}.md"
