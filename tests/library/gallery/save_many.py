"""Saves results into a gallery as fast as it can, all with one time and one prompt: run twice at once."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.params import EditParams
from overpaint.core.results.edit_events import Completed
from overpaint.library.gallery.gallery import Gallery

if __name__ == "__main__":
    folder, name, count = sys.argv[1:]
    gallery = Gallery(Path(folder))
    request = EditRequest(EditParams(prompt="the same words"), (), b"mask")
    when = datetime(2026, 11, 22, 14, 2, 31, tzinfo=UTC)
    for number in range(int(count)):
        # The formats differ, so that a name free for one kind of picture may be taken for the other.
        form = "png" if number % 2 else "jpeg"
        saved = gallery.save(Completed(0, f"{name} {number}".encode(), form), request, when=when)
        assert saved.failure is None
