"""Words from outside reach Qt through ``visible``, ``literal`` or ``tip`` alone; nothing reads markup."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UI = ROOT / "app" / "overpaint" / "ui"
RICH = {
    "AutoText", "MarkdownText", "QErrorMessage", "QMessageBox", "QStaticText", "QTextBrowser", "QTextEdit",
    "QWhatsThis", "RichText", "appendHtml", "insertHtml", "setDefaultStyleSheet", "setDetailedText",
    "setHtml", "setInformativeText", "setMarkdown", "setStatusTip", "setWhatsThis",
}  # fmt: skip
"""What takes words for markup, or shows them where nobody looks whether it does."""

SETTERS = {
    "QAction", "QListWidgetItem", "QMenu", "QPushButton", "addAction", "addButton", "addItem", "addItems",
    "addMenu", "add_choice", "setAccessibleDescription", "setAccessibleName", "setTabText", "setTitle",
    "setToolTip", "setWindowTitle", "showText",
}  # fmt: skip
"""``setText`` isn't among them where a label has it, which makes everything visible by itself."""

FOREIGN = {"every", "folder", "host", "message", "name", "names", "note", "path", "prompt", "sentence", "url"}
"""Attributes that hold what somebody else has written: names, prompts, addresses, what a service said."""

HARMLESS = {"bool", "len", "literal", "partial", "tip", "visible"}
OURS = {"field", "meta", "action"}
"""What has names that we have written."""


def setters_of(source: str) -> Iterator[tuple[int, str]]:
    """The line of each setter that is given foreign words as they are, and the call."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in given_foreign(function):
                yield call.lineno, ast.unparse(call)


def given_foreign(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Call]:
    tainted: set[str] = set()
    for node in sorted(ast.walk(function), key=lambda one: getattr(one, "lineno", 0)):
        if isinstance(node, ast.Assign) and is_foreign(node.value, tainted):
            tainted |= set().union(*map(names_in, node.targets))
        elif isinstance(node, ast.Call) and called(node) in SETTERS:
            words = [*node.args, *(one.value for one in node.keywords)]
            if any(is_foreign(one, tainted) for one in words if not isinstance(one, ast.Lambda)):
                yield node


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def is_foreign(node: ast.AST, tainted: set[str]) -> bool:
    match node:
        case ast.Call() if called(node) in HARMLESS:
            return False
        case ast.Compare():
            return False
        case ast.Attribute() if node.attr in FOREIGN and ast.unparse(node.value) not in OURS:
            return True
        case ast.Name():
            return node.id in tainted
        case ast.GeneratorExp() | ast.ListComp():
            each = [one for one in node.generators if is_foreign(one.iter, tainted)]
            return is_foreign(node.elt, tainted.union(*(names_in(one.target) for one in each)))
    return any(is_foreign(child, tainted) for child in ast.iter_child_nodes(node))


def names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


@pytest.mark.parametrize(
    "line",
    [
        "b.setToolTip(profile.note)",
        "b.setToolTip(f'{profile.name}!')",
        "b.setAccessibleName(fault.sentence())",
        "words = preset.params.prompt[:100]; b.setToolTip(words)",
        "add_choice(menu, preset.name, run, tip='')",
        "add_choice(menu, '', run, tip=preset.params.prompt)",
        "QListWidgetItem(mask.name)",
        "menu.addItems([one.name for one in presets])",
    ],
)
def test_foreign_words_in_a_setter_are_found(line: str) -> None:
    assert [*setters_of(f"def f():\n    {line}\n")]


def test_no_setter_is_given_foreign_words_as_they_are() -> None:
    found = [
        f"{path.relative_to(UI)}:{line}: {call}"
        for path in sorted(UI.rglob("*.py"))
        for line, call in setters_of(path.read_text("utf-8"))
    ]

    assert found == []


def test_nothing_in_the_window_reads_markup() -> None:
    found = {
        f"{path.relative_to(UI)}: {name}"
        for path in sorted(UI.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (name := getattr(node, "attr", getattr(node, "id", ""))) in RICH
    }

    assert found == set()


def test_labels_are_made_where_their_words_are_made_visible() -> None:
    found = {
        str(path.relative_to(UI))
        for path in sorted(UI.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and called(node) == "QLabel"
    }

    assert found == set()
