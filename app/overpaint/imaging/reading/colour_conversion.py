"""Any stored picture as 8-bit sRGB: bit depth, palette, CMYK and embedded colour profiles."""

import io
from functools import lru_cache

from PIL import Image, ImageCms

_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_SAME = 2
"""So much may a value of 255 differ between two ways of saying the same colours."""

_STEPS = (0, 32, 64, 96, 128, 160, 192, 224, 255)


@lru_cache(maxsize=16)
def is_plain_srgb(profile: bytes | None, mode: str) -> bool:
    """Whether an ICC profile shows pixels of a mode as sRGB does, as far as 8 bits tell, whatever its name.

    So do one that is absent and one that can't be used: such pictures are taken for sRGB, as browsers do.
    """
    if profile is None:
        return True
    if mode in ("CMYK", "LAB"):
        return False
    probe = _probe("L" if mode in ("L", "LA", "1") or mode.startswith(("I", "F")) else "RGB")
    shown = _through_profile(probe.copy(), profile)
    if shown is None:
        return True
    expected, found = probe.convert("RGB").tobytes(), shown.tobytes()
    return all(abs(one - other) <= _SAME for one, other in zip(expected, found, strict=True))


def to_srgb(image: Image.Image, profile: bytes | None = None) -> Image.Image:
    """The picture in mode ``RGB`` or ``RGBA``, 8 bits, sRGB. Orientation stays as stored.

    ``profile`` is the ICC profile of its colours. One that cannot be used is ignored: the picture is then
    taken for sRGB, as browsers do.
    """
    flat = _eight_bit(image)
    if flat.mode == "LAB":
        return _from_lab(flat)
    if profile is not None:
        converted = _through_profile(flat, profile)
        if converted is not None:
            return converted
    if flat.mode in ("RGB", "RGBA"):
        return flat
    return flat.convert("RGBA" if flat.mode == "LA" or "transparency" in flat.info else "RGB")


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """The picture turned as an EXIF orientation (1-8) asks."""
    turn = _TRANSPOSE.get(orientation)
    return image if turn is None else image.transpose(turn)


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode == "F" or image.mode.startswith("I"):
        return _deep_grey(image)
    has_alpha = "transparency" in image.info or image.mode in ("PA", "RGBa", "La")
    if image.mode == "P" or image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK", "LAB", "1"):
        return image.convert("RGBA" if has_alpha else "RGB")
    if "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L") if image.mode == "1" else image


def _deep_grey(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits, or of fractions, by what its values reach: none of these says its white."""
    import numpy as np  # such pictures are rare, and reading the others begins twice as fast without

    values = np.asarray(image)
    top = float(values.max(initial=0))
    if image.mode.startswith("I;16"):
        white = 65_535.0
    elif image.mode == "F":
        white = next((one for one in (1.0, 255.0, 65_535.0) if top <= one), top)
    else:
        white = next((one for one in (255.0, 65_535.0) if top <= one), 2_147_483_647.0)
    if white == 65_535.0 and values.dtype.kind in "iu":
        high = (values.clip(0) >> 8).astype(np.uint8)
    else:
        high = (
            (np.nan_to_num(values).astype(np.float32) * np.float32(255 / white)).clip(0, 255).astype(np.uint8)
        )
    return Image.fromarray(high)


def _from_lab(image: Image.Image) -> Image.Image:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    turned = ImageCms.profileToProfile(image, lab, _srgb(), outputMode="RGB")
    if turned is None:  # only where it works in place
        raise ValueError("LAB can't be converted")
    return turned


def _through_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """The picture in sRGB: itself, changed, where it has colours already, as two large ones take a gigabyte;
    None where the profile is broken, or one for another kind of picture."""
    opened = _profile(profile)
    if opened is None:
        return None
    if image.mode in ("L", "LA") and opened.profile.xcolor_space.strip() == "RGB":
        image = image.convert("RGBA" if image.mode == "LA" else "RGB")
    try:
        if image.mode in ("RGB", "RGBA"):
            ImageCms.profileToProfile(image, opened, _srgb(), inPlace=True)
            return image
        alpha = image.getchannel("A") if image.mode == "LA" else None
        base = image.convert("L") if alpha is not None else image
        turned = ImageCms.profileToProfile(base, opened, _srgb(), outputMode="RGB")
    except (ImageCms.PyCMSError, ValueError, OSError):
        return None
    if turned is not None and alpha is not None:
        turned.putalpha(alpha)
    return turned


@lru_cache(maxsize=2)
def _probe(mode: str) -> Image.Image:
    """Colours that profiles are compared by: every grey, and a coarse cube."""
    if mode == "L":
        return Image.frombytes("L", (256, 1), bytes(range(256)))
    greys = [(one, one, one) for one in range(256)]
    cube = [(r, g, b) for r in _STEPS for g in _STEPS for b in _STEPS]
    pixels = bytes(value for colour in (*greys, *cube) for value in colour)
    return Image.frombytes("RGB", (len(pixels) // 3, 1), pixels)


def _profile(profile: bytes) -> ImageCms.ImageCmsProfile | None:
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
