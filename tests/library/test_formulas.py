"""Formulas are read as chemists mean them, and what can be meant in two ways is refused in words."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_formulas import NAMED, NO_FORMULAS, REPORTED, REPORTED_REFUSED, TWOFOLD, WRITTEN

from nnlib.datasets import load_elements
from nnlib.formulas import parse_formula, write_formula

# Without carbon: Fe2.5C3H2 can be read in two ways.
symbols = st.sampled_from([symbol for symbol in load_elements().symbols if symbol != "C"])
whole = st.integers(1, 10**6)
decimal = st.decimals("0.001", "1000", places=3).map(float)
amounts = st.dictionaries(symbols, whole | decimal, min_size=1, max_size=6)
formulas = amounts.map(lambda parts: "".join(f"{s}{n}" for s, n in parts.items()))



class TestRead:
    @pytest.mark.parametrize("line", WRITTEN)
    def test_as_written_in_papers(self, line):
        formula, expected = re.split("   +", line)
        expected = expected.split()
        expected = dict(zip(expected[::2], map(float, expected[1::2]), strict=True))
        parsed = parse_formula(formula)
        assert parsed == pytest.approx(expected, rel=1e-12) and list(parsed) == list(expected)

    @pytest.mark.parametrize(
        "formula, expected",
        [
            ("Fe", {"Fe": 1}),
            ("CO", {"C": 1, "O": 1}),
            ("Co", {"Co": 1}),
            ("Fe0.5Ni0.5", {"Fe": 0.5, "Ni": 0.5}),
            ("Ag1.0Br2.", {"Ag": 1, "Br": 2}),
            ("(Ag2.)3", {"Ag": 6}),
            ("{[(Al)2]3}4Ni", {"Al": 24, "Ni": 1}),
            ("(Fe0.5Ni0.5)3Al", {"Fe": 1.5, "Ni": 1.5, "Al": 1}),
            ("(OH)(OH)", {"O": 2, "H": 2}),
            ("2H2O", {"H": 4, "O": 2}),
            ("(NaCl·2H2O)3", {"Na": 3, "Cl": 3, "H": 12, "O": 6}),
            ("CuSO4..5H2O", {"Cu": 1, "S": 1, "O": 9, "H": 10}),
            ("Ni2.Al", {"Ni": 2, "Al": 1}),
        ],
    )
    def test_whole_amounts_are_int_in_the_order_of_appearance(self, formula, expected):
        parsed = parse_formula(formula)
        assert parsed == expected and list(parsed) == list(expected)
        assert [type(n) for n in parsed.values()] == [type(n) for n in expected.values()]

    @given(amounts)
    @settings(deadline=None)
    def test_what_was_written_is_read(self, parts):
        parsed = parse_formula("".join(f"{s}{n}" for s, n in parts.items()))
        assert parsed == parts and list(parsed) == list(parts)

    @given(symbols, st.floats(1e-300, 1e300), symbols)
    @settings(deadline=None)
    def test_amounts_as_python_prints_them(self, symbol, n, other):
        total = {symbol: 1 + n} if other == symbol else {other: 1, symbol: n}
        assert parse_formula(f"({other}){symbol}{n!r}") == total

    def test_exponents_are_told_from_elements(self):
        assert parse_formula("Ni9e-05") == {"Ni": 9e-05}
        assert parse_formula("Fe1e5O") == {"Fe": 100000, "O": 1}
        assert parse_formula("Fe1E-05") == parse_formula("Fe1e−05") == {"Fe": 1e-05}
        assert parse_formula("Fe2Es") == {"Fe": 2, "Es": 1}
        assert parse_formula("Fe1Er3Eu") == {"Fe": 1, "Er": 3, "Eu": 1}
        assert parse_formula("Ne2He") == {"Ne": 2, "He": 1}

    @given(amounts, st.integers(1, 50), st.sampled_from(["()", "[]", "{}"]), st.integers(1, 50))
    @settings(deadline=None)
    def test_a_group_multiplies_at_any_depth(self, parts, n, brackets, depth):
        inner = "".join(f"{s}{n}" for s, n in parts.items())
        formula = brackets[0] * depth + inner + brackets[1] * depth + str(n)
        assert parse_formula(formula) == {s: pytest.approx(n * m) for s, m in parts.items()}

    @given(formulas, formulas)
    @settings(deadline=None)
    def test_repeated_elements_add_up(self, one, other):
        a, b = parse_formula(one), parse_formula(other)
        total = {s: pytest.approx(a.get(s, 0) + b.get(s, 0)) for s in [*a, *b]}
        assert parse_formula(f"({one})({other})") == parse_formula(f"{one}·{other}") == total

    @given(formulas, st.integers(1, 30), formulas)
    @settings(deadline=None)
    def test_a_coefficient_reaches_to_the_next_dot(self, one, n, other):
        assert parse_formula(f"{n}{one}·{other}") == pytest.approx(
            parse_formula(f"({one}){n}({other})")
        )
        assert parse_formula(f"{other}·{n}{one}") == pytest.approx(
            parse_formula(f"({other})({one}){n}")
        )

    @pytest.mark.parametrize("dot", "·\u0387•●‧∙⋅・･⸱*∗×＊")
    def test_dots_of_a_hydrate(self, dot):
        expected = {"Na": 2, "S": 1, "O": 14, "H": 20}
        for formula in ("Na2SO4{}10H2O", "Na2SO4 {} 10 H2O", "Na2SO4{} 10(H2O)", "Na2SO4{}(H2O)10"):
            assert parse_formula(formula.format(dot)) == expected

    @pytest.mark.parametrize(
        "formula",
        ["Ba10(NO3)2", "Ba₁₀(NO₃)₂", "Ｂａ１０（ＮＯ３）２", "𝐁𝐚₁₀(𝐍𝐎₃)₂", "Ba10 (NO3)2\n", "\ufeffBa10(NO3)2",
         "\u2003Ba10\u00a0(N\u200bO3)2 ", "B\u200ba10(N\u00adO3)2", "Ba10\u2060(N O3\ufe0e)2"],
    )  # fmt: skip
    def test_what_looks_the_same_is_the_same(self, formula):
        assert parse_formula(formula) == {"Ba": 10, "N": 2, "O": 6}

    def test_numpys_strings_are_strings(self):
        assert parse_formula(np.array(["Fe2O3"])[0]) == {"Fe": 2, "O": 3}

    @pytest.mark.parametrize("length", [20_000])
    def test_length_and_depth_know_no_limit(self, length):
        assert parse_formula("(" * length + "Fe" + ")" * length) == {"Fe": 1}
        assert parse_formula("Fe2" * length) == {"Fe": 2 * length}


class TestRefused:
    @pytest.mark.parametrize("formula, words", NO_FORMULAS)
    def test_what_is_no_formula(self, formula, words):
        with pytest.raises(ValueError, match="formula: " + re.escape(words)):
            parse_formula(formula)

    @pytest.mark.parametrize("formula, words", NAMED)
    def test_what_it_is_and_what_to_write(self, formula, words):
        with pytest.raises(ValueError, match=r"^formula: .*" + re.escape(words)):
            parse_formula(formula)

    @pytest.mark.parametrize("formula, first, second", TWOFOLD)
    def test_both_readings_are_named_and_can_be_read(self, formula, first, second):
        words = f"can be read in two ways, write {first!r} or {second!r} at position"
        with pytest.raises(ValueError, match=re.escape(words)):
            parse_formula(formula)
        assert parse_formula(first) != parse_formula(second)

    def test_a_full_stop_is_a_decimal_where_nothing_else_could_be_meant(self):
        assert parse_formula("CuS(O4.5)H2O") == {"Cu": 1, "S": 1, "O": 5.5, "H": 2}
        assert parse_formula("H2OCuSO4.5")["O"] == 5.5
        assert parse_formula("LaMnO0.5OH")["O"] == 1.5  # there is no La Mn O0

    @pytest.mark.parametrize("text", ["nan", "NaN", " NaN\n", "None", "null", "NA", "N/A", "<NA>"])
    def test_missing_values_are_no_formulas(self, text):
        with pytest.raises(ValueError, match=r"expected a formula, got '.*', which stands for"):
            parse_formula(text)

    @pytest.mark.parametrize(
        "formula, words",
        [(None, "None, a missing value"), (np.nan, "nan, a missing value"), (pd.NA, "<NA>, a miss"),
         (26, "int 26"), (b"Fe", "bytes b'Fe'"), (["Fe"], r"list \['Fe'\]"), ({"Fe": 1}, "dict {'Fe'")],
    )  # fmt: skip
    def test_no_string(self, formula, words):
        with pytest.raises(TypeError, match=f"^formula: expected a string, got {words}"):
            parse_formula(formula)

    @pytest.mark.parametrize(
        "formula", ["x" * 10_000, "Fe" * 5000 + "?" + "O" * 5000, "Fe" + "9" * 10_000, "0" * 10_000,
                    "(" * 5000 + ")" * 5000, "O2.2" * 2500 + "H2O", "(Fe" * 50 + "]"]
    )  # fmt: skip
    def test_messages_stay_short(self, formula):
        with pytest.raises(ValueError, match="formula: ") as caught:
            parse_formula(formula)
        assert len(str(caught.value)) < 300

    def test_a_long_formula_is_shown_around_the_place(self):
        with pytest.raises(ValueError, match=r"'\?' at position 10001 of '…(Fe){10}\?O{19}…'"):
            parse_formula("Fe" * 5000 + "?" + "O" * 5000)

    @given(st.text(alphabet="FeNaClOHIV()[]{}0123456789./·+- xδ", max_size=20))
    @settings(deadline=None)
    def test_read_or_refused_never_worse(self, text):
        try:
            parsed = parse_formula(text)
        except ValueError as error:
            assert str(error).startswith("formula: ")
        else:
            assert parsed and set(parsed) <= set(load_elements().symbols)
            assert all(n > 0 for n in parsed.values())


class TestReports:
    @pytest.mark.parametrize("formula, expected", REPORTED)
    def test_read(self, formula, expected):
        expected = expected.split()
        assert parse_formula(formula) == pytest.approx(
            dict(zip(expected[::2], map(float, expected[1::2])))
        )

    @pytest.mark.parametrize("formula", REPORTED_REFUSED)
    def test_refused(self, formula):
        with pytest.raises(ValueError, match=r"^formula: "):
            parse_formula(formula)


class TestWrite:
    @given(st.dictionaries(symbols, st.floats(1e-6, 1e6) | st.integers(1, 9), min_size=1, max_size=6))
    @settings(deadline=None)
    def test_it_is_read_back(self, parts):
        parsed = parse_formula(write_formula(parts))
        assert parsed == parts and list(parsed) == list(parts)

    @pytest.mark.parametrize(
        "parts, formula",
        [
            ({"Ni": 3, "Al": 1.0}, "Ni3Al"),
            ({"Na": 1, "N": 1}, "Na1N1"),  # NaN is a missing value
            ({"Fe": 1, "V": 1, "I": 1}, "Fe1V1I1"),
            ({"Fe": 1, "I": 1, "V": 2}, "Fe1I1V2"),
            ({"Cs": 1, "V": 1, "I": 3}, "CsVI3"),
            ({"Mg": 1, "Cl": 2.6, "H": 2, "O": 1}, "Mg1(Cl2.6)H2O1"),
        ],
    )
    def test_nothing_in_it_can_be_read_in_two_ways(self, parts, formula):
        assert write_formula(parts) == formula and parse_formula(formula) == parts
