"""Pictures taken out of JSON while it arrives, in every spelling and any chunking."""

import base64
import json
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.api.reply.base64_stream import Base64Stream
from overpaint.api.reply.picture_json import Document, PictureJson, decode_base64

PICTURE = random.Random(4).randbytes(300)
TEXT = base64.b64encode(PICTURE).decode()


def read(document: bytes, *cuts: int) -> Document | None:
    marks = sorted({0, len(document), *(cut % (len(document) + 1) for cut in cuts)})
    parser = PictureJson()
    for start, end in pairwise(marks):
        parser.feed(document[start:end])
    return parser.finish()


def pictures(document: Document | None) -> list[bytes | None]:
    """The pictures of a document, where the API has them."""
    assert document is not None
    assert isinstance(document.value, dict)
    entries = document.value.get("data", [document.value])
    return [document.picture(entry.get("b64_json")) for entry in entries]


@pytest.mark.parametrize(
    "document",
    [
        f'{{"b64_json":"{TEXT}","type":"x"}}',
        f'{{"type":"x", "b64_json" : "{TEXT}"}}',
        f'{{"data":[{{"url":null,"b64_json"\n:\t"{TEXT}"}}]}}',
        f'{{"prompt":"a \\"b64_json\\": \\\\","b64_json":"{TEXT}"}}',
        f'{{"b64_json":"{TEXT.replace("/", chr(92) + "/")}"}}',
        f'{{"b64_json":"{TEXT.replace("+", chr(92) + "u002b")}"}}',
        f'{{"b64_json":"data:image/png;base64,{TEXT}"}}',
        f'{{"b64_json":"{chr(92) + "n"}{TEXT[:76]}{chr(92) + "r" + chr(92) + "n"}{TEXT[76:]}"}}',
        f'{{"b64_json":"{TEXT.replace("+", "-").replace("/", "_")}"}}',
        f'{{"b64_\\u006ason":"{TEXT}"}}',
        f'{{"b64_json":"{TEXT}","b64_json_2":"{TEXT[:40]}!"}}',
    ],
)
def test_a_picture_when_spelled_in_any_legal_way_then_is_decoded(document: str) -> None:
    whole = document.encode()

    assert pictures(read(whole)) == [PICTURE]
    assert pictures(read(whole, *range(len(whole)))) == [PICTURE]


@given(
    entries=st.lists(st.binary(max_size=60), max_size=4),
    words=st.text(),
    cuts=st.lists(st.integers(0, 2000)),
    is_ascii=st.booleans(),
    indent=st.sampled_from([None, 1]),
)
def test_a_document_when_cut_anywhere_into_chunks_then_says_the_same(
    entries: list[bytes], words: str, cuts: list[int], is_ascii: bool, indent: int | None
) -> None:
    encoded = [base64.b64encode(one).decode() for one in entries]
    value = {
        "revised_prompt": words.encode(errors="replace").decode(),
        "data": [{"b64_json": one, "note": words[::-1].encode(errors="replace").decode()} for one in encoded],
    }
    document = json.dumps(value, ensure_ascii=is_ascii, indent=indent).encode()

    found = read(document, *cuts)

    assert pictures(found) == [one or None for one in entries] or pictures(found) == entries
    assert found is not None
    assert isinstance(found.value, dict)
    assert found.value["revised_prompt"] == value["revised_prompt"]


@pytest.mark.parametrize(
    "broken", ["A", "AB=C", "QUJD=", "QQ==QQ==", "*0", "ab!d", "QUJDé", "QQ=="[:3] + "\\"]
)
def test_base64_when_it_is_none_then_there_is_no_picture(broken: str) -> None:
    assert decode_base64(broken) is None


@pytest.mark.parametrize(
    "text",
    [
        "QUI=",
        "QUI",
        " Q U\tI\n",
        "data:;base64,QUI=",
        "  data:image/png;base64,QUI",
        "QUI= ",
        "QUJD QUI \n"[5:],
    ],
)
def test_base64_when_it_is_loosely_written_then_is_taken(text: str) -> None:
    assert decode_base64(text) == b"AB"


@given(st.binary(max_size=200), st.lists(st.integers(0, 300)), st.integers(1, 80))
def test_base64_when_wrapped_and_cut_anywhere_then_decodes_to_the_same(
    data: bytes, cuts: list[int], width: int
) -> None:
    text = base64.b64encode(data)
    wrapped = b"\\n".join(text[at : at + width] for at in range(0, len(text), width))
    marks = sorted({0, len(wrapped), *(cut for cut in cuts if cut < len(wrapped))})
    stream = Base64Stream()

    for start, end in pairwise(marks):
        stream.feed(wrapped[start:end])

    assert stream.finish() == data


@pytest.mark.parametrize(
    "document", [b"", b"{", b'{"b64_json":"QUJD', b"nonsense", b'{"a":1}}', b"[" * 100_000]
)
def test_a_document_when_it_is_cut_or_broken_then_is_none(document: bytes) -> None:
    assert read(document) is None


def test_a_document_when_its_text_is_no_utf8_then_is_read_all_the_same() -> None:
    document = read(b'{"note":"\xff\xfe","b64_json":"QUJD"}')

    assert pictures(document) == [b"ABC"]


def test_the_parser_when_a_picture_passes_then_keeps_only_its_mark() -> None:
    parser = PictureJson()

    parser.feed(b'{"b64_json":"' + b"QUJD" * 10_000 + b'"}')

    assert len(parser.kept) < 30


@pytest.mark.parametrize("step", [1, 2, 3, 100])
def test_the_parser_when_escaped_quotes_come_before_then_still_takes_the_picture_out(step: int) -> None:
    document = b'{"prompt":"an \\"odd\\" number\\" \\\\","b64_json":"QUJD"}'
    parser = PictureJson()

    for start in range(0, len(document), step):
        parser.feed(document[start : start + step])

    assert parser.kept.startswith(document[: document.index(b"QUJD")])
    assert b"QUJD" not in parser.kept
