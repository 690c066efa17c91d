"""The jobs of `packaging/dev.py`: each takes the words after its name and gives an exit status."""

import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import dev_setup
from dev_console import Trouble, say, words_for
from dev_setup import ROOT, script

HELP = """\
usage: python3 packaging/dev.py JOB [words for the job]

Sets up .venv (and the system libraries Qt needs) if that isn't done yet, then does the job:

  run      open the window, with the offline engine; FILES are opened in it
  test     all that CI runs: format, lint, types, contracts, tests;
           with words, only pytest with these words (tests/core -k size);
           --random tries new examples instead of the same ones each time
  shots    draw the window's main states into build/shots (--out FOLDER for another)
  bench    measure; with names, only these scripts of packaging/bench
  docs     write the README's table of keys; --check only compares
  package  build the wheel into dist and look inside
  engine   serve the edit API offline on this machine (--port N, --token T)
"""
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as check; check()"
RANDOM = "--random"
SUMMARY = re.compile(rb"\d+ (?:passed|failed|error)[^\r\n]*? in [\d.]+s")


def main(words: list[str]) -> int:
    """Set up what the job named by the first word needs, then do it with the other words."""
    if not words or words[0] in ("-h", "--help", "help"):
        print(HELP)
        return 0 if words else 2
    job = JOBS.get(words[0])
    if job is None:
        say(f"There is no job “{words[0]}”. The jobs are: {', '.join(JOBS)}.")
        return 2
    try:
        dev_setup.ensure(job.needs())
        return job.work(words[1:])
    except Trouble as trouble:
        say(str(trouble))
    except OSError as fault:
        say(words_for(fault))
    except KeyboardInterrupt:
        say("\nStopped. The next start goes on from here.")
        return 130
    return 1


def run(words: Sequence[str]) -> int:
    """Open the window."""
    return _become([script("python"), "-m", "overpaint", *words])


def engine(words: Sequence[str]) -> int:
    """Serve the edit API offline."""
    return _become([script("python"), "-m", "overpaint", "engine", *words])


def shots(words: Sequence[str]) -> int:
    """Draw the window's main states into PNG files."""
    out = [] if "--out" in words else ["--out", str(ROOT / "build" / "shots")]
    return _become([script("python"), ROOT / "packaging" / "shots.py", *out, *words], _offscreen())


def bench(words: Sequence[str]) -> int:
    """Run the scripts of `packaging/bench` in turn; names choose some, words with a dash go to each."""
    scripts = {path.stem: path for path in sorted((ROOT / "packaging" / "bench").glob("[!_]*.py"))}
    named = [word.removesuffix(".py") for word in words if not word.startswith("-")]
    options = [word for word in words if word.startswith("-")]
    unknown = [name for name in named if name not in scripts]
    if unknown:
        raise Trouble(f"There is no benchmark “{unknown[0]}”. The benchmarks are: {', '.join(scripts)}.")
    failed = []
    for name in named or list(scripts):
        print(f"── {name}", flush=True)
        command = [str(script("python")), str(scripts[name]), *options]
        if subprocess.call(command, cwd=ROOT, env=_offscreen()):
            failed.append(name)
    if failed:
        say(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0


def docs(words: Sequence[str]) -> int:
    """Write the README's table of keys from what the window declares."""
    return _become([script("python"), ROOT / "packaging" / "key_docs.py", *words], _offscreen())


def package(words: Sequence[str]) -> int:
    """Build the wheel into `dist`, without a network, and see that the resources are inside."""
    built = ROOT / "dist"
    for old in built.glob("*.whl"):
        old.unlink()
    command = [str(script("python")), "-m", "hatchling", "build", "-t", "wheel", "-d", str(built), *words]
    if subprocess.call(command, cwd=ROOT, env=dev_setup.environment()):
        raise Trouble("The wheel could not be built; the lines above say why.")
    (wheel,) = built.glob("*.whl")
    absent = missing_resources(wheel)
    if absent:
        raise Trouble(f"{wheel.name} lacks {len(absent)} resources: {', '.join(absent[:5])}.")
    print(f"{wheel.relative_to(ROOT)}  {wheel.stat().st_size / 2**20:.2f} MB, resources inside")
    return 0


def missing_resources(wheel: Path) -> list[str]:
    """Return the files of `resources` that are not inside `wheel`."""
    resources = ROOT / "resources"
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    ours = (path for path in resources.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    names = [path.relative_to(resources).as_posix() for path in ours]
    return [name for name in names if f"overpaint/_resources/{name}" not in inside]


def test(words: Sequence[str]) -> int:
    """Run every check that CI runs, all of them even if one fails; with words, only pytest with these."""
    python = script("python")
    os.chdir(ROOT)
    pytest: list[str | Path] = [python, "-u", "-m", "pytest"]
    if RANDOM in words:
        pytest.append("--hypothesis-profile=random")
        words = [word for word in words if word != RANDOM]
    if words:
        return _become([*pytest, *words], _offscreen())
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    steps: dict[str, list[str | Path]] = {
        "format": [python, "-m", "ruff", "format", "--check", "."],
        "lint": [python, "-m", "ruff", "check", "."],
        "types": [python, "-m", "mypy"],
        "contracts": [python, "-c", LINT_IMPORTS, "--no-logo"],
        "docs": [python, ROOT / "packaging" / "key_docs.py", "--check"],
        "tests": [*pytest, "-n", "2", *colour],
    }
    results = [_step(name, command) for name, command in steps.items()]
    print("\n── summary")
    for result in results:
        verdict = "ok" if result.well else "FAILED"
        print(f"{result.name:<10} {verdict:<7} {result.seconds:6.1f} s  {result.words}")
    return 0 if all(result.well for result in results) else 1


@dataclass(frozen=True, slots=True)
class _Result:
    name: str
    well: bool
    seconds: float
    words: str


def _step(name: str, command: Sequence[str | Path]) -> _Result:
    """Run one check and pass on what it says; the result keeps pytest's own last line, if there is one."""
    print(f"\n── {name}", flush=True)
    start = time.monotonic()
    end = b""
    with subprocess.Popen(command, cwd=ROOT, env=_offscreen(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while chunk := os.read(process.stdout.fileno(), 65536):
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            end = (end + chunk)[-4096:]
        status = process.wait()
    found = SUMMARY.findall(re.sub(rb"\033\[[\d;]*m", b"", end))
    words = found[-1].decode() if found else ""
    return _Result(name, status == 0, time.monotonic() - start, words)


def _offscreen() -> dict[str, str]:
    """Return an environment that is the same for everybody: no window, language, or Python variables."""
    plain = dev_setup.environment(QT_QPA_PLATFORM="offscreen", LANG="C.UTF-8")
    return {name: value for name, value in plain.items() if not name.startswith("LC_") and name != "LANGUAGE"}


def _become(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> int:
    """Let the job take this process's place, so that signals reach it; Windows can't, and waits for it."""
    words = [str(word) for word in command]
    environment = dev_setup.environment() if environment is None else environment
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(words[0], words, environment)
    return subprocess.call(words, env=environment)


def _window_needs() -> tuple[str, ...]:
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    return ("offscreen",) if platform.startswith(("offscreen", "wayland")) else ("offscreen", "window")


@dataclass(frozen=True, slots=True)
class Job:
    """What a job does, and what it needs from the system."""

    work: Callable[[Sequence[str]], int]
    needs: Callable[[], tuple[str, ...]] = lambda: ()


JOBS = {
    "run": Job(run, _window_needs),
    "test": Job(test, lambda: ("offscreen", "window", "tests")),
    "shots": Job(shots, lambda: ("offscreen",)),
    "bench": Job(bench, lambda: ("offscreen",)),
    "docs": Job(docs, lambda: ("offscreen",)),
    "package": Job(package),
    "engine": Job(engine),
}
