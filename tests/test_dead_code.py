"""Nothing in the app is held up by tests alone."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMED_BY_OTHERS = {
    "handle_starttag": "the parser of HTML calls it",
    "capture_signals": "uvicorn's server calls it",
    "clone": "Qt's icon engines are copied through it",
}
KEPT = {
    "pids": "the processes whose memory a bench and the tests look at",
    "override": "keys that the user chooses; there is no editor for them yet",
    "clashes": "as override",
    "SseDecoder": "the public face of the event stream, for programs that are not ours",
}
QT_OVERRIDE = re.compile(r"[a-z]+[A-Z]\w*")


@cache
def parsed(folder: str) -> tuple[tuple[Path, ast.Module], ...]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return tuple((path, ast.parse(path.read_text("utf-8"))) for path in paths)


def trees(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        yield from parsed(folder)


def declared(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Functions, methods and classes, and constants of the module, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and not node.col_offset:
            yield node.targets[0].id, node.lineno


def read(tree: ast.AST) -> Iterator[str]:
    """Names that are read, and the words of short strings: quoted types, and names that are looked up."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 60:
            yield from re.findall(r"\w+", node.value)


def unread(declaring: str, *reading: str) -> list[str]:
    """What the folder ``declaring`` declares and neither it nor the folders ``reading`` ever read."""
    names = {name for _, tree in trees(declaring, *reading) for name in read(tree)}
    return [
        f"{path.relative_to(ROOT).as_posix()}:{line} {name}"
        for path, tree in trees(declaring)
        for name, line in declared(tree)
        if name not in names | NAMED_BY_OTHERS.keys() | KEPT.keys()
        and not name.startswith("__")
        and not QT_OVERRIDE.fullmatch(name)
    ]


def test_whatever_the_app_declares_is_used_by_the_app_or_its_packaging() -> None:
    assert unread("app", "packaging") == []


def test_exceptions_are_still_needed() -> None:
    declared_now = {name for _, tree in trees("app") for name, _ in declared(tree)}
    read_now = {name for _, tree in trees("app") for name in read(tree)}

    assert {name for name in NAMED_BY_OTHERS | KEPT if name not in declared_now or name in read_now} == set()
