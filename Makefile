# Every target works on a fresh clone; the first two are all that most readers need.
#   make book    the book, in _build/html
#   make test    every test; with TORCH=1 also the comparison with PyTorch
#   make unit    the tests of nnlib alone, without book and browser
#   make exercises   the students' notebooks, in notebooks
#   make grade SUBMISSIONS=folder   grades students' notebooks (CHAPTER=... OUT=... JOBS=...)
#   make serve   the book at http://127.0.0.1:8000 (PORT=...)
#   make bench   speed and size beside their budgets; with TORCH=1 also beside PyTorch
#   make data    computes the data files of nnlib/datasets anew (takes minutes)
#   make lint    style         make pins    resolve constraints.txt anew
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
	$(PYTHON) -m tools.install $(CHOICE)

.PHONY: book test unit exercises grade serve bench data lint pins clean

book:
	$(INSTALL)
	@$(RUN) -m tools.build_book

test:
	$(INSTALL) dev $(if $(TORCH),torch)
	@$(RUN) -m tools.chromium
	@$(RUN) -m tools.build_book
	$(RUN) -m pytest -n 3 $(ARGS)

unit:
	$(INSTALL) dev $(if $(TORCH),torch)
	$(RUN) -m pytest -n 2 tests/library $(ARGS)

exercises:
	$(INSTALL)
	@$(RUN) -m tools.student

grade:
	@test -n "$(SUBMISSIONS)" || { echo "Name the folder with the students' notebooks: \
	make grade SUBMISSIONS=folder"; exit 1; }
	$(INSTALL)
	@$(RUN) -m tools.grader "$(SUBMISSIONS)" $(if $(CHAPTER),--chapter "$(CHAPTER)") \
	$(if $(OUT),--out "$(OUT)") $(if $(JOBS),--jobs $(JOBS)) $(ARGS)

serve: book
	@$(RUN) -m tools.serve $(PORT)

bench: book
	$(INSTALL) dev $(if $(TORCH),torch)
	@$(RUN) -m tools.chromium
	@$(RUN) -m benchmarks $(ARGS)

lint:
	$(INSTALL) dev
	$(RUN) -m ruff check .
	@if command -v npx > /dev/null; then npx --yes @biomejs/biome@2.6.8 ci .; \
	else echo "There is no Node here, so the JavaScript and CSS of the pages were not checked."; fi

data:
	$(PYTHON) -m tools.makers

pins:
	$(PYTHON) -m tools.pins

clean:
	rm -rf _build build nnlib.egg-info .pytest_cache .ruff_cache .hypothesis .make.lock
	find . -path ./.venv -prune -o -name .ipynb_checkpoints -prune -exec rm -rf {} +
