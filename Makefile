# Every target works on a fresh clone; the first two are all that most readers need.
#   make book    the book, in _build/html
#   make test    every test; with TORCH=1 also the comparison with PyTorch
#   make exercises   the students' notebooks, in notebooks
#   make grade SUBMISSIONS=folder   grades students' notebooks (CHAPTER=... OUT=... JOBS=...)
#   make serve   the book at http://127.0.0.1:8000 (PORT=...)
#   make bench   speed and size beside their budgets; with TORCH=1 also beside PyTorch
#   make data    computes the data files of nnlib/datasets anew (takes minutes)
#   make lint    ruff          make pins    resolve constraints.txt anew
#   make clean   remove what was built (not .venv)

PYTHON ?= python3
PORT ?= 8000
TORCH ?=
ARGS ?=

RUN := .venv/bin/python
# A Python that the reader named must be the one in .venv; the default one need not be.
CHOICE := $(if $(filter file,$(origin PYTHON)),,--exact)
INSTALL = @$(PYTHON) -c "" 2>/dev/null || { echo "No Python answers to '$(PYTHON)'. Install \
	Python 3.11 to 3.13, or name yours: make book PYTHON=python3.12"; exit 1; } ; \
	$(PYTHON) tools/install.py $(CHOICE)

.PHONY: book test exercises grade serve bench data lint pins clean

book:
	$(INSTALL)
	@$(RUN) tools/build_book.py

test:
	$(INSTALL) dev $(if $(TORCH),torch)
	@$(RUN) tools/chromium.py
	@$(RUN) tools/build_book.py
	$(RUN) -m pytest -n 2 --dist loadfile $(ARGS)

exercises:
	$(INSTALL)
	@$(RUN) tools/student.py

grade:
	@test -n "$(SUBMISSIONS)" || { echo "Name the folder with the students' notebooks: \
	make grade SUBMISSIONS=folder"; exit 1; }
	$(INSTALL)
	@$(RUN) tools/grade.py "$(SUBMISSIONS)" $(if $(CHAPTER),--chapter "$(CHAPTER)") \
	$(if $(OUT),--out "$(OUT)") $(if $(JOBS),--jobs $(JOBS)) $(ARGS)

serve: book
	@$(RUN) tools/serve.py $(PORT)

bench: book
	$(INSTALL) dev $(if $(TORCH),torch)
	@$(RUN) tools/chromium.py
	@$(RUN) -m benchmarks $(ARGS)

lint:
	$(INSTALL) dev
	$(RUN) -m ruff check .

data:
	$(PYTHON) tools/make_data.py

pins:
	$(PYTHON) tools/pins.py

clean:
	rm -rf _build build nnlib.egg-info .pytest_cache .ruff_cache .hypothesis
