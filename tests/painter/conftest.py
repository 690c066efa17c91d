"""The pictures that are drawn on, made once."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.painter.easel import Frame, paint_subject

Subject = Callable[[Frame], tuple[Path, NDArray[np.uint8]]]


@pytest.fixture(scope="session")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """The picture for a frame: its file and its pixels, RGB."""
    folder = tmp_path_factory.mktemp("subjects")
    made: dict[Frame, tuple[Path, NDArray[np.uint8]]] = {}

    def give(frame: Frame) -> tuple[Path, NDArray[np.uint8]]:
        if frame not in made:
            path = folder / f"subject-{len(made)}.png"
            made[frame] = path, paint_subject(frame, path)
        return made[frame]

    return give
