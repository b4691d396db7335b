"""`make grade`: a folder of students' notebooks, graded. Begin with grade.py.

    grade.py        what is asked, and what is made of the answers
    submissions.py  what students hand in, read as data
    proctor.py      our side of a student's process: starts it, asks it, ends it
    examinee.py     that process: runs the student's code and answers
    confine.py      what it may use, and what the system keeps from it
    wire.py         how values pass between the two
    results.py      the table and the feedback
"""
