"""``overpaint edit``: one edit without a window; progress on standard error, results on standard output."""

import argparse
import asyncio
import base64
import contextlib
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overpaint.cli_keep import add_seam_options, drift_report, keep_all, seam_of
from overpaint.cli_streams import VisibleText
from overpaint.core.errors import BadReply, EditError, OverpaintError
from overpaint.core.request.api_fields import ApiField, Choice, Number, Switch, Text, fields_of
from overpaint.core.request.endpoint_profile import OFFLINE, EndpointProfile
from overpaint.core.request.params import MAX_PICTURES, EditParams
from overpaint.core.results.edit_events import Completed
from overpaint.studio.config.folders import Folders
from overpaint.studio.config.key_store import KEY_VARIABLE
from overpaint.studio.process.command_errors import CommandErrors
from overpaint.studio.process.name_lookups import CommandLoop
from overpaint.studio.runs.headless import Cancelled, Outcome, edit_once
from overpaint.studio.runs.job_runner import unexpected_error
from overpaint.studio.runs.recovery.other_places import NotKept

_OK, _FAILED = 0, 1


def run(words: Sequence[str], kind: type[EditParams] = EditParams) -> int:
    """Runs the edit that the arguments describe and returns the exit code; ``kind`` has an option for each of
    its parameters."""
    parser = _parser(kind)
    given = parser.parse_args(words)
    if len(given.image) > MAX_PICTURES:
        parser.error(f"at most {MAX_PICTURES} pictures (--image) are taken")
    seam = seam_of(given, parser)
    progress = _Progress(quiet=given.quiet)
    ending = _Ending()
    try:
        with (
            CommandErrors(Folders.find().log_file, _complain) as errors,
            asyncio.Runner(loop_factory=CommandLoop) as runner,
        ):
            outcome = runner.run(_until_signalled(given, _params(given, kind), progress, ending, errors))
    except (asyncio.CancelledError, KeyboardInterrupt):
        return _failed(Cancelled("Cancelled."), progress, as_json=given.json, code=ending.code)
    except OverpaintError as fault:
        code = ending.code if isinstance(fault, Cancelled) else _FAILED
        return _failed(fault, progress, as_json=given.json, code=code)
    except Exception:
        progress.end()
        if given.json:  # whoever reads it gets an object, whatever happened; words and log are the caller's
            _print_error(unexpected_error(billed=progress.began and bool(given.base_url or given.endpoint)))
        raise
    kept: list[Path] = []
    made = None
    remark = outcome.remark
    if given.mask is not None and given.keep:
        progress.say("laying the result in")
        kept, made, words = keep_all(outcome.files, seam)
        remark = f"{remark} {words}".strip()
    progress.end()
    if remark:
        print(f"overpaint edit: {remark}", file=sys.stderr)
    report = _report(outcome) | {
        "kept": [str(file) for file in kept],
        "drift": drift_report(made),
        "remark": remark,
    }
    print(json.dumps(report) if given.json else "\n".join(str(file) for file in (*outcome.files, *kept)))
    return _OK


def _complain(words: str) -> None:
    print(f"overpaint edit: {words}", file=sys.stderr)


@dataclass
class _Ending:
    """The exit code of a cancelled edit: 128 and the number of the signal that cancelled it."""

    code: int = 128 + signal.SIGINT


async def _until_signalled(
    given: argparse.Namespace,
    params: EditParams,
    progress: "_Progress",
    ending: _Ending,
    errors: CommandErrors,
) -> Outcome:
    """SIGTERM ends the edit as Ctrl+C does, so that the engine and the connection are closed."""
    task = asyncio.current_task()

    def terminate() -> None:
        ending.code = 128 + signal.SIGTERM
        if task is not None:
            task.cancel()

    asyncio.get_running_loop().set_exception_handler(errors.of_loop)
    if sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminate)
    return await edit_once(
        Folders.find(),
        images=given.image,
        mask=given.mask,
        params=params,
        out=given.out,
        endpoint=given.endpoint,
        profile=_profile(given),
        say=progress.say,
        keep_metadata=given.keep_metadata,
    )


def _params(given: argparse.Namespace, kind: type[EditParams]) -> EditParams:
    """What isn't named is as the API has it: no stream, unless partial pictures are asked for."""
    rows = fields_of(kind)
    usual = {name: field.left_out for name, field in rows.items() if not isinstance(field, Text)}
    named = {name: value for name in rows if (value := getattr(given, name)) is not None}
    return kind(**usual | {"stream": bool(given.partial_images)} | named)


def _profile(given: argparse.Namespace) -> EndpointProfile | None:
    return EndpointProfile("command line", given.base_url.rstrip("/")) if given.base_url else None


def _parser(kind: type[EditParams]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="overpaint edit",
        description="Edit one picture, with up to 15 more as references.",
        epilog=f"The key comes from {KEY_VARIABLE} or the system keyring. Without an endpoint the offline "
        "engine is used, which needs no key.",
    )
    add = parser.add_argument
    add(
        "--image",
        action="append",
        required=True,
        type=Path,
        metavar="FILE",
        help="a picture; repeat for more",
    )
    add("--mask", type=Path, metavar="FILE", help="PNG of the first picture's size; transparent = edit here")
    add("--out", required=True, type=Path, metavar="DIR", help="folder for the results")
    add(
        "--keep-metadata",
        action="store_true",
        help="send pictures with all that their files hold: place, camera, texts",
    )
    add(
        "--keep",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="with a mask, lay the result into the first picture, so that nothing else changes (default)",
    )
    add_seam_options(parser)
    for field in fields_of(kind).values():
        _add_field(parser, field)
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--endpoint", default="", metavar="NAME", help="a profile of the settings, such as OpenAI"
    )
    where.add_argument("--base-url", metavar="URL", help="any server of the API; the path is added")
    add("--json", action="store_true", help="end with one JSON object on standard output")
    add("--quiet", action="store_true", help="no progress on standard error")
    return parser


def _add_field(parser: argparse.ArgumentParser, field: ApiField) -> None:
    """The option of a field; its name is the API's, with dashes."""
    option = f"--{field.name.replace('_', '-')}"
    match field:
        case Switch():
            parser.add_argument(option, action=argparse.BooleanOptionalAction, default=None, help=field.help)
        case Number():
            parser.add_argument(option, type=int, metavar=field.metavar or None, help=field.help)
        case Choice():
            words = field.help or ", ".join(filter(None, field.values))
            parser.add_argument(option, metavar=field.metavar or None, help=words)
        case _:
            is_required = isinstance(field, Text) and bool(field.missing) and not field.default
            parser.add_argument(option, required=is_required, metavar=field.metavar or None, help=field.help)


class _Progress:
    """Lines on standard error; on a terminal each replaces the one before."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self.began = False
        """Whether anything was said of the edit: it may have been sent."""
        self._replace = sys.stderr.isatty()
        self._last = ""

    def say(self, words: str) -> None:
        self.began = True
        if self._quiet or words == self._last:
            return
        self._last = words
        if self._replace and isinstance(sys.stderr, VisibleText):
            sys.stderr.erase_line()
        print(words, end="" if self._replace else "\n", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._replace and self._last and not self._quiet:
            print(file=sys.stderr)


def _report(outcome: Outcome) -> dict[str, Any]:
    return {
        "files": [str(file) for file in outcome.files],
        "sidecars": [str(file) for file in outcome.sidecars],
        "usage": outcome.usage.wire() if outcome.usage else None,
        "cost_usd": outcome.cost,
        "endpoint": outcome.endpoint or OFFLINE,
        "request_id": outcome.request_id,
        "remark": outcome.remark,
    }


def _failed(fault: OverpaintError, progress: _Progress, *, as_json: bool, code: int) -> int:
    progress.end()
    billed = isinstance(fault, EditError) and fault.may_have_been_billed
    words = fault.sentence()
    if isinstance(fault, BadReply) and fault.reply_file:
        words = f"{fault.message} It may have been billed. The reply is kept as {fault.reply_file}."
    if billed and "billed" not in words:
        words += " It may have been billed."
    unsaved = [_handed_on(one) for one in fault.pictures] if isinstance(fault, NotKept) else []
    if unsaved:
        words += " No other place took the picture, so it is on standard output, in base64."
    print(f"overpaint edit: {words}", file=sys.stderr)
    if as_json:
        _print_error(fault, unsaved)
    else:
        for one in unsaved:
            print(f"data:image/{one['format']};base64,{one['b64_json']}")
    return code


def _print_error(fault: OverpaintError, unsaved: Sequence[dict[str, str]] = ()) -> None:
    billed = isinstance(fault, EditError) and fault.may_have_been_billed
    error = {"kind": fault.kind, "message": fault.message, "may_have_been_billed": billed}
    if isinstance(fault, EditError) and fault.service_message:
        error["service_message"] = fault.service_message
    if isinstance(fault, BadReply) and fault.reply_file:
        error["reply"] = fault.reply_file
    with contextlib.suppress(OSError):  # the code tells it as well
        print(json.dumps({"error": error, **({"unsaved": unsaved} if unsaved else {})}))


def _handed_on(completed: Completed) -> dict[str, str]:
    """A picture that no disk took, as it can still be kept by whoever reads standard output."""
    return {"format": completed.format, "b64_json": base64.b64encode(completed.data).decode()}
