from tools.grader.grade import main

main()
