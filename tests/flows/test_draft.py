"""The tray and its masks are there again at the next start, in order, byte for byte."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tests.flows.desk import desk
from tests.flows.wait import until

from overpaint.library.drafts.draft_store import DraftStore
from overpaint.studio.config.folders import Folders

Photo = Callable[..., Path]


async def test_pictures_and_masks_are_there_again_after_a_restart(photo: Photo) -> None:
    async with desk() as app:
        await app.take(photo("coffee.png"), photo("chelsea.jpg"))
        await app.on_canvas()
        app.paint((120.0, 120.0), (300.0, 200.0))
        painted = app.studio.session.tray[0].mask.coverage.copy()
        app.studio.session.move(app.studio.session.tray[0].id, 1)
        app.studio.session.show(app.studio.session.tray[0].id)

    async with desk() as again:
        await until(lambda: len(again.names) == 2)

        assert again.names == ["chelsea.jpg", "coffee.png"]
        assert again.studio.session.current == again.studio.session.tray[0]
        assert np.array_equal(again.studio.session.tray[1].mask.coverage, painted)
        assert not again.studio.session.tray[0].mask.coverage.any()


async def test_stroke_is_on_the_disk_soon_after_it_ended(photo: Photo) -> None:
    async with desk() as app:
        await app.take(photo("coffee.png"))
        await app.on_canvas()

        app.paint((120.0, 120.0), (300.0, 200.0))

        await until(lambda: any(picture.mask for picture in kept()))


async def test_untouched_sample_is_not_kept_as_if_it_were_work() -> None:
    async with desk() as app:
        await app.on_canvas()

    assert kept() == ()

    async with desk() as again:
        await until(lambda: again.names == ["sample.jpg"])


async def test_painted_sample_is_kept() -> None:
    async with desk() as app:
        await app.on_canvas()
        app.paint((200.0, 200.0), (400.0, 300.0))

    async with desk() as again:
        await until(lambda: again.names == ["sample.jpg"])

        assert again.studio.session.tray[0].mask.coverage.any()


async def test_picture_whose_file_has_gone_is_left_out_at_the_next_start(
    photo: Photo, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.png"
    gone.write_bytes(photo("coffee.png").read_bytes())
    async with desk() as app:
        await app.take(gone, photo("chelsea.jpg"))
    gone.unlink()

    async with desk() as again:
        await until(lambda: again.names == ["chelsea.jpg"])

        assert "“gone.png” couldn't be found" in again.words("statusNotice")


async def test_missing_picture_is_told_of_though_another_one_changed(photo: Photo, tmp_path: Path) -> None:
    gone, changed = tmp_path / "gone.png", tmp_path / "changed.png"
    for file in (gone, changed):
        file.write_bytes(photo("coffee.png").read_bytes())
    async with desk() as app:
        await app.take(gone, changed)
    gone.unlink()
    os.utime(changed, ns=(1, 1))

    async with desk() as again:
        await until(lambda: again.words("statusNotice").startswith("“gone.png” couldn't be found"))

        assert again.names == ["changed.png"]
        assert again.item.stamp[1] == 1


async def test_picture_that_was_away_for_a_while_comes_back_with_its_masks(
    photo: Photo, tmp_path: Path
) -> None:
    stick, unplugged = tmp_path / "stick", tmp_path / "unplugged"
    stick.mkdir()
    cat = stick / "cat.png"
    cat.write_bytes(photo("camera.png", (450, 300)).read_bytes())
    async with desk() as app:
        await app.take(cat, photo("coffee.png"))
        app.paint((120.0, 120.0), (300.0, 200.0))
        painted = app.item.mask.coverage.copy()
        await app.studio.saved_mask_commands.save("ear")
    stick.rename(unplugged)
    async with desk() as without:
        await until(lambda: without.names == ["coffee.png"])
        await without.on_canvas()
        without.paint((50.0, 50.0), (90.0, 90.0))
        await until(lambda: all(picture.mask for picture in kept()))
    async with desk() as still_without:
        await until(lambda: still_without.names == ["coffee.png"])
    unplugged.rename(stick)

    async with desk() as again:
        await until(lambda: again.names == ["coffee.png", "cat.png"])

        back = again.studio.session.tray[1]
        assert np.array_equal(back.mask.coverage, painted)
        assert [saved.name for saved in back.shelf.masks] == ["ear"]


async def test_draft_that_cannot_be_understood_is_set_aside_with_its_masks(photo: Photo) -> None:
    async with desk() as app:
        await app.take(photo("coffee.png"))
        app.paint((120.0, 120.0), (300.0, 200.0))
    folder = Folders.find().draft
    names = {file.name for file in folder.glob("mask-*.png")}
    (folder / "draft.json").write_bytes(b"\x00garbage")

    async with desk() as again:
        await until(lambda: again.names == ["sample.jpg"])
        await until(lambda: "was set aside" in again.window.status.notice)

    aside = folder.with_name("draft-broken-1")
    assert names
    assert {file.name for file in aside.glob("mask-*.png")} == names
    assert (aside / "draft.json").read_bytes() == b"\x00garbage"


async def test_draft_in_a_folder_that_takes_nothing_any_more_is_still_shown(photo: Photo) -> None:
    async with desk() as app:
        await app.take(photo("coffee.png"))
        app.paint((120.0, 120.0), (300.0, 200.0))
        painted = app.item.mask.coverage.copy()
    lock = Folders.find().draft / "draft.lock"
    lock.unlink()
    lock.mkdir()  # nobody can lock it, not even root

    async with desk() as again:
        await until(lambda: again.names == ["coffee.png"])

        assert np.array_equal(again.item.mask.coverage, painted)
        assert again.window.status.notice


async def test_second_window_leaves_the_draft_of_the_first_alone(photo: Photo) -> None:
    async with desk() as first:
        await first.take(photo("coffee.png"))
        await until(lambda: bool(kept()))

        second = DraftStore(Folders.find().draft)

        assert not second.own()


async def test_second_window_says_that_it_keeps_nothing() -> None:
    async with desk(), desk() as second:
        await until(lambda: "Another window keeps the tray" in second.window.status.notice)
        second.paint((200.0, 200.0), (400.0, 300.0))

        assert not second.mask_is_empty()

    assert kept() == ()


def kept() -> tuple:
    draft = DraftStore(Folders.find().draft).load()
    return draft.pictures if draft else ()


async def test_copies_that_no_tray_or_history_needs_are_cleared_at_the_next_start(photo: Photo) -> None:
    drafts = Folders.find().drafts
    drafts.mkdir(parents=True)
    old = drafts / "pasted-0.png"
    old.write_bytes(photo("coffee.png").read_bytes())
    async with desk() as app:
        await app.take(photo("chelsea.png"), photo("coffee.bmp"))
        await app.on_canvas()
        app.studio.session.remove(app.studio.session.tray[1].id)
        await until(lambda: len(kept()) == 1)
    copies = set(drafts.iterdir()) - {old}
    assert copies
    for file in (old, *copies):
        os.utime(file, (0, 0))

    async with desk():
        await until(lambda: not old.exists())
        assert set(drafts.iterdir()) == copies  # undo brings them back
