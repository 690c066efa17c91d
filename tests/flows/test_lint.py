"""Slips of the hand in the mask are told before it is sent, and one click mends each as one undo step."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from tests.flows.desk import Desk, desk
from tests.flows.wait import until

from overpaint.studio.document.mask_checks import check_mask, fix, small_area

Photo = Callable[..., Path]


async def test_speck_is_told_and_removed_by_one_click(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await app.on_canvas()
        app.paint((200.0, 200.0), (320.0, 260.0))
        stroke = coverage(app)
        dot(app, 20, 20)

        await until(lambda: "speck" in told(app))
        app.click(app.find(QPushButton, "lintMend0"))

        await until(lambda: not app.find(QWidget, "lintLines").isVisible())
        assert np.array_equal(coverage(app), stroke)
        assert app.studio.session.history.undo_name == "Remove specks"


async def test_link_pressed_by_key_leaves_the_keys_with_nobody_and_not_with_generate(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await app.on_canvas()
        app.paint((200.0, 200.0), (320.0, 260.0))
        dot(app, 20, 20)
        await until(lambda: "speck" in told(app))
        app.say("Remove the cup")
        link = app.find(QPushButton, "lintMend0")
        link.setFocus()

        app.key(Qt.Key.Key_Space)
        await until(lambda: not app.find(QWidget, "lintLines").isVisible())

        assert not isinstance(QApplication.focusWidget(), QPushButton)


async def test_everything_masked_is_told(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await app.on_canvas()

        app.studio.session.fill_mask()

        await until(lambda: "Everything is masked" in told(app))


async def test_plain_stroke_is_not_nagged_about(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await app.on_canvas()
        app.studio.session.fill_mask()
        await until(lambda: bool(told(app)))

        app.studio.session.undo()
        app.paint((200.0, 200.0), (320.0, 260.0))

        await until(lambda: not app.find(QWidget, "lintLines").isVisible())


def test_each_fault_is_found_and_is_gone_once_mended() -> None:
    base = np.zeros((400, 600), np.uint8)
    base[100:300, 100:400] = 255
    faint, speck, hole, soft = (base.copy() for _ in range(4))
    faint[...] = base // 4
    speck[10:12, 10:12] = 255
    hole[200:202, 200:202] = 0
    soft[100:300, 100:400] = 200

    for masked, fault in ((faint, "faint"), (speck, "specks"), (hole, "pinholes"), (soft, "soft")):
        found = check_mask(masked)

        assert [one.fault for one in found] == [fault]
        assert check_mask(fix(masked, found[0].fault)) == ()
    assert check_mask(base) == ()
    assert check_mask(np.zeros_like(base)) == ()


def test_what_counts_as_a_slip_grows_with_the_picture() -> None:
    assert small_area((100, 100)) == 16
    assert small_area((2160, 3840)) == 166


def dot(app: Desk, x: int, y: int) -> None:
    """A spot of two pixels, as a brush leaves that was put down by mistake."""
    session = app.studio.session
    assert session.current is not None
    mask = session.current.mask
    patch = np.full((2, 2), 255, np.uint8)
    session.select(mask, "Dot", (type(mask.rect)(x, y, 2, 2), patch), "add")


def told(app: Desk) -> str:
    lines = app.find(QWidget, "lintLines")
    return " ".join(one.text() for one in lines.findChildren(QLabel)) if lines.isVisible() else ""


def coverage(app: Desk) -> np.ndarray:
    current = app.studio.session.current
    assert current is not None
    return current.mask.coverage.copy()
