"""Layers made fast, to be read last. Each does what a plain version elsewhere says.

    conv.py         conv2d       plain: conv2d_by_loops in nnlib/layers/conv.py
    recurrent.py    rnn          plain: RNNCell in nnlib/layers/cells.py, step by step
                    gru          plain: GRUCell
                    lstm         plain: LSTMCell

The tests hold both equal, and the derivatives equal to PyTorch's and to central differences.
"""
