"""The rules of the house: what the rooms may import, how files look, and what is shipped."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import dev_jobs
import overpaint
from overpaint import resources

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app" / "overpaint"
ROOMS = ("ui", "studio", "library", "api", "imaging", "core", "engine")
TOP_LEVEL = {
    "pyproject.toml", "README.md", "LICENSE", ".gitignore", ".ci", "app", "resources", "tests", "packaging",
}  # fmt: skip
LONGEST_FILE = 400
FACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def shipped_text() -> Iterator[tuple[str, str]]:
    """Every file of the checkout that is meant to be read, with its path from the root."""
    top = [path for path in ROOT.iterdir() if path.is_file() and path.name in TOP_LEVEL]
    deep = [
        path
        for folder in (".ci", "app", "resources", "tests", "packaging")
        for path in (ROOT / folder).rglob("*")
    ]
    for path in top + deep:
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8", errors="ignore")


def breaches(pattern: str, *folders: str, but: tuple[str, ...] = ()) -> list[str]:
    """The lines of the modules in `folders` that match `pattern`, save in the files `but`."""
    return [
        f"{path.relative_to(ROOT).as_posix()}:{number}"
        for path in modules(*folders)
        if path.relative_to(ROOT).as_posix() not in but
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def imports(tree: ast.AST) -> set[str]:
    """The names of all modules that `tree` imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "app").with_suffix("").parts).removesuffix(".__init__")


def loaded_with(path: Path) -> set[str]:
    """The modules that are loaded as soon as the module at `path` is, and the packages they lie in."""
    loads: set[str] = set()
    for statement in ast.parse(path.read_text("utf-8")).body:
        if isinstance(statement, ast.Import):
            loads.update(alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.module:
            loads.update(f"{statement.module}.{alias.name}" for alias in statement.names)
    return {name.rsplit(".", cut)[0] for name in loads for cut in range(name.count(".") + 1)}


def lint_imports(folder: Path) -> str:
    """What lint-imports says about the checkout in `folder`, whatever it thinks of it."""
    program = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(folder / "app")}
    command = [str(program), "--no-logo", "--no-cache"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    ).stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built as for a release."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_import_contracts_in_this_checkout_are_kept() -> None:
    said = lint_imports(ROOT)

    assert f"{len(FACTS['tool']['importlinter']['contracts'])} kept, 0 broken" in said, said


def test_import_contracts_with_a_breach_planted_for_each_are_all_broken(tmp_path: Path) -> None:
    shutil.copytree(APP, tmp_path / "app" / "overpaint", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = {
        "core": "import overpaint.library, httpx, PIL, sqlite3",
        "library": "import overpaint.api",
        "engine": "import overpaint.studio",
        "studio": "import overpaint.engine, PySide6.QtCore, keyring, starlette.routing",
        "studio/document": "import overpaint.studio.runs.job",
        "ui": "import qasync",
        "ui/widgets": "import overpaint.ui.app",
    }
    for room, line in planted.items():
        (tmp_path / "app" / "overpaint" / room / "planted.py").write_text(f"{line}\n", "utf-8")

    said = lint_imports(tmp_path)

    assert f"0 kept, {len(FACTS['tool']['importlinter']['contracts'])} broken" in said, said


def test_core_beside_the_standard_library_imports_only_numpy_and_msgspec() -> None:
    allowed = sys.stdlib_module_names | {"numpy", "msgspec", "overpaint"}

    imported = {
        (path.name, name.partition(".")[0])
        for path in modules("app/overpaint/core")
        for name in imports(ast.parse(path.read_text("utf-8")))
    }

    assert {(file, name) for file, name in imported if name not in allowed} == set()


WITH_RESULTS = {f"overpaint.studio.results.{name}" for name in ("keep", "keep_again", "kept_result")}
"""Modules that load with the first result: whoever imports them at its own start is found here."""


@pytest.mark.parametrize("library", ["cv2", "keyring", "uvicorn", "starlette"])
def test_window_at_its_start_does_not_load(library: str) -> None:
    at_start = {module_name(path): loaded_with(path) for path in modules("app")}
    reached = {library}
    while more := {name for name, loads in at_start.items() if loads & reached} - reached:
        reached |= more

    seen_from_window = [
        name
        for name in reached - {library}
        if not name.startswith(("overpaint.engine", "overpaint.imaging.")) and name not in WITH_RESULTS
    ]

    assert seen_from_window == []


def test_files_of_app_and_packaging_are_never_longer_than_400_lines() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in modules("app", "packaging")
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_modules_of_app_and_packaging_say_what_they_are_for() -> None:
    silent = [
        p.name for p in modules("app", "packaging") if not ast.get_docstring(ast.parse(p.read_text("utf-8")))
    ]

    assert silent == []


@pytest.mark.parametrize("room", ROOMS)
def test_room_docstring_is_one_sentence_and_nothing_more(room: str) -> None:
    tree = ast.parse((APP / room / "__init__.py").read_text("utf-8"))

    assert len(tree.body) == 1
    assert re.fullmatch(r"[A-Z][^.]+\.", ast.get_docstring(tree) or "")


def test_modules_are_named_after_what_they_do() -> None:
    vague = [
        path.name
        for path in modules("app", "packaging")
        if re.search(r"util|helper|(?<!file_)manager|common", path.stem)
    ]

    assert vague == []


SPELLED_FORMATS = {
    "core/request/picture_formats.py",  # the table itself
    "api/transport/multipart.py",  # a mask is PNG, whatever the pictures are
    "studio/document/saved_masks.py",  # the same
    "studio/runs/request_preview.py",  # the same
    "studio/pictures/picture_import.py",  # what is pasted is kept as PNG
}


def test_endings_and_media_types_of_pictures_are_spelled_in_their_table_alone() -> None:
    spelled = re.compile(r"\*?\.(png|jpe?g|jfif|webp|gif|bmp|tiff?|mpo)|image/(?!edits)[a-z-]+")

    found = {
        (path.relative_to(APP).as_posix(), node.value)
        for path in modules("app")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and spelled.fullmatch(node.value)
    }

    assert {(path, word) for path, word in found if path not in SPELLED_FORMATS} == set()


def test_dialogs_are_opened_and_awaited_never_run_in_a_loop_of_their_own() -> None:
    awaited = ("app/overpaint/ui/dialogs/awaited.py",)

    assert breaches(r"\.exec_?\(", "app") == []
    assert breaches(r"(dialog|self|super\(\))\.open\(\)", "app", but=awaited) == []


def test_nothing_in_the_window_takes_words_for_markup() -> None:
    guessing = (
        r"Q(MessageBox|InputDialog|ErrorMessage|ProgressDialog|WhatsThis|TextEdit|TextBrowser|StaticText)\b"
        r"|QGraphicsTextItem|[wW]hatsThis\(|insertHtml|setHtml|[.](RichText|AutoText|MarkdownText)\b"
    )

    assert breaches(guessing, "app") == []
    assert breaches(r"\bQLabel\(", "app", but=("app/overpaint/ui/widgets/labels.py",)) == []


TEXT_WIDGETS = ("app/overpaint/ui/prompt/prompt_edit.py",)
KEY = re.compile(
    r"\b(Ctrl|Shift|Alt|Meta)\+|\b(Esc|Enter|Return|Space|Backspace|Del)\b"
    r"|\bF\d{1,2}\b|\([A-Z]\)|Hold \\\\|\b[A-Z] swaps\b"
)
DECLARING = {
    "_comparing",
    "Action",
    "ToolSpec",
    "_on_mask",
    "_on_view",
    "_on_picked",
    "_with_chosen",
    "_asking",
    "_starting",
}


def test_keys_are_known_to_actions_and_text_widgets_alone() -> None:
    elsewhere = [
        one
        for one in breaches(r"Qt[.]Key[.]Key_|\bQShortcut\b|\bQKeySequence\b", "app", but=TEXT_WIDGETS)
        if not one.startswith("app/overpaint/ui/actions/")
    ]

    assert elsewhere == []


def test_state_of_an_action_is_set_by_the_registry_alone() -> None:
    setting = r"(actions_?\[.*\]|\baction\b|\baddAction\(.*\))[.]set(Enabled|Checked|Checkable|Shortcuts?)\("

    found = [one for one in breaches(setting, "app") if not one.startswith("app/overpaint/ui/actions/")]

    assert found == []


def test_key_is_spelled_only_where_an_action_or_a_tool_declares_it() -> None:
    spelled = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {text}"
        for path in modules("app/overpaint/ui")
        if path.parent.name != "actions"
        for line, text in undeclared_literals(ast.parse(path.read_text("utf-8")))
        if KEY.search(text)
    ]

    assert spelled == []


def undeclared_literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text with its line, save docstrings and the keys that actions and tools declare."""
    passed_over: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed_over.add(node.value)
        if isinstance(node, ast.Call) and called(node) in DECLARING:
            passed_over.update(declared_keys(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in passed_over:
            yield node.lineno, node.value


def called(node: ast.Call) -> str:
    """The last part of the name of what is called."""
    return ast.unparse(node.func).rpartition(".")[2]


def declared_keys(node: ast.Call) -> Iterator[ast.AST]:
    """The texts in a declaration that are keys and nothing but keys; words with a key in them are no keys."""
    told = (part for argument in (*node.args, *node.keywords) for part in ast.walk(argument))
    for part in told:
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " not in part.value:
            yield part


def test_tasks_are_made_in_one_file_alone() -> None:
    made = breaches(
        r"asyncio\.(create_task|ensure_future)|loop(\(\))?\.create_task",
        "app",
        but=("app/overpaint/studio/tasks.py",),
    )

    assert made == []


def test_code_leaves_nothing_for_later() -> None:
    assert breaches(r"\b(TO[D]O|FIX[M]E|X[X]X)\b|NotImplemented[E]rror", "app", "packaging", "tests") == []


def test_tests_use_real_things_and_never_sleep_to_wait() -> None:
    assert breaches(r"unittest[.]mock|Magic[M]ock|time[.]sleep\(", "tests") == []


def test_files_name_no_registry_and_no_place_of_one_machine() -> None:
    # Letters in brackets keep this line from finding itself.
    named = r"py[p]i\.org|python[h]osted|[a]rtifactory|[d]evpi|index[-]url|extra[-]index"
    places = rf"(?<![\w.])/(wor[k]|roo[t])/|/hom[e]/[a-z]+/|{re.escape(str(ROOT))}/"

    found = [name for name, text in shipped_text() if re.search(f"{named}|{places}", text)]

    assert found == []


def test_pins_all_have_hashes_and_name_no_address() -> None:
    text = (ROOT / "packaging" / "constraints.txt").read_text("utf-8")

    pins = re.split(r"\n(?=\S)", text.strip())

    assert [
        pin.split()[0] for pin in pins if not re.search(r"^\S+==\S+.*\n? .*--hash=sha256:[0-9a-f]{64}", pin)
    ] == []
    assert "://" not in text
    assert re.findall(r"^\s*-\w", text, re.MULTILINE) == []


def pinned_versions(python: str) -> dict[str, str]:
    """The versions that the constraints pin for a Python such as `3.11`."""
    text = (ROOT / "packaging" / "constraints.txt").read_text("utf-8")
    lines = [line.rstrip(" \\") for line in text.splitlines() if re.match(r"\S+==", line)]
    required = [Requirement(line) for line in lines]
    here = [one for one in required if one.marker is None or one.marker.evaluate(on(python))]
    return {canonical(one.name): str(one.specifier).removeprefix("==") for one in here}


def on(python: str) -> dict[str, str]:
    """What the constraints' conditions ask about, for a Python such as `3.11`."""
    return {"python_version": python, "python_full_version": f"{python}.9"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_every_dependency_is_pinned_to_a_version_it_allows(python: str) -> None:
    pins = pinned_versions(python)
    wanted = [
        Requirement(line) for line in FACTS["project"]["dependencies"] + FACTS["dependency-groups"]["dev"]
    ]
    needed = [one for one in wanted if one.marker is None or one.marker.evaluate(on(python))]

    unmet = [
        str(one)
        for one in needed
        if not one.specifier.contains(pins.get(canonical(one.name), "0"), prereleases=True)
    ]

    assert unmet == []


def test_pyside_on_python_3_11_is_older_than_the_release_that_aborts_there() -> None:
    version = pinned_versions("3.11")["pyside6-essentials"]

    assert tuple(int(part) for part in version.split(".")[:2]) < (6, 12)


def test_types_are_checked_for_the_python_that_runs_them() -> None:
    """The stubs of the pinned numpy differ: those for a newer Python can't be read as 3.11."""
    assert "python_version" not in FACTS["tool"]["mypy"]


def test_version_in_the_package_is_that_of_the_project() -> None:
    assert overpaint.__version__ == FACTS["project"]["version"]


def test_wheel_holds_code_types_and_every_resource(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())

    assert dev_jobs.missing_resources(wheel) == []
    assert {"overpaint/__main__.py", "overpaint/py.typed"} <= inside
    assert [name for name in inside if not name.startswith(("overpaint/", "overpaint-"))] == []


def test_resources_of_an_unpacked_wheel_are_found_inside_it(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = "from overpaint import resources; print(resources.path('models.toml'))"

    found = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )

    assert Path(found.stdout.strip()) == tmp_path / "overpaint" / "_resources" / "models.toml"


def test_resources_of_a_checkout_are_found_beside_app() -> None:
    assert resources.path("models.toml") == ROOT / "resources" / "models.toml"


@pytest.mark.parametrize(
    "name", ["", ".", "../LICENSE", "a/../../LICENSE", "/etc/hosts", "a\\b", "C:x", "a\0"]
)
def test_resource_name_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name of a resource"):
        resources.path(name)


def test_resource_that_is_missing_is_named_in_the_error() -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.svg .* is missing"):
        resources.path("icons/nothing.svg")


def test_command_started_by_another_process_finds_the_package(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    program = "import overpaint; print(overpaint.__file__)"

    found = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )

    assert Path(found.stdout.strip()) == APP / "__init__.py"


def test_top_level_holds_what_the_plan_names_and_nothing_else() -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert {line.partition("/")[0] for line in listed.splitlines()} == TOP_LEVEL


def test_packaging_never_shadows_the_library_of_that_name() -> None:
    assert list((ROOT / "packaging").rglob("__init__.py")) == []


def test_ci_calls_the_test_command_of_the_readme_and_nothing_clever() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()

    assert lines[-1] == "exec python3 packaging/dev.py test"
    assert len(lines) <= 4
