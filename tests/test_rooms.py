"""How rooms are furnished: few modules in a folder, no name twice, no circle, and a sentence at each door."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parent.parent / "app"
PACKAGE = APP / "overpaint"
MOST_MODULES = 12
FOLDERS = sorted(path.parent for path in PACKAGE.rglob("__init__.py"))

Graph = Mapping[str, set[str]]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(APP).with_suffix("").parts).removesuffix(".__init__")


MODULES = {dotted(path): path for path in PACKAGE.rglob("*.py")}


def imported(path: Path) -> Iterator[str]:
    """The modules of the package that the one at `path` imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module


def siblings(folder: str) -> Graph:
    """Who imports whom among the modules and folders in `folder`; what lies deeper counts for its folder."""
    graph: dict[str, set[str]] = defaultdict(set)
    for module, path in MODULES.items():
        if module.startswith(f"{folder}."):
            here = module.removeprefix(f"{folder}.").partition(".")[0]
            there = (name for name in imported(path) if name.startswith(f"{folder}."))
            graph[here] |= {name.removeprefix(f"{folder}.").partition(".")[0] for name in there} - {here}
    return graph


def circle_in(graph: Graph) -> set[str]:
    """What is left of `graph` when everything that rests on no circle is taken away, again and again."""
    left = {name: set(targets) for name, targets in graph.items()}
    while free := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in free:
            del left[name]
    return set(left)


@pytest.mark.parametrize("folder", FOLDERS, ids=dotted)
def test_folder_holds_about_a_dozen_modules_at_most(folder: Path) -> None:
    modules = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]

    assert len(modules) <= MOST_MODULES, sorted(modules)


@pytest.mark.parametrize("folder", FOLDERS, ids=dotted)
def test_modules_and_folders_in_one_folder_never_import_each_other_in_a_circle(folder: Path) -> None:
    assert circle_in(siblings(dotted(folder))) == set()


def test_circle_that_is_planted_is_found() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) >= {"b", "c"}
    assert circle_in({"a": {"b"}, "b": set()}) == set()


def test_no_two_modules_have_one_base_name() -> None:
    names = Counter(path.stem for path in MODULES.values() if path.stem != "__init__")

    assert {name for name, times in names.items() if times > 1} == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=dotted)
def test_folder_says_in_one_sentence_what_it_is_for(folder: Path) -> None:
    tree = ast.parse((folder / "__init__.py").read_text("utf-8"))
    sentence = ast.get_docstring(tree) or ""

    assert re.fullmatch(r"[A-Z][^.]+\.", sentence) or folder == PACKAGE


def programs_in_strings() -> Iterator[tuple[str, str]]:
    """The imports of this package in programs that tests and benches hold as text, each with its file."""
    for folder in ("tests", "packaging"):
        for path in sorted((APP.parent / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    for found in re.finditer(
                        r"\b(from overpaint[\w.]* import \w+|import overpaint[\w.]+)", node.value
                    ):
                        yield path.name, found[1]


def test_programs_in_strings_import_modules_and_names_that_there_are() -> None:
    missing = []
    for file, line in programs_in_strings():
        module, _, name = line.removeprefix("from ").removeprefix("import ").partition(" import ")
        there = MODULES.get(module)
        known = there is not None and (
            not name or f"{module}.{name}" in MODULES or name in there.read_text("utf-8")
        )
        if not known:
            missing.append(f"{file}: {line}")

    assert missing == []
