"""Recurrent layers over whole sequences. Read cells.py in nnlib/layers first: it has the equations.

Three things make the difference in speed: the inputs of all steps meet their weights in one matrix
product before the loop; all arrays inside are laid out as (time, features, batch), so that each step
works on memory in one piece; and on the way back, what does not depend on the incoming gradient is
computed for all steps at once, as are the weights' gradients after the loop (backpropagation through
time; Werbos, 1990).
"""

import numpy as np

from nnlib.tensor import record_joint


def rnn(x, h0, W_ih, W_hh, b_ih, b_hh):
    """RNNCell over all steps. Shapes: x (batch, time, input), h0 (batch, hidden); returns all states."""
    X, H = _begin(x, h0)
    Z = W_ih.data @ X
    Z += (b_ih.data + b_hh.data)[:, None]
    W = W_hh.data
    for z, h, h_next in zip(Z, H, H[1:]):
        np.matmul(W, h, out=h_next)
        h_next += z
        np.tanh(h_next, out=h_next)

    def derivative(g):
        G = g.transpose(1, 2, 0)
        dZ = 1 - H[1:] ** 2  # tanh'; becomes d(loss)/dZ below
        dh, WT = np.zeros_like(H[0]), np.ascontiguousarray(W.T)
        for dz, g_step in zip(dZ[::-1], G[::-1]):
            dh += g_step
            dz *= dh
            np.matmul(WT, dz, out=dh)
        dx, dZ = _dx(x, W_ih, dZ), _wide(dZ)
        db = dZ.sum(axis=1)
        return dx, dh.T, dZ @ _wide(X).T, dZ @ _wide(H[:-1]).T, db, db

    return record_joint(H[1:].transpose(2, 0, 1), (x, h0, W_ih, W_hh, b_ih, b_hh), derivative)


def gru(x, h0, W_ih, W_hh, b_ih, b_hh):
    """GRUCell over all steps; shapes as in `rnn`."""
    size = h0.shape[1]
    X, H = _begin(x, h0)
    W, bias = W_hh.data.copy(), b_ih.data.copy()
    bias[: 2 * size] += b_hh.data[: 2 * size]
    Z = W_ih.data @ X
    Z += bias[:, None]
    _halve(2 * size, Z, W)
    b_n = np.repeat(b_hh.data[2 * size :, None], x.shape[0], axis=1)
    U = np.empty_like(Z)  # W_hh h, of which the rows of n are needed again
    t = np.empty_like(H[0])
    for z3, u3, h, h_next in zip(Z, U, H, H[1:]):
        np.matmul(W, h, out=u3)
        _sigmoid_of_halves(z3[: 2 * size], u3[: 2 * size])
        r, z, n, u = z3[:size], z3[size : 2 * size], z3[2 * size :], u3[2 * size :]
        u += b_n
        np.multiply(r, u, out=t)
        n += t
        np.tanh(n, out=n)
        np.subtract(h, n, out=t)
        t *= z
        np.add(n, t, out=h_next)  # n + z (h - n)

    def derivative(g):
        G = g.transpose(1, 2, 0)
        n, z, u = Z[:, 2 * size :], Z[:, size : 2 * size], U[:, 2 * size :]
        dZ = np.empty_like(Z)
        gates = Z[:, : 2 * size]
        dgates, dn = dZ[:, : 2 * size], dZ[:, 2 * size :]
        np.subtract(1, gates, out=dgates)
        dgates *= gates  # sigmoid'
        dgates[:, :size] *= u
        dgates[:, size:] *= H[:-1] - n
        np.multiply(n, n, out=dn)
        np.subtract(1, dn, out=dn)  # tanh'
        dn *= 1 - z
        dU = np.empty_like(Z)
        dh, t, WT = np.zeros_like(H[0]), np.empty_like(H[0]), W_hh.data.T.copy()
        steps = zip(dZ[::-1], dU[::-1], Z[::-1], G[::-1])
        for dz3, du3, z3, g_step in steps:
            dh += g_step
            dr, dz, dn = dz3[:size], dz3[size : 2 * size], dz3[2 * size :]
            dn *= dh
            dr *= dn
            dz *= dh
            du3[: 2 * size] = dz3[: 2 * size]
            np.multiply(dn, z3[:size], out=du3[2 * size :])
            np.multiply(dh, z3[size : 2 * size], out=t)
            np.matmul(WT, du3, out=dh)
            dh += t
        dx, dZ, dU = _dx(x, W_ih, dZ), _wide(dZ), _wide(dU)
        dW_ih, dW_hh = dZ @ _wide(X).T, dU @ _wide(H[:-1]).T
        return dx, dh.T, dW_ih, dW_hh, dZ.sum(axis=1), dU.sum(axis=1)

    return record_joint(H[1:].transpose(2, 0, 1), (x, h0, W_ih, W_hh, b_ih, b_hh), derivative)


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    """LSTMCell over all steps; shapes as in `rnn`. Returns all h and, as one more step, the last c."""
    size = h0.shape[1]
    # The three sigmoid gates first, i f o g: then one call serves them all.
    order = np.r_[: 2 * size, 3 * size : 4 * size, 2 * size : 3 * size]
    X, H = _begin(x, h0, more=1)
    C = np.empty_like(H[1:])
    C[0] = c0.data.T
    W = W_hh.data[order]
    Z = W_ih.data[order] @ X
    Z += (b_ih.data + b_hh.data)[order, None]
    _halve(3 * size, Z, W)
    tanh_c, t4, t = np.empty_like(C[1:]), np.empty_like(Z[0]), np.empty_like(C[0])
    for z4, h, h_next, c, c_next, tc in zip(Z, H, H[1:], C, C[1:], tanh_c):
        np.matmul(W, h, out=t4)
        z4 += t4
        np.tanh(z4, out=z4)
        gates = z4[: 3 * size]
        gates *= 0.5
        gates += 0.5
        i, f, o, g = z4.reshape(4, size, -1)
        np.multiply(i, g, out=t)
        np.multiply(f, c, out=c_next)
        c_next += t
        np.tanh(c_next, out=tc)
        np.multiply(o, tc, out=h_next)
    H[-1] = C[-1]

    def derivative(grad):
        G = grad.transpose(1, 2, 0)
        steps, _, batch = Z.shape
        i, f, o, g = Z.reshape(steps, 4, size, batch).swapaxes(0, 1)
        dZ = np.empty_like(Z)
        gates, dgates = Z[:, : 3 * size], dZ[:, : 3 * size]
        np.subtract(1, gates, out=dgates)
        dgates *= gates  # sigmoid'
        di, df, do, dg = dZ.reshape(steps, 4, size, batch).swapaxes(0, 1)
        di *= g
        df *= C[:-1]
        do *= tanh_c
        np.multiply(g, g, out=dg)
        np.subtract(1, dg, out=dg)  # tanh'
        dg *= i
        dc_from_dh = 1 - tanh_c * tanh_c
        dc_from_dh *= o
        WT = W_hh.data[order].T.copy()
        dh, dc, t = np.zeros_like(C[0]), G[-1].copy(), np.empty_like(C[0])
        backward = zip(dZ[::-1], dc_from_dh[::-1], f[::-1], G[-2::-1])
        for dz4, to_dc, f_step, g_step in backward:
            dh += g_step
            np.multiply(dh, to_dc, out=t)
            dc += t
            dz = dz4.reshape(4, size, batch)
            dz[:2] *= dc
            dz[2] *= dh
            dz[3] *= dc
            dc *= f_step
            np.matmul(WT, dz4, out=dh)
        dx, dZ, back = _dx(x, W_ih, dZ, order), _wide(dZ), np.argsort(order)
        db = dZ.sum(axis=1)[back]
        dW_ih, dW_hh = (dZ @ _wide(X).T)[back], (dZ @ _wide(H[:-2]).T)[back]
        return dx, dh.T, dc.T, dW_ih, dW_hh, db, db

    inputs = (x, h0, c0, W_ih, W_hh, b_ih, b_hh)
    return record_joint(H[1:].transpose(2, 0, 1), inputs, derivative)


def _begin(x, h0, more=0):
    """The inputs as (time, features, batch), and room for the states, of which the first is h0."""
    batch, steps, _ = x.shape
    X = np.ascontiguousarray(x.data.transpose(1, 2, 0))
    H = np.empty((steps + 1 + more, h0.shape[1], batch), X.dtype)
    H[0] = h0.data.T
    return X, H


def _halve(rows, *arrays):
    """Prepare sigmoid(x) = tanh(x / 2) / 2 + 1/2: half of x in the first rows.

    One tanh then serves all gates at once, faster than e⁻ˣ. In float32 the result comes in steps of
    3e-8, where `sigmoid` still tells smaller numbers apart: for a gate that is closed.
    """
    for a in arrays:
        a[..., :rows, :] *= 0.5


def _sigmoid_of_halves(z, u):
    """z becomes sigmoid(2 (z + u)), in place."""
    z += u
    np.tanh(z, out=z)
    z *= 0.5
    z += 0.5


def _wide(A):
    """(time, rows, batch) as (rows, time · batch): a product or sum then runs over steps and batch."""
    return A.transpose(1, 0, 2).reshape(A.shape[1], -1)


def _dx(x, W_ih, dZ, order=slice(None)):
    if x.requires_grad:
        return (W_ih.data[order].T @ dZ).transpose(2, 0, 1)
    return None
