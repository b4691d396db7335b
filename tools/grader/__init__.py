"""`make grade`: a folder of students' notebooks, graded. Begin with grade.py.

    grade.py        what is asked, and what is made of the answers
    submissions.py  what students hand in, read as data
    proctor.py      our side of a student's process: starts it, asks it, ends it
    examinee.py     that process: runs the student's code and answers
    shell.py        IPython in it, which passes over what only the student's machine has
    confine.py      what it may use, and what the system keeps from it
    wire.py         how values pass between the two
    remarks.py      what is said of a cell that failed
    results.py      the table and the feedback
    progress.py     what has been graded, so that the next run goes on from there
"""
