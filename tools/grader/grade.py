"""Grade a folder of students' notebooks: make grade SUBMISSIONS=folder [CHAPTER=perceptron].

A submission is a notebook in the folder, or a folder in it with one student's notebooks. The
results go beside it: grades/grades.csv, a row for each notebook, and grades/feedback/<student>.md.
Nothing in the folder of submissions is changed.

The checks run here, and the student's code elsewhere: in a process of its own (examinee.py), which
is asked for values only. What is asked comes from our chapter; a check cell that was submitted
marks the place at which its exercise is tried, and is not run.
"""

import argparse
import ast
import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import traceback
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from myst_nb.core.read import read_myst_markdown_notebook

from nnlib.exercises.registry import find, report_on
from nnlib.exercises.report import Report
from nnlib.exercises.trial import TooSlow
from tools.common import ROOT
from tools.grader import proctor
from tools.grader.proctor import CannotGrade, Ended, Limits, OutOfTime, Proctor
from tools.grader.progress import Progress, fingerprint_of, fingerprint_of_all
from tools.grader.remarks import Aside, Failure, TooLong
from tools.grader.results import Result, feedback, feedback_name, one_line, table, write
from tools.grader.submissions import LARGEST_CELL, Unreadable, chapter_of, code_lines, collect, read
from tools.plain_markdown import Book

SHORT = {"missing": "a name is missing", "slow": "too slow", "ended": "its process ended",
         "TooMuchWritten": "too many or too large files"}
NO_NOTEBOOK = ("No notebook was found. Hand in the notebook itself, a file whose name ends in "
               ".ipynb: not packed, not printed, and not its code alone. In JupyterLab it comes "
               "with File, Download; in Colab with File, Download, Download .ipynb.")


# What is asked


@dataclass
class Question:
    """One exercise: its name, the expressions that its check passes, and the check's cell."""

    name: str
    expressions: list
    source: str


def questions_of(text, where):
    """The questions in a chapter's text, in order. ValueError where nnlib has no such check."""
    questions = []
    for cell in read_myst_markdown_notebook(text).cells:
        if cell.cell_type == "code" and "check" in cell.metadata.get("tags", ()):
            questions += [
                Question(call.args[0].value, [ast.unparse(node) for node in call.args[1:]],
                         cell.source)
                for call in ast.walk(ast.parse(cell.source)) if isinstance(call, ast.Call)
                and getattr(call.func, "id", "") == "check"]
    for question in questions:
        try:
            find(question.name)
        except KeyError as error:
            raise ValueError(f"{where}: {error.args[0]}") from None
    return questions


def all_questions():
    """{chapter: its questions} of the chapters that have a student notebook."""
    paths = {name: ROOT / "chapters" / f"{name}.md" for name in sorted(Book.read(ROOT).notebooks)}
    return {name: questions_of(path.read_text(encoding="utf-8"), path)
            for name, path in paths.items()}


# Grading one notebook


def grade(cells, questions, result, limits, fonts=None):
    """Fill the result's reports in."""
    waiting = {question.name: question for question in questions}
    handed_out = {packed(line) for question in questions for line in code_lines(question.source)}
    handed_out.add(packed("from nnlib.exercises import check"))
    # Where a check was copied, its last place counts: what stands there is what was meant.
    place = {name: i for i, cell in enumerate(cells) for name in cell.checks if name in waiting}
    failures = {}  # exercise -> the first error of a cell of its own
    checks = {name: ["check cell missing"] for name in waiting if name not in place}

    def passed_over(cell, name=None):
        for aside in room.take_asides():
            told = Aside(cell, name, aside)
            result.note(told.text, told.short)

    def settle(name):
        report = ask(room, waiting.pop(name))
        passed_over(None, name)
        words, failure = checks.get(name, []), failures.get(name)
        if failure and not report.ok:
            if report.kind == "missing" and failure.blank:
                report = Report(name, False, kind="not written", message="Nothing is here yet.")
            else:
                report.why = "\n  ".join(filter(None, [report.why, failure.text]))
                words = [*words, failure.short]
        elif report.kind == "missing" and words == ["check cell missing"]:
            words = ["its cells are missing"]
        elif short := SHORT.get(report.came if report.kind == "raised" else report.kind):
            words = [*words, short]
        if words:
            result.remarks.append(f"{name}: {', '.join(words)}")
        result.reports[name] = report

    def run(cell):
        own = [name for name in cell.checks or [cell.exercise] if name in place or name in checks]
        failure = failure_of(room, cell)
        passed_over(cell)
        if not failure:
            return
        if not own:
            result.note(failure.text, failure.short)
        for name in own:
            failures.setdefault(name, failure)

    for cell in cells:
        if cell.kind != "code":
            result.note(f"Cell {cell.number} is of type {cell.kind}, which is not run. It was "
                        "graded as the code that it was when it was handed out.",
                        f"cell {cell.number} is of type {cell.kind}")

    with Proctor(limits, fonts) as room:
        try:
            for i, cell in enumerate(cells):
                if not waiting:
                    break
                due = [name for name in cell.checks if place.get(name) == i]
                changed = any(packed(line) not in handed_out for line in code_lines(cell.source))
                if changed or not cell.checks:  # a changed check may hold the answer itself
                    run(cell)
                for name in due:
                    if changed:
                        checks[name] = ["check cell changed"]
                        result.notes.append(
                            f"Cell {cell.number} is not the check of {name} as it was handed out. "
                            "It was run like any other cell, and then the one that was handed out.")
                    settle(name)
            for name in list(waiting):
                settle(name)
        except OutOfTime:
            words = f"the notebook took longer than {limits.notebook:g} seconds as a whole"
            result.remarks.append(words)
            for question in questions:
                result.reports.setdefault(question.name, Report(
                    question.name, False, kind="slow", message=f"It was not tried: {words}."))
        result.guards = room.guards
    result.reports = {question.name: result.reports[question.name] for question in questions}


def packed(line):
    """A line of code, where neither spaces nor the kind of quotes count."""
    return "".join(line.split()).replace("'", '"')


def failure_of(room, cell):
    """The Failure of a cell that is run, or None."""
    if len(cell.source) > LARGEST_CELL:
        return TooLong(cell)
    error = room.run(cell.source)
    return Failure(cell, error) if error else None


def ask(room, question):
    """The report on one exercise."""
    try:
        answers = room.evaluate(question.expressions)
        for expression, (_, error) in zip(question.expressions, answers):
            if error:
                return no_answer(question.name, expression, error)
        with warnings.catch_warnings(action="ignore"):  # what numpy says of a student's nan
            return report_on(find(question.name), [answer for answer, _ in answers])
    except (Ended, TooSlow) as end:
        slow = isinstance(end, TooSlow) or end.slow
        return Report(question.name, False, kind="slow" if slow else "ended",
                      message=f"No answer came: {end}." if str(end) else "It took too long.")


def no_answer(name, expression, error):
    if error["slow"]:
        return Report(name, False, kind="slow", message=f"`{expression}` took too long.")
    if error["type"] == "NameError":
        return Report(name, False, kind="missing", message=(
            f"There is no `{error['name'] or expression}`. Was its cell deleted, did it fail, or "
            "was it given another name?"))
    return Report(name, False, kind="raised", message=(
        f"`{expression}` raised {error['type']}: {error['text']}."))


def grade_student(student, submission, submissions, exercises, chapter, limits, fonts):
    """The results of all notebooks of one student; never an Exception for what is in them.

    submissions: the folder. exercises: {chapter: its questions}. chapter: the only one to grade,
    or None.
    """
    results = []
    for path in submission.notebooks:
        result = Result(student, str(path.relative_to(submissions)))
        results.append(result)
        try:
            notebook = read(path)
            its = chapter_of(notebook, path, list(exercises))
            if its is None and chapter is None:
                raise Unreadable("It is not clear which chapter this is; there are exercises in: "
                                 f"{', '.join(exercises)}.")
            if chapter not in (None, its or chapter):
                raise Unreadable(f"This is a notebook of the chapter {its}, not of {chapter}.")
            result.chapter = its or chapter
            grade(notebook.cells, exercises[result.chapter], result, limits, fonts)
        except Unreadable as error:
            result.note(str(error), str(error))
        except Exception as error:  # noqa: BLE001 - the others' notebooks must still be graded
            if getattr(error, "errno", None) in proctor.OUR_FAULT:
                raise CannotGrade(f"at {result.notebook}: {error.strerror}") from None
            traceback.print_exc()
            result.trouble = True
            result.reports = {}
            result.note("The grader failed on this notebook; your teacher has been told.",
                        "THE GRADER FAILED: see what it printed")
    others = ", ".join(submission.others)
    if not results:
        results.append(Result(student, others, notes=[NO_NOTEBOOK], remarks=[
            "no notebook: hand in the file that ends in .ipynb"]))
    elif others:
        results[0].note(f"Not a notebook, and so not graded: {others}.", f"not graded: {others}")
    chapters = [result.chapter for result in results if result.chapter]
    for result in results:
        if chapters.count(result.chapter) > 1:
            result.remarks.append("one of several for this chapter")
    return results


# The command


def font_list(folder):
    """Let matplotlib make its list of fonts once, and not for every student."""
    fonts = Path(folder) / "matplotlib"
    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"],
                   env={**proctor.environment(Path(folder)), "MPLCONFIGDIR": str(fonts)},
                   check=False, stderr=subprocess.DEVNULL)
    return fonts if fonts.is_dir() else None


def grade_all(submissions, out, chapter=None, jobs=1, limits=None, say=print, again=False):
    """Grade every student and write the results; the list of Result in the table's order.

    The table is written anew after each student. What an earlier run has graded stands, where
    nothing of it has changed, except with `again`.
    """
    limits, exercises = limits or Limits(), all_questions()
    students = collect(submissions)
    make_writable(out)
    taken = set()
    files = {student: out / "feedback" / feedback_name(student, taken) for student in students}
    common = fingerprint_of_all(exercises, chapter, limits)
    keys = {student: fingerprint_of(submission, files[student], common)
            for student, submission in students.items()}
    progress = Progress(out / "graded.json", keys, again)
    done = {student: results for student in students
            if (results := progress.results(student)) and files[student].is_file()}
    if done:
        say(f"{len(done)} of {len(students)} were graded before, and nothing has changed since.")

    def rows():
        return [result for student in students for result in done.get(student) or [
            Result(student, "", remarks=["NOT GRADED YET"], trouble=True)]]

    def finish(student, results):
        done[student] = results
        try:
            write(files[student], feedback(student, results))
        except OSError as error:
            results[0].trouble = True
            results[0].remarks.append(f"THE FEEDBACK CANNOT BE WRITTEN: {error.strerror}")
        write(out / "grades.csv", table(rows()))
        progress.keep(student, results)
        marks = ", ".join(f"{r.chapter} {r.points}/{len(r.reports)}" if r.reports
                          else (r.remarks or ["?"])[0] for r in results)
        say(f"[{len(done):{len(str(len(students)))}}/{len(students)}] {one_line(student)}: {marks}")

    write(out / "grades.csv", table(rows()))
    waiting = {student: submission for student, submission in students.items()
               if student not in done}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        rest = (submissions, exercises, chapter, limits, font_list(folder) if waiting else None)
        if jobs == 1:
            for student, submission in waiting.items():
                finish(student, grade_student(student, submission, *rest))
        elif waiting:
            # Processes, for a check keeps its own time by an alarm, which a thread cannot have.
            with ProcessPoolExecutor(jobs, initializer=begin_worker, initargs=(folder,)) as pool:
                try:
                    tasks = {pool.submit(grade_student, student, submission, *rest): student
                             for student, submission in waiting.items()}
                    for task in as_completed(tasks):
                        finish(tasks[task], task.result())
                except BaseException:
                    for worker in multiprocessing.active_children():
                        worker.terminate()
                    pool.shutdown(cancel_futures=True)
                    raise
    return rows()


def begin_worker(folder):
    """In a worker: leave Ctrl-C to the main process, and end at once when that one says so.

    What this process makes for its students lies in the folder, which the main process removes.
    """
    def end(*_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it may be said twice
        for room in list(Proctor.at_work):
            with contextlib.suppress(Exception):
                room.stop()
        os._exit(1)

    tempfile.tempdir = folder
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, lambda *_: None)  # not SIG_IGN, which students' code would inherit


def make_writable(out):
    """Make the folder of results, or raise OSError before any work is done for nothing."""
    (out / "feedback").mkdir(parents=True, exist_ok=True)
    for folder in (out, out / "feedback"):
        tempfile.TemporaryFile(dir=folder).close()


def arguments():
    parser = argparse.ArgumentParser(prog="make grade", description=__doc__.split("\n\n")[1])
    parser.add_argument("submissions", type=Path)
    parser.add_argument("--chapter", help="only this chapter; else each notebook's own")
    parser.add_argument("--out", type=Path, help="default: grades, beside the submissions")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1,
                        help="students at a time; default: as many as there are processors")
    parser.add_argument("--cell-seconds", type=float, default=Limits.cell,
                        help="for one cell (default: %(default)g)")
    parser.add_argument("--seconds", type=float, default=Limits.notebook,
                        help="for one notebook (default: %(default)g)")
    parser.add_argument("--memory", type=float, default=Limits.memory,
                        help="GB for one notebook (default: %(default)g)")
    parser.add_argument("--files", type=float, default=Limits.files,
                        help="MB of files that one notebook may write (default: %(default)g)")
    parser.add_argument("--again", action="store_true",
                        help="grade all, also what has not changed since the last time")
    given = parser.parse_args()
    given.submissions = given.submissions.expanduser().resolve()
    given.out = (given.out.expanduser().resolve() if given.out
                 else given.submissions.parent / "grades")
    known = sorted(Book.read(ROOT).notebooks)
    if not given.submissions.is_dir():
        parser.error(f"SUBMISSIONS must be a folder of notebooks, got {given.submissions}.")
    if not any(its.notebooks for its in collect(given.submissions).values()):
        parser.error(f"SUBMISSIONS holds no notebook: {given.submissions}.")
    if given.out.is_relative_to(given.submissions):
        parser.error(f"OUT must not lie in the folder of submissions, got {given.out}.")
    if given.chapter not in (None, *known):
        parser.error(f"CHAPTER must be one of {', '.join(known)}, got {given.chapter!r}.")
    if min(given.jobs, given.cell_seconds, given.seconds, given.memory, given.files) <= 0:
        parser.error("JOBS and all limits must be greater than zero.")
    try:
        make_writable(given.out)
    except OSError as error:
        parser.error(f"OUT must be a folder that can be written to, got {given.out}: "
                     f"{error.strerror}.")
    return given


def main():
    given = arguments()
    limits = Limits(given.cell_seconds, given.seconds, given.memory, given.files)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Warning: you are root, for whom the system limits less. Grade as another user.",
              file=sys.stderr)
    so_far = "What is done is in grades.csv, and the same command goes on from there."
    try:
        results = grade_all(given.submissions, given.out, given.chapter, given.jobs, limits,
                            again=given.again)
    except KeyboardInterrupt:
        sys.exit(f"\nInterrupted. {so_far}")
    except (CannotGrade, BrokenProcessPool, ValueError, OSError) as error:
        sys.exit(f"Stopped: {error}\n{so_far}")
    lacking = sorted({name for r in results for name, has in (r.guards or {}).items() if not has})
    if lacking:
        print(f"This system has no {' and no '.join(lacking)}. What that would have kept from the "
              "students' code was kept by an audit hook of Python, which hostile code gets around.")
    print(f"{len({r.student for r in results})} students: {given.out / 'grades.csv'}\n"
          f"and what to tell each of them: {given.out / 'feedback'}")
    if trouble := [one_line(r.notebook or r.student) for r in results if r.trouble]:
        sys.exit(f"The grader itself failed, see the remarks on: {', '.join(trouble)}")
