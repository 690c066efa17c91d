"""ICC profiles made from what a picture says of its colours in numbers (ICC.1:2001-04, ITU-T H.273)."""

import struct
from collections.abc import Callable, Sequence
from functools import lru_cache

_SRGB_GAMMA = (0.43, 0.47)
"""Files say 1/2.2 and mean sRGB."""

_EXPONENTS = (0.2, 5.0)
_BT709 = (0.3127, 0.3290, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060)
_PRIMARIES = {
    1: _BT709,
    4: (0.3101, 0.3162, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (0.3127, 0.3290, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (0.3127, 0.3290, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    7: (0.3127, 0.3290, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    9: (0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
}
"""White, red, green and blue as x and y, by the code points of H.273, table 2."""

_D50 = (0.96422, 1.0, 0.82521)
_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_REFERENCE_WHITE = 203.0
"""Candelas a square metre that PQ shows as plain white (ITU-R BT.2408)."""

_SAMPLES = 1024
_LEAST_DETERMINANT = 1e-4

Curve = Callable[[float], float]
Rows = tuple[tuple[float, ...], ...]


def profile_of_gamma(gamma: float, chromaticities: Sequence[float]) -> bytes | None:
    """The colours of a PNG's ``gAMA`` and ``cHRM`` (eight numbers from 0 to 1, or none); None for sRGB."""
    low, high = _SRGB_GAMMA
    curve: Curve = _srgb
    if not low <= gamma <= high:
        if not gamma or not _EXPONENTS[0] <= 1 / gamma <= _EXPONENTS[1]:
            return None
        curve = _Power(1 / gamma)
    known = tuple(chromaticities) if _matrix(chromaticities) is not None else _BT709
    near = all(abs(one - other) < 0.005 for one, other in zip(known, _BT709, strict=True))
    return None if curve is _srgb and near else _built(known, curve)


def profile_of_code_points(primaries: int, transfer: int) -> bytes | None:
    """The colours that H.273 has under two numbers; None for sRGB and for those it has none for.

    What is brighter than white (PQ, HLG) becomes white.
    """
    curves: dict[int, Curve] = {
        1: _srgb,  # the camera's curve of BT.709: shown as sRGB by all that show it
        4: _Power(2.2),
        5: _Power(2.8),
        6: _srgb,
        8: _Power(1.0),
        13: _srgb,
        14: _srgb,
        15: _srgb,
        16: _pq,
        18: _hlg,
    }
    known, curve = _PRIMARIES.get(primaries), curves.get(transfer)
    if known is None or curve is None or (known is _BT709 and curve is _srgb):
        return None
    return _built(known, curve)


class _Power:
    """A pure power; two of the same exponent are equal."""

    def __init__(self, exponent: float) -> None:
        self._exponent = exponent

    def __call__(self, value: float) -> float:
        return float(value**self._exponent)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Power) and other._exponent == self._exponent

    def __hash__(self) -> int:
        return hash(self._exponent)


def _srgb(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _pq(value: float) -> float:
    m1, m2, c1, c2, c3 = 1305 / 8192, 2523 / 32, 107 / 128, 2413 / 128, 2392 / 128
    power = value ** (1 / m2)
    light = (max(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
    return float(10_000 * light / _REFERENCE_WHITE)


def _hlg(value: float) -> float:
    """Three quarters of the signal are plain white (BT.2408)."""
    return _hlg_light(value) / _hlg_light(0.75)


def _hlg_light(value: float) -> float:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return value * value / 3 if value <= 0.5 else (2.718281828459045 ** ((value - c) / a) + b) / 12


@lru_cache(maxsize=4)
def _built(chromaticities: tuple[float, ...], curve: Curve) -> bytes:
    """A version 2 profile of three primaries and one curve for all of them."""
    columns = _matrix(chromaticities)
    assert columns is not None
    samples = [round(65_535 * min(curve(at / (_SAMPLES - 1)), 1.0)) for at in range(_SAMPLES)]
    table = b"curv\0\0\0\0" + struct.pack(f">I{_SAMPLES}H", _SAMPLES, *samples)
    tags = {
        b"desc": b"desc\0\0\0\0\0\0\0\x02-\0" + b"\0" * 78,
        b"cprt": b"text\0\0\0\0-\0",
        b"wtpt": _xyz(_D50),
        **{name: _xyz(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), table),
    }
    return _file(tags)


def _file(tags: dict[bytes, bytes]) -> bytes:
    index, bodies, start = b"", b"", 132 + 12 * len(tags)
    for name, body in tags.items():
        index += name + struct.pack(">II", start + len(bodies), len(body))
        bodies += body + b"\0" * (-len(body) % 4)
    rest = struct.pack(">I", len(tags)) + index + bodies
    head = struct.pack(">II", 128 + len(rest), 0) + b"\x02\x40\0\0mntrRGB XYZ " + b"\0" * 12 + b"acsp"
    return (head + b"\0" * 28 + _xyz(_D50)[8:]).ljust(128, b"\0") + rest


def _xyz(value: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(65_536 * one) for one in value))


def _matrix(chromaticities: Sequence[float]) -> Rows | None:
    """The primaries as XYZ under D50; None where the numbers span no colours."""
    if len(chromaticities) != 8 or any(one < 0 for one in chromaticities) or not min(chromaticities[1::2]):
        return None
    white, *primaries = (_of_xy(*chromaticities[at : at + 2]) for at in (0, 2, 4, 6))
    shares = _solved(primaries, white)
    if shares is None:
        return None
    from_cone, to_cone = _BRADFORD, _inverse_of_bradford()
    old, new = _times(from_cone, white), _times(from_cone, _D50)
    adapted = []
    for share, primary in zip(shares, primaries, strict=True):
        cone = _times(from_cone, [share * one for one in primary])
        adapted.append(_times(to_cone, [one * a / b for one, a, b in zip(cone, new, old, strict=True)]))
    return tuple(adapted)


def _of_xy(x: float, y: float) -> tuple[float, ...]:
    return x / y, 1.0, (1 - x - y) / y


def _times(rows: Rows, vector: Sequence[float]) -> tuple[float, ...]:
    return tuple(sum(one * other for one, other in zip(row, vector, strict=True)) for row in rows)


def _solved(columns: Sequence[Sequence[float]], right: Sequence[float]) -> tuple[float, ...] | None:
    """By how much each column adds up to the right side (Cramer's rule)."""
    whole = _determinant(columns)
    if abs(whole) < _LEAST_DETERMINANT:
        return None
    swapped = ([right if at == place else one for at, one in enumerate(columns)] for place in range(3))
    return tuple(_determinant(one) / whole for one in swapped)


def _determinant(c: Sequence[Sequence[float]]) -> float:
    return (
        c[0][0] * (c[1][1] * c[2][2] - c[1][2] * c[2][1])
        - c[1][0] * (c[0][1] * c[2][2] - c[0][2] * c[2][1])
        + c[2][0] * (c[0][1] * c[1][2] - c[0][2] * c[1][1])
    )


def _inverse_of_bradford() -> Rows:
    columns = tuple(zip(*_BRADFORD, strict=True))
    units = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    solved = [_solved(columns, unit) for unit in units]
    return tuple(zip(*(one for one in solved if one is not None), strict=True))
