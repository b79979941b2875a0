"""What lies in an archive is read as if it lay in a folder; bombs and ways out are refused."""

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Mapping

import pytest

from indexer.corpus.scan import HIDDEN
from indexer.loaders.formats.archives import LEADS_OUT, NOT_A_FILE
from tests.support.reading_helpers import read

ROWS = b'{"id": "a", "text": "It sank."}\n{"text": "It was shut."}\n'
CSV = b"text,title\nTwo.,Two\n"
MEMBERS = {"news/ferry.txt": b"The ferry sank.", "rows.jsonl": ROWS, "photo.jpg": b"\xff\xd8"}
TEXTS = {
    "news/ferry.txt": "The ferry sank.",
    "rows.jsonl#a": "It sank.",
    "rows.jsonl#2": "It was shut.",
}


def zipped(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(members: Mapping[str, bytes], *others: tarfile.TarInfo) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for other in others:
            archive.addfile(other)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.zip", zipped(MEMBERS)),
        ("x.tar", tarred(MEMBERS)),
        ("x.tar.gz", gzip.compress(tarred(MEMBERS))),
        ("X.TGZ", gzip.compress(tarred(MEMBERS))),
        ("x.tar.xz", lzma.compress(tarred(MEMBERS))),
        ("x.txz", lzma.compress(tarred(MEMBERS))),
    ],
)
@pytest.mark.parametrize("seekable", [True, False])
def test_every_member_is_read_by_its_own_loader_under_its_own_name(
    name: str, content: bytes, seekable: bool
) -> None:
    found = read(content, name, seekable=seekable)
    assert found.texts == TEXTS
    assert found.reasons == {"photo.jpg": "format not supported"}
    assert found.stopped is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.jsonl.gz", gzip.compress(ROWS)),
        ("x.jsonl.xz", lzma.compress(ROWS)),
        ("x.jsonl.lzma", lzma.compress(ROWS, format=lzma.FORMAT_ALONE)),
        ("x.jsonl.gz", gzip.compress(ROWS[:40]) + gzip.compress(ROWS[40:])),
        ("x.jsonl.gz.xz", lzma.compress(gzip.compress(ROWS))),
    ],
)
def test_a_compressed_file_is_read_as_what_it_unpacks_to(name: str, content: bytes) -> None:
    found = read(content, name, seekable=False)
    assert found.texts == {"a": "It sank.", "2": "It was shut."}
    assert found.stopped is None


def test_a_compressed_article_is_one_article_without_a_key() -> None:
    assert read(gzip.compress(b"One."), "a.txt.gz").only.key == ""
    assert read(gzip.compress(b"One."), "a.jpg.gz").why == ("format not supported", "")
    assert read(gzip.compress(b"One."), "a.gz").why == ("format not supported", "")


def test_archives_within_each_other_are_read_and_named_by_every_step() -> None:
    inner = zipped({"t.csv.xz": lzma.compress(CSV)})
    content = gzip.compress(tarred({"in/week.zip": inner}))
    assert read(content, "x.tar.gz").texts == {"in/week.zip#t.csv.xz#1": "Two\n\nTwo."}


def test_a_member_larger_than_an_article_is_counted_and_the_next_one_read() -> None:
    content = zipped({"long.txt": b"a " * 5_000, "b.txt": b"Two."})
    found = read(content, "x.zip", max_bytes=5_000)
    assert found.texts == {"b.txt": "Two."}
    assert found.reasons == {"long.txt": "larger than the limit"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../secret.txt", LEADS_OUT),
        ("a/../../secret.txt", LEADS_OUT),
        ("/etc/secret.txt", LEADS_OUT),
        ("..\\secret.txt", LEADS_OUT),
        ("C:\\secret.txt", LEADS_OUT),
        (".hidden.txt", HIDDEN),
        ("__MACOSX/a.txt", HIDDEN),
    ],
)
def test_a_member_whose_name_leads_out_or_is_hidden_is_counted(name: str, reason: str) -> None:
    for archive, suffix in ((zipped, "zip"), (tarred, "tar")):
        found = read(archive({name: b"Secret.", "a.txt": b"One."}), f"x.{suffix}")
        assert found.texts == {"a.txt": "One."}
        assert found.reasons == {name: reason}


def test_links_and_devices_in_a_tar_are_counted() -> None:
    others = []
    for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE)):
        info = tarfile.TarInfo(f"{number}.txt")
        info.type, info.linkname = kind, "/etc/passwd"
        others.append(info)
    found = read(tarred({"a.txt": b"One."}, *others), "x.tar")
    assert found.texts == {"a.txt": "One."}
    assert found.reasons == {f"{number}.txt": NOT_A_FILE for number in range(3)}


def test_a_link_in_a_zip_is_counted() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert read(stream.getvalue(), "x.zip").reasons == {"a.txt": NOT_A_FILE}


def test_an_encrypted_member_is_counted() -> None:
    content = bytearray(zipped({"a.txt": b"One."}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(signature) + offset, 1)
    assert read(bytes(content), "x.zip").reasons == {"a.txt": "encrypted"}


def test_a_damaged_member_is_counted_and_the_next_one_read() -> None:
    content = bytearray(zipped({"a.txt": bytes(range(97, 123)) * 9, "b.txt": b"Two."}))
    content[40:50] = b"\0" * 10
    found = read(bytes(content), "x.zip")
    assert found.texts == {"b.txt": "Two."}
    assert found.reasons == {"a.txt": "damaged file"}


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz", "x.jsonl.xz", "x.jsonl.gz"])
@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + b"\0" * 600, b"\x1f\x8b"])
def test_what_is_no_archive_is_damaged(name: str, content: bytes) -> None:
    found = read(content, name)
    assert found.articles == []
    if content or "jsonl" not in name:
        assert found.why[0] == "damaged file"


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("x.tar", tarred({"a.txt": b"One.", "b.txt": b"Two."})[:1700], ["a.txt"]),
        ("x.tar", tarred({"a.txt": b"One.", "b.txt": b"Two."})[:1024], ["a.txt"]),
        ("x.tar.gz", gzip.compress(tarred({"a.txt": b"One."}))[:-9], ["a.txt"]),
        ("x.jsonl.xz", lzma.compress(ROWS)[:-20], []),
        ("x.jsonl.gz", gzip.compress(ROWS)[:-4], ["a", "2"]),
        ("x.zip", zipped({"a.txt": b"One."})[:-9], []),
    ],
)
def test_what_is_cut_off_is_told_and_keeps_what_was_before(
    name: str, content: bytes, kept: list[str]
) -> None:
    found = read(content, name)
    assert found.why[0] == "damaged file"
    assert list(found.texts)[: len(kept)] == kept


def test_random_damage_is_never_more_than_a_skip() -> None:
    for name, content in (("x.zip", zipped(MEMBERS)), ("x.tar", tarred(MEMBERS))):
        for position in range(0, min(len(content), 1600), 3):
            damaged = bytearray(content)
            damaged[position] ^= 0x5A
            found = read(bytes(damaged), name)
            assert len(found.articles) <= len(TEXTS) + 1


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (["архив/паром отменён.txt", "архив/шторм.txt"], "cp866"),
        (["новости.txt", "plain.txt"], "utf-8"),
        (["新聞/フェリー欠航.txt", "新聞/嵐のあと.txt"], "cp932"),
        (["Fähre fällt aus.txt", "größer.txt"], "cp437"),
    ],
)
def test_names_in_a_zip_are_read_in_the_encoding_of_the_program_that_wrote_it(
    names: list[str], encoding: str
) -> None:
    lengths = [len(name.encode(encoding)) - len(".txt") for name in names]
    stand_ins = {
        name: f"{i:x<{length}}.txt"
        for i, (name, length) in enumerate(zip(names, lengths, strict=True))
    }
    content = zipped(dict.fromkeys(stand_ins.values(), b"One."))
    for name, ascii_name in stand_ins.items():
        content = content.replace(ascii_name.encode(), name.encode(encoding))
    found = read(content, "x.zip")
    assert found.texts == dict.fromkeys(names, "One.")


def test_names_in_a_tar_are_read_in_the_encoding_of_the_program_that_wrote_it() -> None:
    content = tarred(
        {"Новости о шторме.txt".encode("koi8-r").decode("utf-8", "surrogateescape"): b"One."}
    )
    assert read(content, "x.tar").texts == {"Новости о шторме.txt": "One."}
