"""Laws of encodings: Chinese text comes back as it was written, or the file is refused; never as another text."""

from __future__ import annotations

import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.errors import FormatError
from landuse.io.files.encodings import decode
from landuse.io.files.text_evidence import decode_start, judge
from landuse.io.files.zips import unpacked

COMMON = bytes(b for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for b in (high, low)).decode(
    "gb2312", errors="ignore"
)
WORDS = [
    "洛阳市",
    "涧西区",
    "瀍河回族区",
    "工业用地",
    "有限公司",
    "国有",
    "出让",
    "㎡",
    "土地使用权人",
    "产业集聚区",
    "孟津",
    "偃师",
]
texts = st.lists(
    st.one_of(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join),
        st.text(COMMON, min_size=2, max_size=12),
        st.text("ABC 0123-.", max_size=10),
    ),
    min_size=1,
    max_size=12,
)
codecs = st.sampled_from(["gbk", "gb18030", "utf-8"])


def said(texts, codec, declared=None, language=0):
    """What the texts are read as; None where they are refused."""
    raw = [t.encode(codec) for t in texts]
    verdict = judge(raw, declared=declared, language=language)
    return None if verdict is None else [decode_start(r, verdict.encoding)[0] for r in raw]


@settings(max_examples=400)
@given(texts, codecs, st.sampled_from([None, "right", "SYSTEM"]), st.sampled_from([0, 0x57, 0x4D]))
def test_chinese_comes_back_or_is_refused(words, codec, cpg, language):
    words = [*words, "洛阳市涧西区国有建设用地"]
    declared = codec if cpg == "right" else cpg
    assert said(words, codec, declared, language) == words


@settings(max_examples=300)
@given(texts, codecs, st.sampled_from(["UTF-8", "GBK", "ISO-8859-1", "cp1252"]))
def test_a_wrong_cpg_never_gives_another_text(words, codec, declared):
    words = [*words, "洛阳市涧西区国有建设用地"]
    assert said(words, codec, declared) == words


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("".join), codecs)
def test_even_one_name_alone_is_told_or_refused(word, codec):
    assert said([word], codec) in ([word], None)


@given(texts, st.sampled_from(["gbk", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]))
def test_text_files_likewise(words, codec):
    text = "宗地代码,土地用途\n" + "\n".join(words)
    assert decode(text.encode(codec))[0] == text


@given(st.text(COMMON, min_size=1, max_size=20), codecs, st.integers(1, 40))
def test_a_cut_text_is_a_beginning_of_the_whole(text, codec, size):
    raw = text.encode(codec)
    start, tail = decode_start(raw[:size], codec)
    assert text.startswith(start)
    assert start.encode(codec) + tail == raw[:size]
    assert len(tail) < 4


@given(
    st.lists(st.binary(max_size=40), max_size=8),
    st.sampled_from([None, "UTF-8", "GBK", "x", ""]),
    st.integers(0, 255),
)
def test_any_bytes_are_judged_without_a_crash(raw, declared, language):
    verdict = judge(raw, declared=declared or None, language=language)
    if verdict is not None:
        for text in raw:
            decode_start(text, verdict.encoding)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_or_refused(data):
    try:
        text, codec = decode(data)
    except FormatError:
        return
    back = text.encode(codec)
    assert data.endswith(back)
    assert len(data) - len(back) in (0, 2, 3), "a byte order mark, nothing else"


@settings(max_examples=150)
@given(st.binary(max_size=120), st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_archive_is_read_or_refused(tmp_path_factory, tail, at, value):
    folder = tmp_path_factory.mktemp("zip")
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/宗地.geojson", b'{"type": "FeatureCollection", "features": []}' * 3)
    data = bytearray(path.read_bytes())
    data[at % len(data)] = value
    path.write_bytes(bytes(data) + tail)
    inside = sorted(folder.iterdir())
    try:
        with unpacked(path, "a.zip") as place:
            for file in place.rglob("*"):
                assert place in file.parents
    except FormatError:
        pass
    assert sorted(folder.iterdir()) == inside


@pytest.mark.parametrize("size", [9, 10])
def test_field_names_of_ten_bytes(size):
    for name in ("土地用途", "约定开工时间", "供地方式"):
        start, tail = decode_start(name.encode()[:size], "utf-8")
        assert name.startswith(start)
        assert len(tail) == size % 3
