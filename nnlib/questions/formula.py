"""Formulas as an author writes them: arithmetic and a few functions of given variables, as numbers.

The page reads more forms of them, such as 2x and x² (static/shared/expression.js); what both read
has the same value in both.
"""

import ast
import math
import operator

FUNCTIONS = {
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "tanh": math.tanh, "exp": math.exp,
    "ln": math.log, "log": math.log, "log2": math.log2, "log10": math.log10, "sqrt": math.sqrt,
    "abs": abs, "sigmoid": lambda z: 1 / (1 + math.exp(-z)), "relu": lambda z: max(0.0, z),
}  # fmt: skip
CONSTANTS = {"e": math.e, "pi": math.pi}
OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip


def evaluate(formula, variables):
    """The value of a formula at {variable: number}; nan where it has none.

    Raises ValueError for anything but numbers, variables, + - * / ^ and the functions above.
    """

    def value(node):
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return float(number)
            case ast.Name(id=name) if name in variables or name in CONSTANTS:
                return float(variables.get(name, CONSTANTS.get(name)))
            case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
                return OPERATORS[type(op)](value(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                result = OPERATORS[type(op)](value(left), value(right))
                if isinstance(result, complex):
                    raise ArithmeticError("a root of a negative number")
                return result
            case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in FUNCTIONS:
                return FUNCTIONS[name](value(inner))
        raise ValueError(f"expected a formula in {', '.join(variables)}, got {ast.unparse(node)!r}")

    try:
        tree = ast.parse(formula.replace("^", "**"), mode="eval").body
    except SyntaxError:
        raise ValueError(f"expected a formula, got {formula!r}") from None
    try:
        result = value(tree)
    except (ArithmeticError, ValueError) as error:
        if str(error).startswith("expected"):
            raise
        return math.nan  # a logarithm of what is not positive, a division by zero
    return result


def same(a, b):
    """Whether two lists of values are those of one formula."""
    return all(math.isclose(x, y, rel_tol=1e-6, abs_tol=1e-9) for x, y in zip(a, b))
