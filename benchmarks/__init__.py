"""What the book and its library promise about speed and size, measured: `make bench`."""
