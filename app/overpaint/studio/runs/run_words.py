"""How far a run has come, in words: whoever shows it says the same, and counts the same seconds."""

from overpaint.studio.runs.job import Job


def seconds_words(job: Job) -> str:
    """How long it has gone on, or took: ``34 s``, or nothing before it began."""
    return f"{job.seconds:.0f} s" if job.started is not None else ""


def clock_words(job: Job, usual: float | None) -> str:
    """The same with what such a run usually takes, in seconds: ``34 s of about 40 s``."""
    seconds = seconds_words(job)
    return f"{seconds} of about {usual:.0f} s" if seconds and usual and usual >= 1 else seconds


def partial_words(job: Job) -> str:
    """Which partial picture is the newest, of how many that were asked for: ``Partial 2 of 3``."""
    number = job.partial.index + 1 if job.partial is not None else 0
    asked = job.request.params.partial_images
    return f"Partial {number} of {asked}" if asked else f"Partial {number}"


def phase_words(job: Job) -> str:
    """What a run that goes on is doing, in a sentence."""
    if job.queued:
        return "Waits for its turn."
    waiting = job.waiting
    if waiting is None or waiting.phase == "connecting":
        return f"Connecting to {job.host}…"
    match waiting.phase:
        case "uploading":
            share = f" {100 * waiting.sent // waiting.total} %" if waiting.total else ""
            return f"Uploading…{share}"
        case "rate limited":
            return f"{job.host} asks to wait: {job.seconds_to_wait:.0f} s more."
        case _ if job.partial is not None:
            return f"Partial picture {job.partial.index + 1} has come."
        case _:
            return "Waiting for the picture…"


def short_phase(job: Job) -> str:
    """The same in a word or two."""
    waiting = job.waiting
    if job.queued:
        return "queued"
    if waiting is None or waiting.phase == "connecting":
        return "connecting"
    match waiting.phase:
        case "uploading":
            return f"sent {100 * waiting.sent // waiting.total} %" if waiting.total else "uploading"
        case "rate limited":
            return f"in {job.seconds_to_wait:.0f} s"
        case _ if job.partial is not None:
            return f"partial {job.partial.index + 1}"
        case _:
            return "waiting"


def waiting_words(job: Job, usual: float | None) -> str:
    """Which run it is of those that were asked for together, what it is doing, and its clock."""
    place = f"{job.place} of {job.of}" if job.of > 1 else ""
    doing = partial_words(job) if job.partial is not None else phase_words(job).rstrip(".")
    return " · ".join(filter(None, (place, doing, clock_words(job, usual))))


def progress(job: Job, usual: float | None) -> float | None:
    """How far a run that goes on has come, 0 to 0.98: by the clock where it is known what such a run takes,
    otherwise by its partial pictures; None where nothing tells."""
    if not job.running or job.started is None:
        return None
    if usual:
        return min(job.seconds / usual, 0.98)
    asked = job.request.params.partial_images
    return (job.partial.index + 1) / (asked + 1) if job.partial is not None and asked else None
