"""Draws the picture a new user sees at first start: a lake at dawn, and a red balloon to paint out.

It is computed from noise and a few curves, the same at every run:
``python packaging/draw_sample.py [FILE.jpg]``.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from skimage.filters import gaussian

WIDTH, HEIGHT = 1536, 1024
SHORE = 628
"""The row where the land meets its mirror image."""
SUN = (470.0, 505.0)
"""Column and row of the sun, which the hills hide."""
BALLOON = (1046.0, 214.0, 78.0)
"""Column and row of the envelope's middle, and its radius: high enough to have no mirror image."""
OUTPUT = Path(__file__).resolve().parent.parent / "resources" / "sample.jpg"

Array = NDArray[np.float64]
"""Values from 0 to 1, (height, width), or (height, width, 3) in display RGB."""

_Y, _X = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)


@dataclass(frozen=True, slots=True)
class Ridge:
    """One line of hills. ``rise`` and ``swing`` are pixels above the shore, ``near`` goes from 0 (lost in
    the haze) to 1, ``trees`` is the height of its largest trees in pixels."""

    seed: int
    rise: float
    swing: float
    roughness: float
    near: float
    lean: float = 0.0
    trees: float = 0.0


RIDGES = (
    Ridge(seed=31, rise=232, swing=88, roughness=1.9, near=0.13, lean=0.34),
    Ridge(seed=12, rise=170, swing=62, roughness=1.8, near=0.25, lean=-0.36),
    Ridge(seed=77, rise=112, swing=50, roughness=1.75, near=0.42, lean=0.30, trees=7),
    Ridge(seed=58, rise=66, swing=34, roughness=1.7, near=0.62, lean=-0.42, trees=17),
    Ridge(seed=25, rise=9, swing=32, roughness=1.6, near=0.84, lean=0.62, trees=38),
)


def draw() -> Image.Image:
    """The whole scene, 1536 x 1024, RGB."""
    land = _sky()
    for ridge in RIDGES:
        land = _with_ridge(land, ridge)
    scene = _with_lake(land)
    scene = _with_foreground(scene)
    scene = _with_balloon(scene)
    return _developed(scene)


def _sky() -> Array:
    """Dawn: slate blue above, peach above the hills, brightest over the sun, with thin high cloud."""
    height = np.clip(_Y / SHORE, 0, 1)
    cool = _ramp(
        height, ((0.0, "#5f7f9d"), (0.35, "#93aabb"), (0.62, "#c9cdca"), (0.85, "#e4d6c6"), (1.0, "#e6d3c2"))
    )
    warm = _ramp(
        height, ((0.0, "#7d93a8"), (0.35, "#b9bab6"), (0.62, "#ecd2b3"), (0.85, "#fbd6a6"), (1.0, "#fbd3a2"))
    )
    picture = _mix(cool, warm, np.exp(-(((_X - SUN[0]) / 620) ** 2)))
    picture = _mix(picture, _rgb("#fff0cf"), 0.85 * _glow(250, 165))
    high = _noise(5, roughness=1.55, stretch=3.4, tilt=0.16)
    fine = _noise(6, roughness=1.15, stretch=2.4, tilt=0.16)
    cloud = _step(0.42, 0.95, high * 0.75 + fine * 0.25) * (1 - _step(0.45, 0.92, height))
    lit = _mix(
        _rgb("#d5d7d8"), _rgb("#ffe6cb"), _step(0.05, 0.6, height) * np.exp(-(((_X - SUN[0]) / 800) ** 2))
    )
    return _mix(picture, lit, 0.72 * cloud)


def _with_ridge(picture: Array, ridge: Ridge) -> Array:
    crest = SHORE - _profile(ridge)
    solid = np.clip(_Y - crest[None, :] + 0.5, 0, 1)
    if ridge.trees:
        solid = np.maximum(solid, _forest(ridge, crest))
    haze = _haze()
    depth = np.clip((_Y - crest[None, :]) / (SHORE - crest[None, :] + 3), 0, 1)
    ground = _mix(_rgb("#56707f"), _rgb("#16262a"), np.full_like(_X, ridge.near))
    ground = ground * (1 + 0.62 * _relief(ridge))[..., None]
    drift = _noise(ridge.seed + 200, roughness=1.7, stretch=4.5)
    mist = np.clip(depth**1.25 * (0.62 + 0.62 * drift), 0, 1) * (1 - 0.30 * ridge.near)
    veil = 1 - (1 - mist) * (ridge.near**0.8)
    veil = np.clip(veil + 0.25 * _glow(260, 150) * (1 - ridge.near), 0, 1)
    return _mix(picture, _mix(ground, haze, veil), solid)


def _with_lake(land: Array) -> Array:
    """The land's mirror image, broken by ripples that grow toward the viewer."""
    below = np.clip((_Y - SHORE) / (HEIGHT - SHORE), 0, 1)
    ripple = _noise(41, roughness=1.1, stretch=14.0) - 0.5
    swell = _noise(42, roughness=1.6, stretch=9.0) - 0.5
    wobble = below**0.8 * (64 * ripple + 46 * swell)
    rows = np.clip(SHORE - (_Y - SHORE) * 1.12 + wobble, 0, SHORE - 1)
    columns = np.clip(_X + below * 7 * ripple, 0, WIDTH - 1)
    mirror = land[rows.astype(int), columns.astype(int)]
    mirror = gaussian(mirror, sigma=(1.6, 0.7), channel_axis=2)
    deep = _mix(mirror, _rgb("#22404e"), 0.10 + 0.42 * below**1.1)
    wind = _step(0.52, 0.8, _noise(43, roughness=1.5, stretch=10.0)) * _step(0.02, 0.25, below)
    deep = _mix(deep, _rgb("#b9c3c6"), 0.20 * wind)
    glint = _step(0.60, 0.92, _noise(44, roughness=0.7, stretch=11.0))
    path = np.exp(-(((_X - SUN[0]) / (120 + 240 * below)) ** 2)) * (1 - below) ** 0.6
    deep = _mix(deep, _rgb("#ffe9c4"), 0.5 * glint * path)
    scene = np.where((_Y < SHORE)[..., None], land, deep)
    drift = _noise(45, roughness=1.8, stretch=7.0)
    fog = np.exp(-(((_Y - SHORE + 6) / (10 + 30 * drift)) ** 2))
    return _mix(scene, _haze(), np.clip(fog * (0.25 + 0.8 * drift), 0, 0.92))


def _with_foreground(scene: Array) -> Array:
    """A dark bank of grasses at the lower left, and the pine that frames the view."""
    over = 2
    sheet = Image.new("L", (WIDTH * over, HEIGHT * over))
    pen = ImageDraw.Draw(sheet)
    rng = np.random.default_rng(9)
    for column in np.sort(rng.uniform(-40, 900, 1500)):
        _blade(pen, rng, float(column) * over, _bank_top(column) * over, over)
    _bank(pen, over)
    _pine(pen, rng, 1428 * over, (HEIGHT + 40) * over, 640 * over)
    _pine(pen, rng, 1508 * over, (HEIGHT + 30) * over, 800 * over)
    mask = np.asarray(sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), dtype=np.float64) / 255
    tone = _mix(_rgb("#0d1719"), _rgb("#31302a"), _step(HEIGHT, 350, _Y) * 0.5)
    return _mix(scene, tone, 0.97 * mask)


def _with_balloon(scene: Array) -> Array:
    column, row, radius = BALLOON
    over, reach = 4, int(1.6 * radius)
    left, top = int(column) - reach, int(row) - reach
    y, x = (np.mgrid[0 : 2 * reach * over, 0 : 2 * reach * over] + 0.5) / over
    u, v = (x + left - column) / radius, (y + top - row) / radius
    taper = np.cos(np.clip(v / 1.42, 0, 1) ** 1.2 * np.pi / 2 * 0.885)
    half = np.where(v < 0, np.sqrt(np.clip(1 - v**2, 0, 1)), taper) * (v <= 1.42)
    inside = (np.abs(u) < half).astype(float)
    across = np.clip(u / np.maximum(half, 1e-3), -1, 1)
    shaded = _cloth(across, v) * _light(across, v)[..., None]
    shaded = _mix(shaded, _rgb("#ffcb8a"), 0.55 * _step(-0.55, -1.0, across))
    shaded = np.clip(_mix(shaded, _rgb("#a9b7bf"), 0.10 + 0.10 * _step(0.2, 1.3, v)), 0, 1)
    drawn = np.dstack((shaded * inside[..., None], inside)).reshape(2 * reach, over, 2 * reach, over, 4)
    small = gaussian(drawn.mean(axis=(1, 3)), sigma=0.5, channel_axis=2)
    scene = scene.copy()
    area = scene[top : top + 2 * reach, left : left + 2 * reach]
    area[:] = area * (1 - small[..., 3:]) + small[..., :3]
    return _with_basket(scene, column, row + 1.42 * radius, radius)


def _cloth(across: Array, down: Array) -> Array:
    """The envelope's gores and its cream belt, seen a little from below."""
    gore = np.arcsin(across) / np.pi * 14 + 0.5
    seam = np.abs(gore - np.round(gore)) * np.sqrt(np.clip(1 - across**2, 0.02, 1))
    cloth = _mix(_rgb("#cf2f2a"), _rgb("#e2483a"), np.floor(gore) % 2)
    bulge = 0.20 * np.sqrt(np.clip(1 - across**2, 0, 1))
    belt = np.abs(down - bulge - 0.10)
    cloth = _mix(cloth, _rgb("#f3dfc4"), _step(0.135, 0.115, belt))
    cloth = _mix(cloth, _rgb("#8f1f22"), _step(0.030, 0.014, np.abs(belt - 0.185)))
    pucker: Array = 1 - 0.20 * _step(0.09, 0.0, seam)
    return cloth * pucker[..., None]


def _light(across: Array, down: Array) -> Array:
    """Sunlight on a round body from the lower left, with some light through the cloth."""
    facing = np.sqrt(np.clip(1 - across**2, 0, 1))
    direct = np.clip(-0.72 * across + 0.46 * facing + 0.16 * down, 0, 1)
    through = 0.16 * _step(-0.9, 0.6, down) * facing
    light: Array = 0.34 + 0.84 * direct + through - 0.10 * _step(0.2, -1.0, down)
    return light


def _with_basket(scene: Array, column: float, mouth: float, radius: float) -> Array:
    over = 4
    sheet = Image.new("L", (WIDTH * over, HEIGHT * over))
    pen = ImageDraw.Draw(sheet)
    top, bottom = mouth + 0.34 * radius, mouth + 0.56 * radius
    for side in (-1.0, -0.35, 0.35, 1.0):
        ends = [(column + side * 0.19 * radius, mouth - 2), (column + side * 0.12 * radius, top)]
        pen.line([(x * over, y * over) for x, y in ends], fill=150, width=over)
    box = [(column - 0.13 * radius, top), (column + 0.13 * radius, top)]
    box += [(column + 0.11 * radius, bottom), (column - 0.11 * radius, bottom)]
    pen.polygon([(x * over, y * over) for x, y in box], fill=255)
    mask = np.asarray(sheet.resize((WIDTH, HEIGHT), Image.Resampling.BOX), dtype=np.float64) / 255
    wicker = _mix(_rgb("#8a5c36"), _rgb("#3d2b22"), _step(column - 9, column + 9, _X))
    return _mix(scene, wicker, mask)


def _developed(scene: Array) -> Image.Image:
    """Bloom, vignette and the grain of a fast film."""
    bloom = gaussian(np.clip(scene - 0.62, 0, 1), sigma=26, channel_axis=2)
    scene = scene + 0.34 * bloom
    away = ((_X - WIDTH / 2) / WIDTH) ** 2 + ((_Y - HEIGHT * 0.46) / HEIGHT) ** 2
    scene = scene * (1 - 0.34 * away)[..., None]
    grey = scene.mean(axis=2, keepdims=True)
    scene = grey + 1.18 * (scene - grey)
    rng = np.random.default_rng(3)
    grain = gaussian(rng.standard_normal((HEIGHT, WIDTH)), sigma=0.6)
    scene = scene + (grain * 0.018)[..., None]
    return Image.fromarray((np.clip(scene, 0, 1) * 255 + 0.5).astype(np.uint8))


def _relief(ridge: Ridge) -> Array:
    """Light and dark of wooded slopes, about -0.5 to 0.5, lit from the sun's side."""
    folds = _noise(ridge.seed + 100, roughness=1.45, stretch=0.8)
    slope = np.gradient(gaussian(folds, 2.0), axis=1) * np.sign(_X - SUN[0])
    canopy = _noise(ridge.seed + 150, roughness=0.75, stretch=0.6) - 0.5
    folded = np.clip(slope / (4 * slope.std()), -0.4, 0.4)
    relief: Array = (0.35 + ridge.near) * folded + 0.45 * ridge.near * canopy
    return relief


def _profile(ridge: Ridge) -> Array:
    """Height of a ridge above the shore in pixels, one value a column."""
    across = np.linspace(-1, 1, WIDTH)
    line = _noise_line(ridge.seed, ridge.roughness)
    return np.maximum(-2.0, ridge.rise * (1 + ridge.lean * across) + ridge.swing * line)


def _forest(ridge: Ridge, crest: Array) -> Array:
    """Coverage of the conifers that stand along a crest."""
    over = 2
    sheet = Image.new("L", (WIDTH * over, HEIGHT * over))
    pen = ImageDraw.Draw(sheet)
    rng = np.random.default_rng(ridge.seed + 300)
    density = _noise_line(ridge.seed + 400, 1.3)
    for column in rng.uniform(-10, WIDTH + 10, int(26000 / ridge.trees)):
        at = int(np.clip(column, 0, WIDTH - 1))
        if density[at] < rng.uniform(-0.9, 0.2) or SHORE - crest[at] < 4:
            continue
        tall = ridge.trees * rng.uniform(0.3, 1.0) ** 1.3 * (0.85 + 0.3 * density[at])
        _conifer(pen, rng, column * over, (crest[at] + 0.15 * tall) * over, tall * over)
    return np.asarray(sheet.resize((WIDTH, HEIGHT), Image.Resampling.BOX), dtype=np.float64) / 255


def _conifer(pen: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, foot: float, tall: float) -> None:
    spread = tall * rng.uniform(0.17, 0.27)
    pen.line([(x, foot), (x, foot - tall)], fill=255, width=max(1, round(tall * 0.03)))
    steps = max(5, int(tall / 3))
    for step in range(steps):
        down = (step + 0.6) / steps
        y = foot - tall * (1 - down)
        for side in (-1, 1):
            reach = side * spread * down**0.85 * rng.uniform(0.55, 1.1)
            tip = (x + reach, y + abs(reach) * rng.uniform(0.15, 0.5))
            pen.polygon([(x, y - 0.04 * tall), tip, (x, y + 0.07 * tall)], fill=255)


def _pine(pen: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, foot: float, tall: float) -> None:
    """A near conifer, branch by branch and twig by twig."""
    pen.polygon([(x - tall * 0.013, foot), (x, foot - tall), (x + tall * 0.013, foot)], fill=255)
    for down in np.sort(rng.uniform(0.01, 0.96, 110)):
        for side in (-1, 1):
            reach = tall * 0.21 * down**0.8 * rng.uniform(0.35, 1.1)
            y = foot - tall * (1 - down) + rng.uniform(-0.006, 0.006) * tall
            _branch(pen, rng, (x, y), side * reach, droop=rng.uniform(0.10, 0.38))


def _branch(
    pen: ImageDraw.ImageDraw, rng: np.random.Generator, root: tuple[float, float], reach: float, droop: float
) -> None:
    twigs = max(4, int(abs(reach) / 5))
    for along in np.linspace(0, 1, twigs):
        x = root[0] + reach * along
        y = root[1] + abs(reach) * (droop * along + 0.10 * np.sin(3 * along))
        long = abs(reach) * 0.16 * (1.15 - along) + 5
        for _ in range(3):
            angle = rng.uniform(-0.4, 2.2)
            tip = (x + np.sign(reach) * long * np.cos(angle), y + long * 0.8 * np.sin(angle))
            pen.line([(x, y), tip], fill=255, width=2)
    end = (root[0] + reach, root[1] + abs(reach) * (droop + 0.014))
    pen.line([root, end], fill=255, width=3)


def _blade(pen: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, foot: float, over: int) -> None:
    tall = over * rng.gamma(5.0, 11.0) * np.exp(-((x / over / 620) ** 2))
    bend = tall * rng.normal(0.12, 0.22)
    points = [(x + bend * t**2, foot + 20 * over - (tall + 20 * over) * t) for t in np.linspace(0, 1, 9)]
    for index in range(8):
        width = max(1, round(over * 1.7 * (1 - index / 8)))
        pen.line([points[index], points[index + 1]], fill=255, width=width)
    if rng.random() < 0.10 and tall > 50 * over:
        tip = points[-1]
        pen.ellipse([tip[0] - 2 * over, tip[1] - 5 * over, tip[0] + 2 * over, tip[1] + 9 * over], fill=255)


def _bank(pen: ImageDraw.ImageDraw, over: int) -> None:
    outline = [(x * over, _bank_top(x) * over) for x in range(0, 1000, 4)]
    pen.polygon([(0, HEIGHT * over), *outline, (1000 * over, HEIGHT * over)], fill=255)


def _bank_top(column: float) -> float:
    return HEIGHT + 26 - 92 * float(np.exp(-((column / 330) ** 2)))


def _haze() -> Array:
    """The colour of the air above the water: warm under the sun, cool away from it."""
    return _mix(_rgb("#cdd3d3"), _rgb("#fbdcb4"), np.exp(-(((_X - SUN[0]) / 560) ** 2)))


def _glow(wide: float, high: float) -> Array:
    """How near each pixel is to the sun: 1 there, falling to 1/e at the distances given."""
    shine: Array = np.exp(-np.hypot((_X - SUN[0]) / wide, (_Y - SUN[1]) / high))
    return shine


def _noise(seed: int, roughness: float, stretch: float, tilt: float = 0.0) -> Array:
    """A (HEIGHT, WIDTH) plane of 1/f noise, 0-1 with mean near 0.5, drawn out sideways ``stretch`` times."""
    rng = np.random.default_rng(seed)
    across = np.fft.rfftfreq(WIDTH)[None, :] * WIDTH
    down = np.fft.fftfreq(HEIGHT)[:, None] * HEIGHT
    frequency = np.hypot(across * stretch + tilt * down * stretch, down)
    frequency[0, 0] = np.inf
    spectrum = np.fft.rfft2(rng.standard_normal((HEIGHT, WIDTH))) / frequency**roughness
    plane = np.fft.irfft2(spectrum, s=(HEIGHT, WIDTH))
    level: Array = np.clip(0.5 + plane / plane.std() / 5, 0, 1)
    return level


def _noise_line(seed: int, roughness: float) -> Array:
    """1/f noise along a line of WIDTH values, standard deviation 0.5."""
    rng = np.random.default_rng(seed)
    frequency = np.fft.rfftfreq(4 * WIDTH) * 4 * WIDTH + 3.0
    spectrum = np.fft.rfft(rng.standard_normal(4 * WIDTH)) / frequency**roughness
    line = np.fft.irfft(spectrum)[:WIDTH]
    level: Array = (line - line.mean()) / line.std() / 2
    return level


def _rgb(code: str) -> Array:
    return np.array([int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def _ramp(where: Array, stops: tuple[tuple[float, str], ...]) -> Array:
    places = [place for place, _ in stops]
    colours = np.array([_rgb(code) for _, code in stops])
    return np.stack([np.interp(where, places, colours[:, channel]) for channel in range(3)], axis=-1)


def _mix(under: Array, over: Array, amount: Array | float) -> Array:
    """Display RGB between ``under`` (0) and ``over`` (1), by one amount or one for each pixel."""
    share = np.asarray(amount)[..., None]
    mixed: Array = under + (over - under) * share
    return mixed


def _step(start: float, end: float, value: Array) -> Array:
    """0 before ``start``, 1 after ``end``, smooth between; ``start`` may lie above ``end``."""
    t = np.clip((value - start) / (end - start), 0, 1)
    eased: Array = t * t * (3 - 2 * t)
    return eased


def main() -> int:
    """Draws the picture into the file named on the command line, or into the resources."""
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    draw().save(output, quality=92, subsampling="4:2:0", optimize=True)
    print(f"{output}: {output.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
