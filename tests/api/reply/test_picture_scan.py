"""The last look for pictures: what it finds doesn't depend on the pieces that it looks at."""

import base64
import io
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from overpaint.api.reply import picture_scan
from overpaint.api.reply.picture_scan import scan

FILE = io.BytesIO()
Image.frombytes("RGB", (40, 30), random.Random(3).randbytes(3600)).save(FILE, "PNG")
PNG = FILE.getvalue()
TEXT = base64.b64encode(PNG)
SPELLINGS = {
    "plain": TEXT,
    "lines": base64.encodebytes(PNG).strip(),
    "escaped lines": base64.encodebytes(PNG).strip().replace(b"\n", b"\\n"),
    "escaped strokes": TEXT.replace(b"/", b"\\/"),
    "escaped twice": TEXT.replace(b"/", b"\\\\\\/"),
    "percent": TEXT.replace(b"+", b"%2B").replace(b"=", b"%3D"),
    "unicode": TEXT.replace(b"+", b"\\u002b").replace(b"=", b"\\u003d"),
}


@pytest.mark.parametrize("name", SPELLINGS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(window=st.integers(200, 3000), before=st.integers(0, 3000))
def test_picture_is_found_whole_wherever_the_pieces_end(
    monkeypatch: pytest.MonkeyPatch, name: str, window: int, before: int
) -> None:
    monkeypatch.setattr(picture_scan, "_WINDOW_BYTES", window)
    body = b"words 9j AAAA " * (before // 14) + b'"' + SPELLINGS[name] + b'" ' + b"words " * 50
    twice = body + body

    assert [one.data for one in scan(twice)] == [PNG] * 2
