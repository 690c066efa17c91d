"""Words that don't fit into their line end after a whole one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication

from overpaint.ui.widgets.labels import shortened

SENTENCE = "Couldn't reach 127.0.0.1: nothing listens at that address. Look at the network connection."


@pytest.fixture(scope="module")
def metrics(qapp: QApplication) -> QFontMetrics:
    return QFontMetrics(QFont())


@given(width=st.integers(60, 900))
def test_sentence_ends_after_a_whole_word_and_fits(metrics, width) -> None:
    shown = shortened(SENTENCE, metrics, width)

    assert metrics.horizontalAdvance(shown) <= width
    kept = shown.removesuffix("…")
    if kept != SENTENCE and " " in kept:
        assert SENTENCE.startswith(kept)
        assert not SENTENCE[len(kept)].isalnum()


def test_word_that_is_longer_than_the_line_is_cut(metrics) -> None:
    shown = shortened("incomprehensibilities", metrics, 60)

    assert shown.endswith("…")
    assert len(shown) > 2


def test_text_that_fits_is_left_alone(metrics) -> None:
    assert shortened("Saved", metrics, 400) == "Saved"
