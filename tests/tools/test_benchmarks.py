"""What `make bench` measures can still be measured. How fast things are is no matter here."""

from benchmarks import widgets


def test_a_redraw_is_measured():
    assert 0 < widgets.redraw(moves=25)


def test_a_training_step_is_measured():
    assert 0 <= widgets.training_step(epochs=30)
