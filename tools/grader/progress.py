"""What has been graded, kept in graded.json, so that the next run goes on from there.

A student's results stand as long as nothing has changed of which they were made: the notebooks,
the checks, nnlib, the grader, the packages, the limits. A fingerprint of all that tells.
"""

import hashlib
import json
import sys
from dataclasses import asdict

from nnlib.exercises.report import Report
from tools.common import ROOT, fingerprint
from tools.grader.results import Result, write
from tools.grader.submissions import Unreadable, content


def fingerprint_of_all(*settings):
    """Of what holds for all students."""
    return fingerprint(sys.version, ROOT / "nnlib", ROOT / "tools" / "grader",
                       ROOT / "constraints.txt", repr(settings))


def fingerprint_of(submission, feedback, common):
    digest = hashlib.sha256(common.encode())
    for name in [feedback.name, *map(str, submission.notebooks), *submission.others]:
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0")
    for path in submission.notebooks:
        try:
            data = content(path)
        except Unreadable as error:
            data = str(error).encode("utf-8", "surrogateescape")
        digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()


class Progress:
    """The results of this run and of those before it that still stand.

    keys: {student: the fingerprint of all that the results are made of}. again: none still stand.
    """

    def __init__(self, path, keys, again=False):
        self.path, self.keys = path, keys
        try:
            before = json.loads(path.read_text(encoding="utf-8"))
            self.kept = {student: before[student] for student in keys.keys() & before.keys()
                         if before[student]["key"] == keys[student] and not again}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            self.kept = {}  # there is none, or it is broken: then all are graded

    def results(self, student):
        """The list of Result of an earlier run, or None. Its reports say no more than `ok`."""
        if student not in self.kept:
            return None
        return [Result(**kept | {"reports": {name: Report(name, ok)
                                             for name, ok in kept["reports"].items()}})
                for kept in self.kept[student]["results"]]

    def keep(self, student, results):
        """Write a student's results down; what went wrong here is to be graded again."""
        if not any(result.trouble for result in results):
            kept = [asdict(result) | {"reports": {name: report.ok for name, report
                                                  in result.reports.items()}} for result in results]
            self.kept[student] = {"key": self.keys[student], "results": kept}
        write(self.path, json.dumps(self.kept))
