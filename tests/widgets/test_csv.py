"""CSV files read in the page: cells, delimiters, numbers and names, and what is refused in words."""

import csv
import io
import json
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looking import STATIC, module

from nnlib.widgets.base import compose


def composed(tmp_path, names):
    """The text of a module that exports these names of files of static, as an object."""
    folder = tmp_path / "entry"
    folder.mkdir()
    for part in STATIC.iterdir():
        (tmp_path / part.name).symlink_to(part)
    imports = "\n".join(f'import {{ {", ".join(n)} }} from "../{file}";' for file, n in names.items())
    (folder / "entry.js").write_text(f"{imports}\nexport default {{ {', '.join(chain(*names.values()))} }};\n")
    return compose(folder / "entry.js")


@pytest.fixture
def reader(page, tmp_path):
    """A function that calls one of these in a page: (name, ...arguments), errors as {"error": words}."""
    opened = page()
    made = module(opened, composed(tmp_path, {
        "shared/csv.js": ["decode", "parseCsv", "guessDelimiter", "readTable", "readNumber"],
        "shared/columns.js": ["describeColumns", "firstChoice", "makePoints", "tasksOf", "choose"],
    }))  # fmt: skip

    def call(name, *arguments):
        return opened.evaluate("""([{ default: all }, name, args]) => {
            try { return JSON.parse(JSON.stringify(all[name](...args))); }
            catch (error) { return { error: error.message }; }
        }""", [made, name, list(arguments)])

    def decode(data):
        return opened.evaluate("""([{ default: all }, bytes]) => {
            try { return all.decode(new Uint8Array(bytes)); } catch (error) { return { error: error.message }; }
        }""", [made, list(data)])

    def points(text, tasks=("classification", "regression"), given=None, **changes):
        return opened.evaluate("""([{ default: all }, text, tasks, given, changes]) => {
            let table;
            try { table = all.readTable(text, given ?? {}); } catch (error) { return { problem: error.message }; }
            const columns = all.describeColumns(table);
            let choice = all.firstChoice(columns, tasks);
            if ("target" in changes) choice = all.choose(columns, choice, changes.target, tasks);
            choice = { ...choice, ...changes };
            const made = all.makePoints(table, columns, choice, tasks);
            return { choice, kinds: columns.map((c) => c.kind), ...made };
        }""", [made, text, list(tasks), given, changes])

    call.page, call.decode, call.points, call.module = opened, decode, points, made
    return call


# Reported to other readers of CSV, each with its delimiter and the number of cells of its rows.
REPORTED = [
    # PapaParse 290, 153: amounts with a decimal comma, some rows without one
    ("08/01/2016;A;-21.419,06\n15/01/2016;A;37.996,97\n15/01/2016;A;-116\n18/01/2016;A;-3.172,95\n", ";", 3),
    ("101300;010114;00;213;A.N.;;;733480,00;-733480,00\n106110;010114;00;213;A.N.;;;73348,16;-73348,16\n", ";", 9),
    ("101300\t010114\t00\t733480,00\t-733480,00\n106110\t010114\t00\t73348,16\t-73348,16\n", "\t", 5),
    # 804: more commas in a cell than there are semicolons
    ("id;shape;n\n1;1 2, 3 4, 5 6, 7 8;4\n2;1 2, 3 4;2\n3;0 0, 1 1, 2 2;3\n", ";", 3),
    ("a|shape|n\nb|1, 2, 3|4\nc|1, 2|3\n", "|", 3),
    ("id\tshape\tn\n1\tx, y, z\t4\n2\tx\t2\n", "\t", 3),
    # 1005, 910, 592: decimal commas with tabs, semicolons, bars
    ("X\tY\tZ\n120,5\t50,3\t2,35\n1,5\t2,5\t3,5\n", "\t", 3),
    ("nome;telefone\nJessica;5,58199E+12\nJoi;5,51197E+12\nBea;5,582E+12\n", ";", 2),
    ("KR-SV1|3,4|AC\nKR-SV1|3,4|AC\nKR-SV1|3,4|AC\n", "|", 3),
    # 930: semicolons within a cell
    ("driver_id,exception_dates\n1202071166,01/04/2022;02/04/2022;05/04/2022;06/04/2022\n", ",", 2),
    ("id,tags\n1,a;b;c\n2,d;e;f\n", ",", 2),
    ('id,tags\n1,"a;b,c"\n2,"d;e,f,g"\n', ",", 2),
    # 860: text with commas
    ("column ; two,three,four,\ncolumn ; two,three,four,\ncolumn ; two\n", ";", 2),
    # 344, 252: line ends of another kind within quotation marks
    ('"a","b"\n"two\r\nlines","c"\n"one","d"', ",", 2),
    ('"a\rb",c\n1,2\n3,4\n', ",", 2),
    ('a,"b\n\nc"\r\n1,2\r\n3,4\r\n', ",", 2),
    # 1123: names end with \n, rows with \r\n
    ("name,city\nAlice,NYC\r\nBob,LA\r\nCarol,SF", ",", 2),
    ("name,city\rAlice,NYC\rBob,LA", ",", 2),
    ("name,city\r\nAlice,NYC\nBob,LA\r\n\r\n", ",", 2),
    # pandas 4793, 13497: a mark before a quotation mark
    ('\ufeff"Country Name","n"\n"Peru","1"\n', ",", 2),
]  # fmt: skip


@pytest.mark.parametrize("text, delimiter, width", REPORTED)
def test_the_delimiter_is_found_where_others_have_missed_it(text, delimiter, width, reader):
    text = reader.decode(text.encode())["text"]
    assert reader("guessDelimiter", text) == delimiter
    rows = reader("parseCsv", text, delimiter)["rows"]
    assert {len(row) for row in rows} == {width}
    assert not any(cell.endswith("\r") or "\ufeff" in cell for row in rows for cell in row)


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
MARKS = st.text(st.sampled_from(' ",;\t|\r\n\'a1'), max_size=6)


def test_what_pythons_csv_writes_is_read_cell_by_cell(reader):
    @settings(max_examples=150)
    @given(st.data())
    def same(data):
        width = data.draw(st.integers(2, 5))
        cell = st.one_of(CELLS, MARKS)
        rows = data.draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=8))
        delimiter = data.draw(st.sampled_from(",;\t|"))
        quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        # With other line ends Python 3.11 writes a cell that holds \r without quotation marks.
        ends = data.draw(st.sampled_from(["\r\n", "\n", "\r"] if quoting == csv.QUOTE_ALL else ["\r\n"]))
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter, lineterminator=ends, quoting=quoting).writerows(rows)
        read = reader("parseCsv", text.getvalue(), delimiter)
        assert read["rows"] == rows and read["open"] == 0

    same()


@pytest.mark.parametrize("text, cells", [
    ('a,b\n"say ""hi""",2\n', ['say "hi"', "2"]),
    ('a,b\n5" pipe,2\n', ['5" pipe', "2"]),  # a mark within a cell is a character
    ('a,b\n x , "y, z"\n', [" x ", "y, z"]),
    ('a,b\n"x" ,"y" z\n', ["x", "y z"]),
    ('a,b\n"",\n', ["", ""]),
    ("a,b\n,\n", ["", ""]),
    ("a,b\n1,2", ["1", "2"]),
])  # fmt: skip
def test_marks_and_spaces_in_cells(text, cells, reader):
    assert reader("parseCsv", text, ",")["rows"] == [["a", "b"], cells]


TEXT = "Härte;Größe\n1,5;2,5\n2,5;3\n"


@pytest.mark.parametrize("data, encoding", [
    (TEXT.encode(), "utf-8-sig"),
    (TEXT.encode("utf-8-sig"), "utf-8-sig"),
    (TEXT.encode("utf-16"), "utf-16"),
    (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
    (TEXT.encode("utf-16-le"), "utf-16-le"),
    (TEXT.encode("utf-16-be"), "utf-16-be"),
    (TEXT.encode("latin-1"), "cp1252"),
    (("€;" + TEXT).encode("cp1252"), "cp1252"),
])  # fmt: skip
def test_encodings_are_found(data, encoding, reader):
    read = reader.decode(data)
    assert read["encoding"] == encoding
    assert read["text"].removeprefix("€;") == TEXT == data.decode(encoding).removeprefix("€;")


@pytest.mark.parametrize("data, words", [
    (b"PK\x03\x04xl/workbook", "a workbook of a spreadsheet, or another archive: save the table as CSV"),
    (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
    (b"\x1f\x8b\x08data", "compressed: unpack it first"),
    (b"%PDF-1.7 ...", "a PDF"),
    (b"\x00\x00\x01\x00\x02\x00\x00\x03", "no text"),
])  # fmt: skip
def test_what_is_no_text_is_refused_in_words(data, words, reader):
    assert words in reader.decode(data)["error"]


@pytest.mark.parametrize("cell, decimal, value", [
    ("3.5", ".", 3.5), (" -3 ", ".", -3), ("+.5e-3", ".", 5e-4), ("1E+05", ".", 1e5), ("−2", ".", -2), ("7.", ".", 7),
    ("3,5", ",", 3.5), ("-,5", ",", -0.5), ("5,58199E+12", ",", 5.58199e12), ("12", ",", 12),
    ("3,5", ".", None), ("1.5", ",", None), ("1,234", ".", None), ("1 234", ".", None), ("1.234.567", ".", None),
    ("0x42ef4", ".", None), ("Infinity", ".", None), ("1e999", ".", None), ("", ".", None), ("1_000", ".", None),
    ("12 %", ".", None), ("1/2", ".", None), ("--1", ".", None), ("e5", ".", None), ("\uff15", ".", None),
])  # fmt: skip
def test_numbers(cell, decimal, value, reader):
    assert reader("readNumber", cell, decimal) == value


# (text, names, the first row, decimal, words of a note)
TABLES = [
    ("a,b\n1,2\n3,4\n", ["a", "b"], ["1", "2"], ".", None),
    ("1,2\n3,4\n", ["column 1", "column 2"], ["1", "2"], ".", None),
    ("a;b\n1,5;2\n3,25;4\n", ["a", "b"], ["1,5", "2"], ",", None),
    ("a;b\n1.5;2\n3.25;4\n", ["a", "b"], ["1.5", "2"], ".", None),
    ("sep=;\r\na;b\r\n1,5;2\r\n3;4\r\n", ["a", "b"], ["1,5", "2"], ",", None),
    ("a,a,,b\n1,2,3,4\n5,6,7,8\n", ["a", "a (2)", "column 3", "b"], ["1", "2", "3", "4"], ".", None),
    ("a ,a , a\n1,2,3\n4,5,6\n", ["a", "a (2)", "a (3)"], ["1", "2", "3"], ".", None),  # pandas 14367
    ("0,-0.1,0,0.1\n10,123,456,789\n", ["column 1", "column 2", "column 3", "column 4"], ["0", "-0.1", "0", "0.1"], ".",
     None),  # pandas 14704: names that are numbers are not told from rows
    ("A,B,C\n1,4,7,\n2,5,8,\n3,6,9,\n", ["A", "B", "C"], ["1", "4", "7"], ".", None),  # pandas 14124
    ("A,B,C\n1,4,\n2,5\n3,6,9\n4,5,6\n5,6,7\n", ["A", "B", "C"], ["1", "4", ""], ".", None),
    ("x,y\nu,1,2\nv,3,4\n", ["row names", "x", "y"], ["u", "1", "2"], ".", "as R writes them"),
    ("Measured in May\nby Ann\na,b\n1,2\n3,4\n5,6\n", ["a", "b"], ["1", "2"], ".", "2 lines above the table are left out"),
    ("Measured,,\na,b,c\n1,2,3\n4,5,6\n", ["a", "b", "c"], ["1", "2", "3"], ".", "One line above"),
    ("# a,b\n1,2\n3,4\n", ["a", "b"], ["1", "2"], ".", None),
    ("name,kind\nu,p\nv,q\nw,q\n", ["name", "kind"], ["u", "p"], ".", None),
    ("u,p\nv,q\nw,q\nu,q\n", ["column 1", "column 2"], ["u", "p"], ".", None),
    ('"a\nb",c\n1,2\n3,4\n', ["a b", "c"], ["1", "2"], ".", None),
    ("a\tb\nNA\t2\n1\tNA\n", ["a", "b"], ["NA", "2"], ".", None),
    ("\n\na,b\n\n1,2\n\n3,4\n\n\n", ["a", "b"], ["1", "2"], ".", None),  # PapaParse 154, 285
]  # fmt: skip


@pytest.mark.parametrize("text, names, first, decimal, note", TABLES)
def test_names_and_rows_are_found(text, names, first, decimal, note, reader):
    table = reader("readTable", text)
    assert (table["names"], table["rows"][0], table["decimal"]) == (names, first, decimal)
    assert (note or "") in " ".join(table["notes"]) and bool(note) == bool(table["notes"])
    # A program that skips as many rows finds the same ones.
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=table["delimiter"]) if row]
    assert rows[table["skip"]][: len(first)] == first[: len(rows[table["skip"]])]


def test_what_was_guessed_can_be_put_right(reader):
    years = "x,2019,2020\nu,1,2\nv,3,4\n"
    assert reader("readTable", years)["header"] is False
    table = reader("readTable", years, {"header": True})
    assert table["names"] == ["x", "2019", "2020"] and len(table["rows"]) == 2
    assert reader("readTable", "a;b,c\n1;2,5\n", {"delimiter": ","})["names"] == ["a;b", "c"]


@pytest.mark.parametrize("text, words", [
    ("", "nothing in it"),
    (" \n\n", "nothing in it"),
    ("1\n2\n3\n", "only one column"),
    ('a,b\n1,2\n3,"4\n5,6\n', "line 3 begins with a quotation mark that is never closed"),
])  # fmt: skip
def test_what_is_no_table_is_refused_in_words(text, words, reader):
    assert words in reader("readTable", text)["error"]


# ---- Points ------------------------------------------------------------------------------------------


def table(*rows, names="a,b,y"):
    return "\n".join([names, *rows])


FOUR = ["1,2,no", "3,5,yes", "2,1,no", "4,4,yes"]
REFUSED = [
    (table("u,2,no", "v,5,yes", "w,1,no", "x,4,yes"), {"x": [0, 1]}, "“a” holds text (“u” in line 2)"),
    (table("2020-01-02,2,no", "2020-01-03,5,yes", "2020-01-04,1,no", "2021-01-01,4,yes"), {"x": [0, 1]},
     "“a” holds dates"),
    (table("<0.1,2,no", *FOUR), {"x": [0, 1]}, "“a” has 1 cell that is no number, the first “<0.1” in line 2"),
    (table('"1,234",2,no', *FOUR), {"x": [0, 1]}, "“1,234” in line 2 of “a” has a separator of thousands"),
    (table("1 234,2,no", *FOUR), {"x": [0, 1]}, "separator of thousands"),
    (table("300,2,no", "300,5,yes", "300,1,no", "300,4,yes"), {"x": [0, 1]}, "“a” is 300 in every row"),
    (table(",2,no", ",5,yes", ",1,no", ",4,yes"), {"x": [0, 1]}, "“a” is empty"),
    (table("1e18,2,no", *FOUR), {"x": [0, 1]}, "“a” holds numbers up to 1.00e+18"),
    (table(*FOUR), {"x": [0, 0]}, "the same column"),
    (table(*FOUR), {"x": [0, 2]}, "“y” is to be learned"),
    (table("1,2,no", "3,5,no", "2,1,no", "4,4,no"), {"target": 2}, "one class only, “no”"),
    (table("1,2,p", "3,5,q", "2,1,r", "4,4,s"), {"target": 2}, "names have"),
    (table("1,2,no", "3,5,yes", "2,,no", "4,4,yes"), {}, "Only 3 rows have all three values"),
    (table("1,2,", "3,5,", "2,1,", "4,4,"), {"target": 2, "x": [0, 1]}, "“y” is empty"),
    (table("1,,no", "3,5,yes", "2,,no", "4,4,yes", "5,6,yes", "7,1,yes"), {}, "All 4 rows that have both features"),
    (table("1,2,no", "1,5,yes", "2,,no", "1,4,yes", "1,6,no"), {}, "“a” is the same in all rows that can be used"),
]  # fmt: skip


@pytest.mark.parametrize("text, choice, words", REFUSED)
def test_what_cannot_be_learned_from_is_refused_in_words(text, choice, words, reader):
    assert words in reader.points(text, **choice)["problem"]


def test_two_columns_and_a_label_become_points(reader):
    made = reader.points(table("9,1,2,no", "8,3,5,yes", "7,2,1,no", "6,4,4,yes", names="n,a,b,y"))
    assert made["choice"]["x"] == [1, 2], "a column that counts is no quantity"
    assert made["points"] == [[1, 2, 0], [3, 5, 1], [2, 1, 0], [4, 4, 1]]
    assert (made["names"], made["classes"], made["task"]) == (["a", "b", "y"], ["no", "yes"], "classification")
    assert made["center"] == [2.5, 3, 0] and made["scale"] == pytest.approx([1.25**0.5, 2.5**0.5, 1], rel=1e-15)
    plain = reader.points(table(*FOUR), standardize=False)
    assert (plain["center"], plain["scale"]) == ([0, 0, 0], [1, 1, 1])


def test_a_regression_is_standardized_too(reader):
    made = reader.points(table("1,2,310", "3,5,520", "2,1,250", "4,4,700"))
    assert made["task"] == "regression" and made["choice"]["target"] == 2
    assert made["center"][2] == 445 and made["scale"][2] == pytest.approx(31725**0.5)
    few = reader.points(table("1,2,310", "3,5,520", "2,1,250", "4,4,700"), tasks=["classification"], x=[0, 1])
    assert "another value in each row" in few["problem"]


def test_rows_that_lack_a_value_are_counted(reader):
    lacking = [",1,no", "NaN,2,yes", "1,?,no", "-,#N/A,yes", "1,2,", "1,2,n/a"]
    made = reader.points(table(*FOUR, *lacking))
    assert len(made["points"]) == 4
    assert made["notes"] == ["6 rows left out for an empty cell: 3 in “a”, 2 in “b”, 2 in “y”."]
    made = reader.points(table(*FOUR, *FOUR, *FOUR, "1,2,no,4"))
    assert "1 row left out for more cells than the table has columns." in made["notes"]


@pytest.mark.parametrize("code", ["NA", "None"])  # Namibia, a control group: csvkit 968, pandas 10647
def test_a_class_may_be_called_as_a_missing_value_is(code, reader):
    made = reader.points(table("1,2,EU", f"3,5,{code}", "2,1,EU", f"4,4,{code}"))
    assert sorted(made["classes"]) == sorted(["EU", code]) and len(made["points"]) == 4
    numbers = reader.points(table("1,2,no", f"{code},5,yes", *FOUR))
    assert len(numbers["points"]) == 5


def test_of_many_classes_two_are_picked(reader):
    rows = [f"{k},{k * k % 7},{'pqqrrr'[k % 6]}" for k in range(24)]
    made = reader.points(table(*rows))
    assert made["classes"] == ["q", "r"] and len(made["points"]) == 20
    assert "4 rows left out, of other classes." in made["notes"]
    others = reader.points(table(*rows), classes=["\0others", "p"])
    assert others["classes"] == ["not p", "p"] and len(others["points"]) == 24
    assert sum(point[2] for point in others["points"]) == 4


@pytest.mark.parametrize("names, cells, words", [
    ("id,b,c,y", ["1", "2", "3", "4"], "counts the rows"),
    ("zip,b,c,y", ["01569", "02138", "10001", "94110"], "zeros in front"),
    ("day,b,c,y", ["20240131", "20240201", "20240202", "20231224"], "looks like dates written as numbers"),
])  # fmt: skip
def test_codes_that_look_like_numbers_are_warned_of(names, cells, words, reader):
    rows = [f"{cell},{k * k % 5},{k % 3},{'yn'[k % 2]}" for k, cell in enumerate(cells)]
    assert reader.points(table(*rows, names=names))["choice"]["x"] == [1, 2]
    chosen = reader.points(table(*rows, names=names), x=[0, 1])
    assert any(words in note for note in chosen["notes"])


def test_of_more_than_5000_rows_evenly_spread_ones_are_taken(reader):
    rows = [f"{k * 7919 % 10007},{k},{'no' if k < 6000 else 'yes'}" for k in range(12000)]
    made = reader.points(table(*rows), x=[0, 1])
    assert len(made["points"]) == 5000 and made["points"][-1][1] == 4999 * 12000 // 5000
    assert sum(point[2] for point in made["points"]) == 2500
    assert any("Of 12,000 rows, 5,000 are taken" in note for note in made["notes"])


def test_numbers_are_standardized_as_numpy_does(reader):
    import numpy as np

    rng = np.random.default_rng(0)
    points = np.column_stack([rng.normal(1e6, 3, 300), rng.lognormal(size=300), rng.normal(300, 50, 300)])
    made = reader.points(table(*(",".join(map(repr, row)) for row in points.tolist())))
    np.testing.assert_array_equal(made["points"], points)
    np.testing.assert_allclose(made["center"], points.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(made["scale"], points.std(axis=0), rtol=1e-12)
    assert json.dumps(made["rows"][:3]) == "[0, 1, 2]"
