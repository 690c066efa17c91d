"""Copies of pictures for servers that don't read the format they are in."""

import asyncio
from dataclasses import replace
from pathlib import Path

from overpaint.core.request.edit_request import EditRequest, Picture
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.document.tray import stamp_of
from overpaint.studio.pictures.picture_reader import PictureReader


class ReadablePictures:
    """Turns a request into one whose pictures an endpoint can read. The copies lie in ``folder``, named by
    their content, and are made once."""

    def __init__(self, reader: PictureReader, folder: Path) -> None:
        self._reader = reader
        self._folder = folder
        self._made: dict[tuple[Path, tuple[int, int], tuple[str, ...]], Picture] = {}

    async def __call__(self, request: EditRequest, profile: EndpointProfile) -> EditRequest:
        """The request with a PNG, which loses nothing, in place of each picture that the endpoint would look
        at but can't read; itself where there is none.

        Raises :class:`PictureError` where a copy would be too large, :class:`StorageError` where it can't be
        written.
        """
        pictures = list(request.pictures)
        for at, picture in enumerate(pictures[: profile.max_pictures]):
            if not profile.reads(picture.format):
                pictures[at] = await self._copy(picture, profile.formats)
        return request if pictures == list(request.pictures) else replace(request, pictures=tuple(pictures))

    async def _copy(self, picture: Picture, formats: tuple[str, ...]) -> Picture:
        stamp = await asyncio.to_thread(stamp_of, picture.path)
        if picture.modified and stamp != (picture.bytes, picture.modified):
            return picture  # it is another one by now, and sending says so
        key = picture.path, stamp, formats
        made = self._made.get(key)
        if made is None or not await asyncio.to_thread(made.path.exists):
            taken = await self._reader.prepare(picture.path, self._folder, formats=formats)
            made = self._made[key] = taken.picture
        return replace(made, name=picture.name)
