"""`packaging/dev.py` sets a checkout up by itself, is silent when nothing changed, and says what is wrong."""

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import dev
import dev_jobs
import dev_setup
import dev_system
from dev_console import StepFailed, Trouble, words_for

ROOT = Path(__file__).resolve().parent.parent

# A whole project in little: it brings its own builder, so that a set-up needs no network and few seconds.
PROJECT = """\
    [build-system]
    requires = []
    build-backend = "builder"
    backend-path = ["."]

    [project]
    name = "overpaint"
    version = "0"
"""
BUILDER = """\
    import zipfile
    from pathlib import Path

    def build_editable(folder, config_settings=None, metadata_directory=None):
        name = "overpaint-0-py3-none-any.whl"
        about = "overpaint-0.dist-info"
        with zipfile.ZipFile(Path(folder) / name, "w") as wheel:
            wheel.writestr("overpaint.pth", str(Path(__file__).parent / "app"))
            wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\\nName: overpaint\\nVersion: 0\\n")
            wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
            wheel.writestr(f"{about}/RECORD", "")
        return name
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout with the real set-up scripts, where nothing is installed yet."""
    return made_checkout(tmp_path)


def made_checkout(folder: Path) -> Path:
    root = folder / "checkout"
    (root / "app" / "overpaint").mkdir(parents=True)
    (root / "packaging").mkdir()
    for script in (ROOT / "packaging").glob("dev*.py"):
        shutil.copy(script, root / "packaging")
    (root / "packaging" / "constraints.txt").write_text("", "utf-8")
    (root / "pyproject.toml").write_text(textwrap.dedent(PROJECT), "utf-8")
    (root / "builder.py").write_text(textwrap.dedent(BUILDER), "utf-8")
    (root / "app" / "overpaint" / "__main__.py").write_text("import sys; print('job', sys.argv[1:])", "utf-8")
    return root


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that is set up, for tests that change nothing in it.

    Its system lacks nothing, and its pytest prints what it is given.
    """
    root = made_checkout(tmp_path_factory.mktemp("ready"))
    (root / "packaging" / "dev_system.py").write_text("NEEDS = {}\ndef ensure(needs): pass\n", "utf-8")
    (root / "app" / "pytest.py").write_text("import sys; print('pytest', sys.argv[1:])", "utf-8")
    finish(start(root, "engine"))
    return root


def start(checkout: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "packaging/dev.py", *words],
        cwd=checkout,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=100)
    return process.returncode, out, err


def test_job_in_a_fresh_checkout_is_done_after_the_set_up(checkout: Path) -> None:
    status, out, err = finish(start(checkout, "engine", "--port", "0"))

    assert (status, out) == (0, "job ['engine', '--port', '0']\n"), err
    assert "Making .venv: done" in err


def test_job_when_nothing_changed_is_done_without_a_word(checkout: Path) -> None:
    finish(start(checkout, "engine"))

    assert finish(start(checkout, "engine")) == (0, "job ['engine']\n", "")


def test_set_up_and_job_take_nothing_from_the_python_of_the_person(checkout: Path, tmp_path: Path) -> None:
    program = "import os, json; print(json.dumps(sorted(os.environ)))"
    (checkout / "app" / "overpaint" / "__main__.py").write_text(program, "utf-8")
    for name in ("overpaint", "pip", "venv"):
        (tmp_path / "theirs" / name).mkdir(parents=True)
        (tmp_path / "theirs" / name / "__init__.py").write_text("raise SystemExit('theirs')", "utf-8")
    theirs = {"PYTHONPATH": str(tmp_path / "theirs"), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "error"}

    status, out, err = finish(start(checkout, "engine", PYTHON_KEYRING_BACKEND="mine", **theirs))

    assert status == 0, err
    assert [name for name in json.loads(out) if name.startswith("PYTHON")] == ["PYTHON_KEYRING_BACKEND"]


def test_checks_run_in_an_environment_that_is_the_same_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "LC_ALL": "tr_TR.UTF-8",
        "LANGUAGE": "tr",
        "LANG": "tr_TR.UTF-8",
        "PYTHONHOME": "/",
        "PATH": "/bin",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    environment = dev_jobs._offscreen()

    assert {name: environment.get(name) for name in given} == {
        "LC_ALL": None,
        "LANGUAGE": None,
        "LANG": "C.UTF-8",
        "PYTHONHOME": None,
        "PATH": "/bin",
    }


def test_set_up_that_was_interrupted_is_healed_by_the_next_start(checkout: Path) -> None:
    first = start(checkout, "engine")
    assert first.stderr is not None
    first.stderr.readline()  # the first step is under way
    os.killpg(first.pid, signal.SIGINT)
    interrupted = finish(first)

    status, out, _ = finish(start(checkout, "engine"))

    assert interrupted[0] == 130
    assert "goes on from here" in interrupted[2]
    assert (status, out) == (0, "job ['engine']\n")


def test_half_made_venv_is_made_anew_and_said(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").write_text("broken", "utf-8")

    status, out, err = finish(start(checkout, "engine"))

    assert (status, out) == (0, "job ['engine']\n")
    assert "making it anew" in err


def test_registry_that_cannot_be_reached_is_said_in_words(checkout: Path) -> None:
    pin = f"nothing-of-this-name==1.0 --hash=sha256:{'0' * 64}\n"
    (checkout / "packaging" / "constraints.txt").write_text(pin, "utf-8")
    nobody_listens = "http://127.0.0.1:9/"

    status, out, err = finish(
        start(checkout, "engine", PIP_INDEX_URL=nobody_listens, PIP_CONFIG_FILE=os.devnull)
    )

    assert (status, out) == (1, "")
    assert "The package registry can't be reached. Check the network" in err
    assert "Traceback" not in err


def test_python_that_is_too_old_is_named_with_what_to_do() -> None:
    words = dev.too_old((3, 9), "python3")

    assert "needs Python 3.11 or newer, and this is Python 3.9 (python3)" in words
    assert "python3.11 packaging/dev.py run" in words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("ERROR: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: Could not install: [Errno 13] Permission denied: 'x'", "can't be written to"),
        (
            "WARNING: Retrying after NameResolutionError: Temporary failure in name resolution",
            "can't be reached",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the pinned one"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "doesn't exist for Python"),
        ("error: subprocess-exited-with-error", "Installing the packages failed"),
    ],
)
def test_trouble_of_pip_is_told_in_words_with_its_last_lines(said: str, words: str) -> None:
    told = dev_setup.words_for_pip(StepFailed("Installing", ["Collecting numpy", "", said]))

    assert words in told.splitlines()[0]
    assert told.endswith(f"    {said}")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk is full (x)"),
        (errno.EROFS, "can't be written to (x)"),
        (errno.EIO, "stopped"),
    ],
)
def test_trouble_of_the_file_system_is_told_in_words(number: int, words: str) -> None:
    assert words in words_for(OSError(number, os.strerror(number), "x"))


def test_library_that_no_system_has_is_seen_as_absent() -> None:
    assert not dev_system.is_there("libnobody-has-this.so.7")
    assert dev_system.is_there("libc.so.6")


def test_missing_library_is_answered_with_the_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        dev_system.NEEDS, "window", {"libnobody-has-this.so.7": "libnobody7", "libc.so.6": "libc6"}
    )
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda program: f"/usr/bin/{program}")

    with pytest.raises(Trouble, match=r"sudo apt-get update && sudo apt-get install .* libnobody7$"):
        dev_system.ensure(["window"])


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of a plain user on a Debian that lacks a library, a program, and Python's venv module."""
    absent = {
        "offscreen": {"libnobody-has-this.so.7": "libnobody7"},
        "window": {"libc.so.6": "libc6", "libnobody-has-that.so.3": "libnobody3"},
        "tests": {"nobody-has-this-program": "nobody-tools"},
        "venv": {"module nobody_has_this": "python3-nobody-venv"},
    }
    for need, things in absent.items():
        monkeypatch.setitem(dev_system.NEEDS, need, things)
    which = shutil.which
    apt = {"apt-get": "/usr/bin/apt-get"}
    monkeypatch.setattr(shutil, "which", lambda program: apt.get(program) or which(program))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(dev_setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev_setup, "STAMP", tmp_path / ".venv" / "stamp.json")
    return tmp_path


def asked_for(job: str) -> list[str]:
    """The packages in the one command that a job prints."""
    with pytest.raises(Trouble) as told:
        dev_setup.ensure(dev_jobs.JOBS[job].needs())
    (command,) = [line for line in str(told.value).splitlines() if "apt-get" in line]
    return re.findall(r"\S*nobody\S*", command.split("--no-install-recommends")[1])


@pytest.mark.usefixtures("bare")
def test_one_command_names_all_that_a_job_needs_and_the_set_up_with_it() -> None:
    assert asked_for("test") == ["libnobody3", "libnobody7", "nobody-tools", "python3-nobody-venv"]
    assert asked_for("shots") == ["libnobody7", "python3-nobody-venv"]
    assert asked_for("package") == ["python3-nobody-venv"]


def test_command_after_the_set_up_of_another_job_names_only_what_is_missing_yet(bare: Path) -> None:
    python = dev_setup.script("python")
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    dev_setup._write_stamp(dev_setup.Stamp(dev_setup._base_key(), dev_setup._packages_key()))

    assert asked_for("test") == ["libnobody3", "libnobody7", "nobody-tools"]


@pytest.mark.parametrize(("name", "there"), [("json", True), ("nobody_has_this", False)])
def test_module_of_python_is_looked_for_without_being_loaded(name: str, there: bool) -> None:
    assert dev_system.is_there(f"module {name}") is there


def test_missing_library_where_there_is_no_apt_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(dev_system.NEEDS, "window", {"libnobody-has-this.so.7": "libnobody7"})
    monkeypatch.setattr(shutil, "which", lambda program: None)

    with pytest.raises(Trouble, match=r"not there: libnobody-has-this\.so\.7\."):
        dev_system.ensure(["window"])


def test_last_words_of_a_failed_step_start_at_the_error_and_leave_routine_out() -> None:
    failed = StepFailed("x", ["Collecting a", "note", "", "ERROR: b", "  Downloading c", "d" * 300])

    assert failed.last_words().splitlines() == ["    ERROR: b", "    " + "d" * 200]


@pytest.mark.parametrize(
    "line", ["1 failed, 30 passed in 2.51s", "312 passed, 1 xfailed in 75.30s (0:01:15)"]
)
def test_last_line_of_pytest_is_found_for_the_summary(line: str) -> None:
    (found,) = dev_jobs.SUMMARY.findall(f"====== {line} ======\n".encode())

    assert line.startswith(found.decode())


def test_benchmark_of_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(Trouble, match=r"no benchmark “nothing”\. The benchmarks are:"):
        dev_jobs.bench(["nothing"])


def test_benchmarks_that_are_named_run_alone_and_a_failed_one_fails_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "packaging" / "bench"
    folder.mkdir(parents=True)
    for name, status in (("quick", 0), ("broken", 3), ("other", 0)):
        (folder / f"{name}.py").write_text(f"print('{name} ran'); raise SystemExit({status})", "utf-8")
    monkeypatch.setattr(dev_jobs, "ROOT", tmp_path)
    monkeypatch.setattr(dev_jobs, "script", lambda name: Path(sys.executable))

    statuses = (dev_jobs.bench(["quick"]), dev_jobs.bench(["broken", "quick"]))

    assert statuses == (0, 1)
    assert re.findall(r"(\w+) ran", capfd.readouterr().out) == ["quick", "broken", "quick"]


def test_job_test_runs_every_check_although_one_fails(ready: Path) -> None:
    status, out, _ = finish(start(ready, "test"))

    checks = re.findall(r"^── (\w+)$", out, re.MULTILINE)
    assert status == 1
    assert checks == ["format", "lint", "types", "contracts", "docs", "tests", "summary"]


@pytest.mark.parametrize(
    ("words", "passed_on"),
    [
        (["tests/core", "-k", "size"], ["tests/core", "-k", "size"]),
        (["tests/core", "--random"], ["--hypothesis-profile=random", "tests/core"]),
        ([], ["-n", "2"]),
        (["--random"], ["--hypothesis-profile=random", "-n", "2"]),
    ],
)
def test_words_for_the_tests_are_passed_on_to_pytest(
    ready: Path, words: list[str], passed_on: list[str]
) -> None:
    _, out, err = finish(start(ready, "test", *words))

    assert f"pytest {passed_on}" in out.splitlines(), err


@pytest.mark.parametrize("ci", ["", "true"])
def test_examples_are_the_same_for_everybody_unless_random_ones_are_wanted(ci: str) -> None:
    def profile(*words: str) -> str:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-v",
            "--collect-only",
            "tests/core/request/test_sizes.py",
            *words,
        ]
        environment = {**os.environ, "CI": ci}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        (told,) = [line for line in done.stdout.splitlines() if line.startswith("hypothesis profile")]
        return told

    assert "derandomize=True" in profile()
    assert "derandomize=True" not in profile("--hypothesis-profile=random")


@pytest.mark.skipif(os.name == "nt", reason="a shell's background jobs")
def test_tests_in_the_background_interrupt_what_they_start() -> None:
    child = "os.execv('/bin/sh', ['sh', '-c', 'kill -INT $$; echo ignored'])"
    program = [sys.executable, "-c", f"import os, tests.conftest; {child}"]

    done = subprocess.run(
        ["/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh", *program],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (-signal.SIGINT, b""), done.stderr


def test_job_of_an_unknown_name_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev_jobs.main(["nothing"]) == 2
    assert "The jobs are: run, test, shots, bench, docs, package, engine." in capsys.readouterr().err


def test_help_tells_what_each_job_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev_jobs.main(["--help"]) == 0
    assert set(re.findall(r"^  (\w+)  ", capsys.readouterr().out, re.MULTILINE)) == set(dev_jobs.JOBS)
