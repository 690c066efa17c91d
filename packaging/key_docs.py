"""Writes the README's table of keys from the actions that the window declares; ``--check`` only compares."""

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QSettings

from overpaint.studio.config.folders import HOME_VARIABLE, Folders
from overpaint.studio.studio import Studio
from overpaint.ui.actions.key_table import markdown
from overpaint.ui.app import program
from overpaint.ui.app.main_window import Window
from overpaint.ui.app.runtime.event_loop import run
from overpaint.ui.tools.toolset import TOOLS

README = Path(__file__).resolve().parent.parent / "README.md"
_TABLE = re.compile(r"(<!-- keys -->\n).*?(\n<!-- /keys -->)", re.DOTALL)


def main(words: list[str]) -> int:
    """Writes the table, or says whether it is the one that would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when the table is old")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as home:
        os.environ[HOME_VARIABLE] = home
        tables: list[str] = []
        run(program.application(), lambda: _table(tables))
    text = README.read_text("utf-8")
    new = with_table(text, tables[0])
    if options.check and new != text:
        print("The README's table of keys is old: run `python3 packaging/dev.py docs`.", file=sys.stderr)
        return 1
    if new != text:
        README.write_text(new, "utf-8")
    return 0


def with_table(text: str, table: str) -> str:
    """The README with another table between its markers. Raises ValueError where they are missing."""
    new, found = _TABLE.subn(lambda marks: f"{marks[1]}{table}{marks[2]}", text)
    if found != 1:
        raise ValueError("The README must have the markers of the table of keys exactly once.")
    return new


async def _table(tables: list[str]) -> int:
    studio = Studio(Folders.find())
    memory = QSettings(str(studio.folders.config / "window.ini"), QSettings.Format.IniFormat)
    window = Window(studio, memory, TOOLS)
    tables.append(markdown(window.actions_.declared, window.actions_.keymap))
    await studio.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
