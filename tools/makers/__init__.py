"""`make data`: what computes the files of nnlib/datasets, and the trained weights of the widgets.

Only authors run these; nnlib reads what they wrote. octet_binaries, elements, emt_alloys and
emt_graphs make data files, the rest weights.
"""
