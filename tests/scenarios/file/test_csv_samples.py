"""CSV files: samples are read exactly, nothing outside the folder is, and what is wrong is said with its line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.file.beside import file_beside
from scenarios.file.csv_samples import Layout, alphabetical, read_samples
from scenarios.file.csv_text import DELIMITERS

ANY = "allowed: x1,x2,…,y1,…, or any names and with them inputs = […] and outputs = […]"
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def write(folder, text, name="a.csv"):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


def read(folder, name, **layout):
    return read_samples(file_beside(folder, name), name, Layout(**layout))


def refusal(folder, name, **layout):
    with pytest.raises(ValueError, match=r"\S") as error:
        read(folder, name, **layout)
    return str(error.value)


def numbers(folder, name, **layout):
    samples = read(folder, name, **layout)
    return samples.x.tolist(), samples.y.tolist()


def test_columns_are_inputs_and_outputs(tmp_path):
    x, y = numbers(tmp_path, write(tmp_path, "x1,x2,y1\n1,2,3\n-4.5,1e3,0.5\n"))
    assert x == [[1, 2], [-4.5, 1000]]
    assert y == [[3], [0.5]]


def test_spaces_blank_lines_quotes_and_other_line_ends_are_no_harm(tmp_path):
    text = b'\xef\xbb\xbf x1 ,y1\r\n\r\n 1 ,"2"\r\n  \r\n3, 4'
    assert numbers(tmp_path, write(tmp_path, text)) == ([[1], [3]], [[2], [4]])


def test_files_in_folders_below_are_read(tmp_path):
    (tmp_path / "below").mkdir()
    write(tmp_path / "below", "x1,y1\n1,2\n")
    assert numbers(tmp_path, "below/a.csv")[0] == [[1]]
    assert numbers(tmp_path, "./below/a.csv")[0] == [[1]]
    (tmp_path / "link.csv").symlink_to("below/a.csv")
    assert numbers(tmp_path, "link.csv")[0] == [[1]]


@given(rows=st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=5))
def test_every_number_is_read_exactly(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("csv")
    text = "x1,y1,y2\n" + "".join(f"{a!r},{b!r},{c!r}\n" for a, b, c in rows)
    samples = read(folder, write(folder, text))
    np.testing.assert_array_equal(np.hstack([samples.x, samples.y]), rows)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", '"a.csv", line 1: found the header ""; ' + ANY),
        ("1,2\n", '"a.csv", line 1: found the header "1,2"; ' + ANY),
        ("x1,x2\n1,2", '"a.csv", line 1: found the header "x1,x2"; ' + ANY),
        ("y1\n1", '"a.csv", line 1: found the header "y1"; ' + ANY),
        ("y1,x1\n1,2", '"a.csv", line 1: found the header "y1,x1"; ' + ANY),
        ("x1,x3,y1\n1,2,3", '"a.csv", line 1: found the header "x1,x3,y1"; ' + ANY),
        ("\nx1,y2\n1,2", '"a.csv", line 2: found the header "x1,y2"; ' + ANY),
        ("x1,y1\n", '"a.csv", line 1: there are no samples below the header'),
        ("x1,y1\n1\n", '"a.csv", line 2: found 1 values; allowed: 2, as in the header'),
        ("x1,y1\n1,2\n\n3,4,\n", '"a.csv", line 4: found 3 values; allowed: 2, as in the header'),
        (
            "x1,y1\n1,2\n1,two\n",
            '"a.csv", line 3, column 2 (y1): found "two"; allowed: a finite number, as in line 2'
            "; classes = […] makes all of them labels",
        ),
        ("x1,y1\n,2\n", '"a.csv", line 2, column 1 (x1): found nothing; allowed: a finite number'),
        ("x1,y1\n1,nan\n", '"a.csv", line 2, column 2 (y1): found "nan"; allowed: a finite number'),
        ("x1,y1\n1e999,2\n", '"a.csv", line 2, column 1 (x1): found "1e999"; allowed: a finite number'),
        ("x1,y1\n1_000,2\n", '"a.csv", line 2, column 1 (x1): found "1_000"; allowed: a finite number'),
        ("x1,y1\n=1+1,2\n", '"a.csv", line 2, column 1 (x1): found "=1+1"; allowed: a finite number'),
        (b"x1,y1\n\xff,2\n", '"a.csv", line 2: the byte 0xff is not UTF-8; save the file as CSV in UTF-8'),
    ],
)
def test_files_that_hold_no_samples_are_refused_with_the_line(tmp_path, text, message):
    assert refusal(tmp_path, write(tmp_path, text)) == message


def test_too_many_samples_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("scenarios.file.csv_samples.MAX_SAMPLES", 2)
    assert len(read(tmp_path, write(tmp_path, "x1,y1\n1,1\n2,2\n")).x) == 2
    assert refusal(tmp_path, write(tmp_path, "x1,y1\n1,1\n2,2\n3,3\n")) == '"a.csv", line 4: more than 2 samples'


@pytest.mark.parametrize(
    "name", ["/a.csv", "../a.csv", "below/../../a.csv", "..", "\\a.csv", "..\\a.csv", "C:\\a", "C:a", ""]
)
def test_names_that_lead_out_of_the_folder_are_refused(tmp_path, name):
    folder = tmp_path / "folder"
    folder.mkdir()
    write(tmp_path, "x1,y1\n1,2\n")
    assert refusal(folder, name).endswith('; allowed: a path relative to this file, without ".."')


def test_links_out_of_the_folder_are_refused(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    write(tmp_path, "x1,y1\n1,2\n")
    (folder / "link.csv").symlink_to(tmp_path / "a.csv")
    (folder / "up").symlink_to(tmp_path)
    (folder / "circle").symlink_to("circle")
    assert refusal(folder, "link.csv") == '"link.csv" is a link out of the folder'
    assert refusal(folder, "up/a.csv") == '"up/a.csv" is a link out of the folder'
    assert refusal(folder, "circle").startswith('cannot read "circle": ')


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.csv", 'cannot read "none.csv": No such file or directory'),
        (".", '"." is not a file'),
        ("below", '"below" is not a file'),
        ("a\0b", 'cannot read "a\\x00b": not a path'),
        ("x" * 999, f'cannot read "{"x" * 39}…": File name too long'),
    ],
)
def test_what_is_no_file_is_refused(tmp_path, name, message):
    (tmp_path / "below").mkdir()
    assert refusal(tmp_path, name) == message


@given(content=st.one_of(st.binary(max_size=60), st.text(max_size=40).map(lambda text: f"x1,y1\n{text}".encode())))
def test_any_file_is_samples_or_one_line_of_error(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("csv")
    try:
        samples = read(folder, write(folder, content))
    except ValueError as error:
        message = str(error)
    else:
        message = "fine"
        assert np.isfinite(samples.x).all()
        assert len(samples.x) == len(samples.y) > 0
    assert message.isprintable()


DOSES = {"inputs": ("age", "dose"), "outputs": ("cured",)}


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_delimiter_is_told_from_the_file(tmp_path, delimiter, end, mark):
    rows = [["name", "age", "dose", "cured"], ["a", "37", "1e-3", "1"], ["b", "20", "-2.5", "0"]]
    text = end.join(delimiter.join(row) for row in rows) + end * 3
    name = write(tmp_path, mark + text.encode())
    samples = read(tmp_path, name, **DOSES)
    assert (samples.x.tolist(), samples.y.tolist()) == ([[37, 0.001], [20, -2.5]], [[1], [0]])
    assert (samples.names.inputs, samples.names.outputs) == (("age", "dose"), ("cured",))


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nage;dose;cured\n37;1;2\n",
        '"age","dose","cured"\n"37","1","2"\n',
        'cured,"a, b",dose,age\n2,"x\ny",1,37\n',
        "age , dose , cured\n 37 , 1 , 2 \n",
        '"age" ; "dose" ; "cured" \n "37" ; "1" ; "2" \n',
        "age;dose;cured;\n37;1;2;\n;;;\n",
        "  age   dose cured\n 37  1   2\n",
        "dose,the age of all,cured,age\n1,0,2,37\n",
        "dose;age, in years;cured;age\n1;3,5;2;37\n",
        "age\tdose\tcured\n37\t1\t2",
    ],
)
def test_what_spreadsheets_write_is_read(tmp_path, text):
    assert numbers(tmp_path, write(tmp_path, text), **DOSES) == ([[37, 1]], [[2]])


def test_decimal_commas_are_read_where_they_are_said(tmp_path):
    name = write(tmp_path, "age;dose;cured\n37;1,5;-,25\n20;1e-3;+2,5e1\n")
    assert numbers(tmp_path, name, decimal=",", **DOSES) == ([[37, 1.5], [20, 0.001]], [[-0.25], [25]])
    assert refusal(tmp_path, name, **DOSES) == (
        '"a.csv", line 2, column 2 (dose): found "1,5"; allowed: a finite number; decimal = "," reads decimal commas'
    )
    assert refusal(tmp_path, write(tmp_path, "x1,y1\n1,2\n"), decimal=",").startswith(
        '"a.csv", commas part the columns'
    )
    for cell in ("1.234,5", "1.5"):
        said = refusal(tmp_path, write(tmp_path, f"age;dose;cured\n37;{cell};1\n"), decimal=",", **DOSES)
        assert said.endswith(f'found "{cell}"; allowed: a number with a decimal comma, and nothing between thousands')


def test_labels_become_classes_in_the_order_of_the_alphabet(tmp_path):
    name = write(tmp_path, "age,species\n1,virginica\n2,setosa\n3,Versicolor\n4, setosa\n")
    columns = {"inputs": ("age",), "outputs": ("species",)}
    samples = read(tmp_path, name, **columns)
    assert samples.names.classes == ("setosa", "Versicolor", "virginica")
    assert samples.y.ravel().tolist() == [2, 0, 1, 0]
    given = read(tmp_path, name, classes=("virginica", "setosa", "Versicolor"), **columns)
    assert given.y.ravel().tolist() == [0, 1, 2, 1]


def test_numbers_are_labels_where_classes_are_given(tmp_path):
    name = write(tmp_path, "x1,y1\n5,3\n6,1\n")
    samples = read(tmp_path, name, classes=("3", "1", "2"))
    assert (samples.y.ravel().tolist(), samples.names.classes) == ([0, 1], ("3", "1", "2"))
    assert samples.names.inputs == ()


@given(st.lists(st.text(st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=3), min_size=2, max_size=30))
def test_any_labels_are_numbered_by_their_place_in_the_alphabet(tmp_path_factory, labels):
    folder = tmp_path_factory.mktemp("csv")
    labels = [label for label in labels if label.casefold() not in ("nan", "inf")] + ["ya", "no"]
    text = "x1,y1\n" + "".join(f"{n},{label}\n" for n, label in enumerate(labels))
    samples = read(folder, write(folder, text))
    assert samples.names.classes == tuple(alphabetical(set(labels)))
    assert [samples.names.classes[int(y)] for y in samples.y.ravel()] == labels


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("age,age,cured\n1,2,3", 'line 1: columns 1 and 2 are both called "age"'),
        (
            "age,doze,cured\n1,2,3",
            'line 1: has no column "dose"; allowed: "age", "doze", "cured"; did you mean "doze"?',
        ),
        ("age,dose,cured\n", "line 1: there are no samples below the header"),
        ("age,dose,cured\n\n\n\n", "line 1: there are no samples below the header"),
        ("age\n1\n", 'line 1: has no column "dose"; allowed: "age"'),
        (
            "age,dose,cured\n1,high,3",
            'line 2, column 2 (dose): found "high"; allowed: a finite number, as inputs are numbers',
        ),
        (
            "age,dose,cured\n1,2,yes\n1,2,no\n1,2,\n",
            "line 4, column 3 (cured): found nothing; allowed: a label in words, as in line 2",
        ),
        (
            "age,dose,cured\n1,2,yes\n1,2,7\n",
            'line 3, column 3 (cured): found "7"; allowed: a label in words, as in line 2'
            "; classes = […] takes numbers as labels too",
        ),
        ("age,dose,cured\n1,2,yes\n3,4,yes", 'all cured are "yes"; allowed: two labels or more'),
        ("age,dose,cured\n1,2,5%\n", 'line 2, column 3 (cured): found "5%"; allowed: a finite number'),
        ("age,dose,cured\n1,inf,3\n", 'line 2, column 2 (dose): found "inf"; allowed: a finite number'),
        ('age,dose,cured\n1,2,"3\n4,5,6\n', "line 2: a quotation mark is not closed"),
        ('age,dose,cured\n1,2,3\n"1"5,5,6\n', "line 3: ',' expected after '\"'"),
        ("age,dose,cured\n1,2,3\n4,5\n", "line 3: found 2 values; allowed: 3, as in the header"),
        ("sep=|\nage|dose|cured\n1|2|3", 'line 1: found "|" after sep=; allowed: a tab, a semicolon, a comma, a blank'),
        ("age,dose,cured\n1,2,3\n4,5,6\n".encode("utf-16"), "line 1: this is UTF-16; save it as CSV in UTF-8"),
        (
            "âge,dose\n1,2\n".encode() + "3,é\n".encode("latin-1"),
            "line 3: the byte 0xe9 is not UTF-8; save the file as CSV in UTF-8",
        ),
    ],
)
def test_what_cannot_be_read_is_named_with_line_and_column(tmp_path, text, message):
    assert refusal(tmp_path, write(tmp_path, text), **DOSES) == f'"a.csv", {message}'


def test_labels_stand_in_a_single_output(tmp_path):
    name = write(tmp_path, "x1,y1,y2\n1,yes,no\n")
    assert refusal(tmp_path, name).endswith('found "yes"; allowed: a finite number, as labels stand in a single output')


@pytest.mark.parametrize("lines", [5_000, 60_000])
@pytest.mark.parametrize("odd", [4_000, 4_999])
def test_a_cell_far_down_is_named_by_its_line_whether_others_are_quoted_or_not(tmp_path, lines, odd):
    for quoted in ("3", '"3"'):
        rows = [f"{n},2,{quoted}" for n in range(lines)]
        rows[odd] = "1,two,3"
        text = "age,dose,cured\n" + "\n".join(rows)
        said = refusal(tmp_path, write(tmp_path, text), **DOSES)
        assert said.startswith(f'"a.csv", line {odd + 2}, column 2 (dose): found "two"')


CELLS = st.sampled_from(
    ["1", "-2.5", "1e3", " 7", '"4"', '"5 "', "", "x", '"a,b"', '"c""d"', '"e\nf"', "nan", "1_0", "0,5", "\0"]
)


@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=6),
    delimiter=st.sampled_from(list(DELIMITERS)),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    decimal=st.sampled_from([".", ","]),
)
def test_any_cells_are_samples_or_one_line_that_names_the_file(tmp_path_factory, rows, delimiter, end, decimal):
    folder = tmp_path_factory.mktemp("csv")
    text = end.join(map(delimiter.join, [["age", "dose", "cured"], *rows]))
    try:
        samples = read(folder, write(folder, text), decimal=decimal, **DOSES)
    except ValueError as error:
        message = str(error)
    else:
        message = '"a.csv", fine'
        assert samples.x.shape[1:] == (2,)
        assert np.isfinite(samples.x).all()
    assert message.startswith('"a.csv", ')
    assert message.isprintable()


def test_who_waits_is_told_how_much_is_read(tmp_path):
    name = write(tmp_path, "x1,y1\n" + "1,2\n" * 200_000)
    told = []
    read_samples(tmp_path / name, name, watch=lambda done, size: told.append((done, size)))
    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1] == (800_006, 800_006)
