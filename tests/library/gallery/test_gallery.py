"""The gallery: original bytes, readable names, sidecars, and two windows that never meet in one file."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import Photo
from tests.library.making import WHEN, completed, intact, request

from overpaint.core.errors import FolderMissing, StorageError
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.params import EditParams
from overpaint.core.results.prices import Estimate
from overpaint.library.gallery import sidecar
from overpaint.library.gallery.gallery import Gallery, SavedResult
from overpaint.library.storage.durable_files import Folder

APP = Path(__file__).parents[3] / "app"


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    gallery = Gallery(tmp_path / "gallery")
    gallery.create()
    return gallery


def save(gallery: Gallery, data: bytes, edit: EditRequest | None = None, seconds: int = 0) -> SavedResult:
    asked = edit or EditRequest(EditParams(prompt="Remove the spoon"), ())
    return gallery.save(completed(data), asked, when=WHEN + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("name", "form", "ending"),
    [
        ("coffee.png", "png", ".png"),
        ("coffee.jpg", "jpeg", ".jpg"),
        ("coffee.webp", "webp", ".webp"),
    ],
)
def test_save_when_picture_is_real_then_its_bytes_are_untouched(
    gallery: Gallery, photo: Photo, name: str, form: str, ending: str
):
    data = photo(name).read_bytes()

    saved = gallery.save(completed(data, form=form), request(photo()), when=WHEN)

    assert saved.path.read_bytes() == data
    assert saved.path.suffix == ending
    assert saved.failure is None


def test_save_when_done_then_three_files_share_a_readable_stem(gallery: Gallery, photo: Photo):
    saved = save(gallery, b"PNG", request(photo(), prompt="Remove the spoon"))

    stem = WHEN.astimezone().strftime("%Y-%m-%d %H-%M-%S") + " Remove the spoon"
    assert saved.path == gallery.folder / f"{stem}.png"
    assert saved.mask == gallery.folder / f"{stem}.mask.png"
    assert saved.sidecar == gallery.folder / f"{stem}.overpaint.json"
    assert set(gallery.folder.iterdir()) == {saved.path, saved.mask, saved.sidecar}


def test_save_when_the_mask_was_soft_then_what_was_painted_lies_beside_the_result(
    gallery: Gallery, photo: Photo
):
    edit = replace(request(photo()), painted=b"grey PNG")

    saved = gallery.save(completed(b"PNG"), edit, when=WHEN)

    assert saved.painted is not None
    assert saved.sidecar is not None
    assert saved.painted.read_bytes() == b"grey PNG"
    assert sidecar.read(saved.sidecar).painted == saved.painted.name
    assert gallery.results() == [gallery.result(saved.path.name)] == [saved]


def test_save_when_done_then_sidecar_tells_how_it_was_made(gallery: Gallery, photo: Photo):
    data = photo("rocket.png").read_bytes()
    source = photo("coffee.jpg")
    edit = request(source, photo(), prompt="Remove the spoon")
    estimate = Estimate(0.1, 0.2, known=True)

    saved = gallery.save(
        completed(data),
        edit,
        when=WHEN,
        cost=0.165,
        estimate=estimate,
        host="api.example.com",
        app_version="1",
    )

    assert saved.sidecar is not None
    facts = sidecar.read(saved.sidecar)
    assert facts.params == edit.params
    assert (facts.created, facts.cost, facts.estimate) == (WHEN, 0.165, estimate)
    assert (facts.endpoint, facts.host, facts.app_version) == ("OpenAI", "api.example.com", "1")
    assert (facts.request_id, facts.facts["revised_prompt"]) == ("req_1", "no spoon")
    assert saved.mask == gallery.folder / facts.mask
    assert facts.sources[0].sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert [one.size for one in facts.sources] == ["600x400", "512x512"]
    assert facts.result.sha256 == hashlib.sha256(data).hexdigest()
    assert (facts.result.size, facts.result.bytes) == ("640x427", len(data))


def test_save_when_parents_lie_in_the_gallery_then_they_are_named_without_folder(
    gallery: Gallery, tmp_path: Path
):
    first = save(gallery, b"first")
    child = EditRequest(EditParams(prompt="Again"), (), parents=(first.path, tmp_path / "elsewhere.png"))

    saved = save(gallery, b"second", child)

    assert saved.sidecar is not None
    assert sidecar.read(saved.sidecar).parents == (first.path.name, str(tmp_path / "elsewhere.png"))


@pytest.mark.parametrize("moved", ["renamed", "copied elsewhere", "moved with its sidecar"])
def test_save_when_a_source_is_a_result_then_its_contents_tell_the_lineage(
    gallery: Gallery, photo: Photo, tmp_path: Path, moved: str
):
    first = save(gallery, photo("coffee.png").read_bytes())
    source, parent = tmp_path / "other name.png", first.path.name
    assert first.sidecar is not None
    if moved == "renamed":
        source = gallery.folder / "other name.png"
        first.path.rename(source)
    elif moved == "copied elsewhere":
        source.write_bytes(first.path.read_bytes())
    else:
        first.path.rename(source)
        first.sidecar.rename(source.with_name(source.stem + sidecar.SIDECAR_ENDING))
        parent = str(source)

    saved = save(gallery, b"second", request(source))

    assert saved.sidecar is not None
    assert sidecar.read(saved.sidecar).parents == (parent,)


def test_save_when_another_picture_took_a_results_name_then_it_is_no_parent(gallery: Gallery, photo: Photo):
    first = save(gallery, b"first")
    first.path.write_bytes(photo("coffee.png").read_bytes())

    saved = save(gallery, b"second", request(first.path))

    assert saved.sidecar is not None
    assert sidecar.read(saved.sidecar).parents == ()


def test_save_when_a_run_brings_several_pictures_then_each_sidecar_has_its_share_of_the_cost(
    gallery: Gallery,
):
    edit = EditRequest(EditParams(prompt="p", n=4), ())
    for index in range(4):
        gallery.save(completed(b"%d" % index, index), edit, when=WHEN, cost=0.2, run="run 1")

    facts = [sidecar.read(one.sidecar) for one in gallery.results() if one.sidecar]

    assert sum(one.cost or 0 for one in facts) == pytest.approx(0.2)
    assert {one.run: one.run_cost for one in facts} == {"run 1": 0.2}
    assert len(gallery.of_run("run 1", WHEN)) == 4
    assert gallery.of_run("run 2", WHEN) == []


@pytest.mark.parametrize(
    ("endpoint", "term"),
    [("Offline engine", "algorithmicMedia"), ("OpenAI", "compositeWithTrainedAlgorithmicMedia")],
)
def test_save_when_endpoint_is_known_then_source_type_is_honest(gallery: Gallery, endpoint: str, term: str):
    saved = save(gallery, b"x", EditRequest(EditParams(prompt="p"), (), endpoint=endpoint))

    assert saved.sidecar is not None
    assert sidecar.read(saved.sidecar).digital_source_type.rpartition("/")[2] == term


def test_save_when_a_source_has_gone_or_changed_then_its_hash_is_left_open(
    gallery: Gallery, photo: Photo, tmp_path: Path
):
    gone, changed = tmp_path / "gone.png", tmp_path / "changed.png"
    for path in (gone, changed):
        path.write_bytes(photo().read_bytes())
    edit = request(gone, changed)
    gone.unlink()
    changed.write_bytes(b"other")

    saved = save(gallery, b"x", edit)

    assert saved.sidecar is not None
    assert [one.sha256 for one in sidecar.read(saved.sidecar).sources] == ["", ""]


def test_save_when_name_is_taken_then_next_number_is_used(gallery: Gallery):
    saved = [save(gallery, data) for data in (b"a", b"b", b"c")]

    assert [one.path.stem.removeprefix(saved[0].path.stem) for one in saved] == ["", " (2)", " (3)"]
    assert [one.path.read_bytes() for one in saved] == [b"a", b"b", b"c"]


def test_save_when_another_window_takes_the_stem_meanwhile_then_next_number_is_used(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch
):
    reserve, edit = Folder.reserve, EditRequest(EditParams(prompt="p"), ())
    others: list[SavedResult] = []

    def reserve_late(folder: Folder, stem: str = "") -> str:
        if not others:
            monkeypatch.setattr(Folder, "reserve", reserve)
            others.append(gallery.save(completed(b"theirs", form="jpeg"), edit, when=WHEN))
        return reserve(folder, stem)

    monkeypatch.setattr(Folder, "reserve", reserve_late)

    saved = gallery.save(completed(b"ours"), edit, when=WHEN)

    assert saved.path.stem == others[0].path.stem + " (2)"
    assert saved.failure is None


def test_save_when_format_differs_then_stem_is_still_not_shared(gallery: Gallery):
    edit = EditRequest(EditParams(prompt="p"), ())

    first = gallery.save(completed(b"a", form="png"), edit, when=WHEN)
    second = gallery.save(completed(b"b", form="jpeg"), edit, when=WHEN)

    assert first.path.stem != second.path.stem
    assert first.sidecar != second.sidecar


@pytest.mark.parametrize(
    "prompt", ["../../escape", "/etc/passwd", "C:\\x", "a\0b", "x" * 5000, "..", "\ud800"]
)
def test_save_when_prompt_is_naughty_then_nothing_is_written_outside(
    gallery: Gallery, tmp_path: Path, prompt: str
):
    saved = save(gallery, b"x", EditRequest(EditParams(prompt=prompt), ()))

    assert saved.failure is None
    assert {one.parent for one in tmp_path.rglob("*") if one.is_file()} == {gallery.folder}


def test_save_when_folder_was_swapped_for_a_link_then_it_refuses(gallery: Gallery, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    gallery.folder.rename(tmp_path / "moved")
    gallery.folder.symlink_to(outside)

    with pytest.raises(StorageError, match="leads elsewhere"):
        save(gallery, b"x")

    assert list(outside.iterdir()) == []


def test_gallery_when_chosen_through_a_link_then_it_works_in_the_real_folder(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    saved = save(Gallery(tmp_path / "link"), b"x")

    assert saved.path.parent == (tmp_path / "real").resolve()


def test_check_when_folder_is_fine_then_nothing_is_left_behind(gallery: Gallery):
    gallery.check()

    assert list(gallery.folder.iterdir()) == []


def test_check_when_folder_is_missing_then_it_offers_to_create_it(tmp_path: Path):
    gallery = Gallery(tmp_path / "a" / "b")

    with pytest.raises(FolderMissing) as caught:
        gallery.check()
    gallery.create()
    gallery.check()

    assert caught.value.next_step.startswith("Create it")


def test_check_when_a_crash_left_files_long_ago_then_they_go(gallery: Gallery):
    left = gallery.folder / ".2026-01-01 10-00-00 x.overpaint-tmp"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))

    gallery.check()

    assert not left.exists()


def test_results_when_several_are_saved_then_newest_comes_first(gallery: Gallery):
    saved = [save(gallery, b"x", seconds=seconds) for seconds in (5, 0, 9, 0)]

    assert gallery.results() == [saved[2], saved[0], saved[3], saved[1]]


def test_results_when_folder_holds_other_things_then_only_pictures_are_listed(gallery: Gallery, photo: Photo):
    saved = save(gallery, b"x", request(photo()))
    for name in ("notes.txt", ".hidden.png", "empty.png", ".x.overpaint-tmp", "lonely.overpaint.json"):
        (gallery.folder / name).write_bytes(b"" if name == "empty.png" else b"?")
    (gallery.folder / "holiday.JPG").write_bytes(b"foreign")
    (gallery.folder / "folder.png").mkdir()

    found = gallery.results()

    assert {one.path.name for one in found} == {saved.path.name, "holiday.JPG"}
    assert SavedResult(gallery.folder / "holiday.JPG") in found


def test_results_when_folder_is_missing_then_words(tmp_path: Path):
    with pytest.raises(FolderMissing):
        Gallery(tmp_path / "gone").results()


def test_find_when_bytes_are_here_then_their_result(gallery: Gallery):
    saved = [save(gallery, data) for data in (b"aaa", b"bbb")]

    assert gallery.find(b"aaa") == saved[0]
    assert gallery.find(b"ccc") is None


def test_save_when_two_processes_share_a_gallery_then_every_result_is_distinct(gallery: Gallery):
    script = Path(__file__).with_name("save_many.py")
    started = [
        subprocess.Popen(
            [sys.executable, str(script), str(gallery.folder), name, "200"],
            env={**os.environ, "PYTHONPATH": str(APP)},
        )
        for name in ("one", "two")
    ]
    ended = [process.wait(timeout=100) for process in started]

    assert ended == [0, 0]
    contents = {one.path.read_bytes() for one in gallery.results()}
    assert contents == {f"{name} {number}".encode() for name in ("one", "two") for number in range(200)}
    assert all(intact(one.path) for one in gallery.results())
