"""CSV files: samples are read exactly, nothing outside the folder is, and what is wrong is said with its line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.file.csv_samples import read_samples

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def write(folder, text, name="a.csv"):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


def refusal(folder, name):
    with pytest.raises(ValueError, match=r"\S") as error:
        read_samples(folder, name)
    return str(error.value)


def test_columns_are_inputs_and_outputs(tmp_path):
    x, y = read_samples(tmp_path, write(tmp_path, "x1,x2,y1\n1,2,3\n-4.5,1e3,0.5\n"))
    assert x.tolist() == [[1, 2], [-4.5, 1000]]
    assert y.tolist() == [[3], [0.5]]


def test_spaces_blank_lines_quotes_and_other_line_ends_are_no_harm(tmp_path):
    text = b'\xef\xbb\xbf x1 ,y1\r\n\r\n 1 ,"2"\r\n  \r\n3, 4'
    x, y = read_samples(tmp_path, write(tmp_path, text))
    assert (x.tolist(), y.tolist()) == ([[1], [3]], [[2], [4]])


def test_files_in_folders_below_are_read(tmp_path):
    (tmp_path / "below").mkdir()
    write(tmp_path / "below", "x1,y1\n1,2\n")
    assert read_samples(tmp_path, "below/a.csv")[0].tolist() == [[1]]
    assert read_samples(tmp_path, "./below/a.csv")[0].tolist() == [[1]]
    (tmp_path / "link.csv").symlink_to("below/a.csv")
    assert read_samples(tmp_path, "link.csv")[0].tolist() == [[1]]


@given(rows=st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=5))
def test_every_number_is_read_exactly(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("csv")
    text = "x1,y1,y2\n" + "".join(f"{a!r},{b!r},{c!r}\n" for a, b, c in rows)
    x, y = read_samples(folder, write(folder, text))
    np.testing.assert_array_equal(np.hstack([x, y]), rows)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", '"a.csv", line 1: found the header ""; allowed: x1,x2,…,y1,…'),
        ("1,2\n", '"a.csv", line 1: found the header "1,2"; allowed: x1,x2,…,y1,…'),
        ("x1;y1\n1;2", '"a.csv", line 1: found the header "x1;y1"; allowed: x1,x2,…,y1,…'),
        ("x1,x2\n1,2", '"a.csv", line 1: found the header "x1,x2"; allowed: x1,x2,…,y1,…'),
        ("y1\n1", '"a.csv", line 1: found the header "y1"; allowed: x1,x2,…,y1,…'),
        ("y1,x1\n1,2", '"a.csv", line 1: found the header "y1,x1"; allowed: x1,x2,…,y1,…'),
        ("x1,x3,y1\n1,2,3", '"a.csv", line 1: found the header "x1,x3,y1"; allowed: x1,x2,…,y1,…'),
        ("\nx1,y2\n1,2", '"a.csv", line 2: found the header "x1,y2"; allowed: x1,x2,…,y1,…'),
        ("x1,y1\n", '"a.csv", line 1: there are no samples below the header'),
        ("x1,y1\n1\n", '"a.csv", line 2: found 1 values; allowed: 2, as in the header'),
        ("x1,y1\n1,2\n\n3,4,\n", '"a.csv", line 4: found 3 values; allowed: 2, as in the header'),
        ("x1,y1\n1,two\n", '"a.csv", line 2: found "two" for y1; allowed: a finite number'),
        ("x1,y1\n,2\n", '"a.csv", line 2: found "" for x1; allowed: a finite number'),
        ("x1,y1\n1,nan\n", '"a.csv", line 2: found "nan" for y1; allowed: a finite number'),
        ("x1,y1\n1e999,2\n", '"a.csv", line 2: found "1e999" for x1; allowed: a finite number'),
        ("x1,y1\n1_000,2\n", '"a.csv", line 2: found "1_000" for x1; allowed: a finite number'),
        ("x1,y1\n=1+1,2\n", '"a.csv", line 2: found "=1+1" for x1; allowed: a finite number'),
        (b"x1,y1\n\xff,2\n", '"a.csv" is not UTF-8 text'),
    ],
)
def test_files_that_hold_no_samples_are_refused_with_the_line(tmp_path, text, message):
    assert refusal(tmp_path, write(tmp_path, text)) == message


def test_too_many_samples_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("scenarios.file.csv_samples.MAX_SAMPLES", 2)
    assert len(read_samples(tmp_path, write(tmp_path, "x1,y1\n1,1\n2,2\n"))[0]) == 2
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
        x, y = read_samples(folder, write(folder, content))
    except ValueError as error:
        message = str(error)
    else:
        message = "fine"
        assert np.isfinite(x).all()
        assert len(x) == len(y) > 0
    assert message.isprintable()
