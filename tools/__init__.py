"""What the `make` commands run: the book and its student notebooks; `grader` and `makers` apart."""
