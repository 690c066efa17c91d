"""The user's settings: each declared once with its range and words, and replaced whole."""

from typing import Annotated, Literal

import msgspec

from overpaint.core.errors import SettingsError
from overpaint.core.paint.brush_stroke import MAX_DIAMETER, MIN_DIAMETER
from overpaint.core.request.built_in_profiles import BUILT_IN
from overpaint.core.request.endpoint_profile import OFFLINE, EndpointProfile
from overpaint.core.request.model_table import Prices
from overpaint.core.request.params import EditParams
from overpaint.core.results.blending import Seam
from overpaint.studio.config.settings_document import VERSION

UNREAD = "unread"
"""In a declaration's ``extra``: what a setting is when it can't be read, where that isn't its default."""

MAX_FEATHER = 250
MAX_TOLERANCE = 100
LEAST_MASK_OPACITY = 0.1
MASK_COLOUR = "#ff3b5c"
MASK_AUTO = "auto"
"""A colour of the mask that stands out against the picture: the usual one wherever it does."""
MASK_OPACITY = 0.46

MaskView = Literal["both", "tint", "hatch", "ants", "white", "sent", "off"]
"""How the mask is shown: tint with hatch, either alone, marching ants, black and white, the same as it will
be sent, or not at all."""


Curve = Literal["soft", "linear", "firm"]
"""How a pen's pressure is felt: a light touch gives much, gives its share, or gives little."""


class PenSettings(msgspec.Struct, frozen=True):
    """What a pen's pressure does to a painting tool."""

    to_size: Annotated[
        bool, msgspec.Meta(title="Pressure changes size", description="Press harder for a larger brush")
    ] = True
    size_curve: Annotated[
        Curve, msgspec.Meta(title="Size curve", description="How pressure is felt in the size")
    ] = "linear"
    least_size: Annotated[
        float, msgspec.Meta(ge=0, le=1, title="Least size", description="What the lightest touch leaves")
    ] = 0.0
    to_opacity: Annotated[
        bool, msgspec.Meta(title="Pressure changes opacity", description="Press harder to cover more")
    ] = False
    opacity_curve: Annotated[
        Curve, msgspec.Meta(title="Opacity curve", description="How pressure is felt in the opacity")
    ] = "linear"


class BrushSettings(msgspec.Struct, frozen=True):
    """How a painting tool paints; remembered for each tool."""

    diameter: Annotated[
        float,
        msgspec.Meta(
            ge=MIN_DIAMETER, le=MAX_DIAMETER, title="Size", description="Diameter in picture pixels"
        ),
    ] = 64
    hardness: Annotated[
        float, msgspec.Meta(ge=0, le=1, title="Hardness", description="How firm the edge is")
    ] = 0.8
    opacity: Annotated[
        float, msgspec.Meta(ge=0, le=1, title="Opacity", description="How much one stroke covers")
    ] = 1.0
    smoothing: Annotated[
        float, msgspec.Meta(ge=0, le=1, title="Smoothing", description="How calm the line is kept")
    ] = 0.0
    pen: Annotated[PenSettings, msgspec.Meta(title="Pen")] = PenSettings()


Sample = Literal["picture", "result"]
"""What wand and quick select look at."""


class SelectionSettings(msgspec.Struct, frozen=True):
    """How the selecting tools make the edge of what they select."""

    feather: Annotated[
        int,
        msgspec.Meta(
            ge=0, le=MAX_FEATHER, title="Feather", description="Softness of the edge in picture pixels"
        ),
    ] = 0
    smooth: Annotated[
        bool, msgspec.Meta(title="Smooth edges", description="Pixels on the edge are masked in part")
    ] = True
    tolerance: Annotated[
        int, msgspec.Meta(ge=0, le=MAX_TOLERANCE, title="Tolerance", description="How far colours may differ")
    ] = 16
    contiguous: Annotated[
        bool, msgspec.Meta(title="Contiguous", description="Only what hangs together with the clicked colour")
    ] = True
    sample: Annotated[
        Sample, msgspec.Meta(title="Sample", description="What wand and quick select look at")
    ] = "picture"


class Settings(msgspec.Struct, frozen=True):
    """Everything that is remembered between two starts, except window geometry and keys.

    ``daily_cap`` is None while the user's own can't be read: it is then not known, which isn't "no cap".
    """

    version: Annotated[int, msgspec.Meta(ge=1, title="Version of the file")] = VERSION
    theme: Annotated[
        Literal["system", "light", "dark"],
        msgspec.Meta(title="Appearance", description="Light, dark, or as the system says"),
    ] = "system"
    gallery: Annotated[
        str,
        msgspec.Meta(
            title="Gallery folder", description="Where finished pictures are saved; empty: the default"
        ),
    ] = ""
    endpoint: Annotated[str, msgspec.Meta(title="Endpoint", description="Where edits are sent")] = OFFLINE
    endpoints: Annotated[
        tuple[EndpointProfile, ...],
        msgspec.Meta(title="Endpoints", description="Profiles the user added or changed"),
    ] = ()
    running_at_once: Annotated[
        int, msgspec.Meta(ge=1, le=8, title="Runs at once", description="Further runs wait in a queue")
    ] = 2
    daily_cap: Annotated[
        Annotated[float, msgspec.Meta(ge=0, le=10_000)] | None,
        msgspec.Meta(
            title="Spending cap a day ($)",
            description="Asks before it is passed; 0: no cap",
            extra={UNREAD: None},
        ),
    ] = 0.0
    keep_metadata: Annotated[
        bool,
        msgspec.Meta(
            title="Send metadata along",
            description="Place, camera and texts of your pictures go to the service as well",
        ),
    ] = False
    keep_rest: Annotated[
        bool,
        msgspec.Meta(
            title="Keep the rest untouched", description="Results change nothing but what was painted"
        ),
    ] = True
    seam: Annotated[Seam, msgspec.Meta(title="Seam of results")] = Seam()
    undo_megabytes: Annotated[
        int, msgspec.Meta(ge=16, le=4096, title="Undo memory", description="Megabytes that undo may use")
    ] = 256
    mask_view: Annotated[
        MaskView, msgspec.Meta(title="Mask view", description="How the mask is shown over the picture")
    ] = "both"
    mask_colour: Annotated[
        str,
        msgspec.Meta(
            pattern="^(auto|#[0-9a-f]{6})$",
            title="Mask colour",
            description="Colour of the mask over the picture; auto stands out against it",
        ),
    ] = MASK_AUTO
    mask_opacity: Annotated[
        float,
        msgspec.Meta(
            ge=LEAST_MASK_OPACITY, le=1, title="Mask opacity", description="How strongly the mask covers"
        ),
    ] = MASK_OPACITY
    navigator: Annotated[
        bool,
        msgspec.Meta(title="Navigator", description="The whole picture in a corner while zoomed in"),
    ] = True
    brush: Annotated[BrushSettings, msgspec.Meta(title="Brush")] = BrushSettings()
    eraser: Annotated[BrushSettings, msgspec.Meta(title="Eraser")] = BrushSettings()
    quick: Annotated[BrushSettings, msgspec.Meta(title="Quick select")] = BrushSettings(
        diameter=40, hardness=1
    )
    selection: Annotated[SelectionSettings, msgspec.Meta(title="Selections")] = SelectionSettings()
    params: Annotated[EditParams, msgspec.Meta(title="Parameters")] = EditParams()
    prices: Annotated[
        dict[str, Prices],
        msgspec.Meta(title="Prices", description="The user's own, in dollars a million tokens, by family"),
    ] = {}
    fields: Annotated[
        dict[str, str],
        msgspec.Meta(title="Fields of prompts", description="What was last typed for each of them"),
    ] = {}

    def profiles(self) -> tuple[EndpointProfile, ...]:
        """The built-in profiles, as the user changed them, then the user's own."""
        own = {profile.name: profile for profile in self.endpoints}
        built_in = tuple(own.pop(profile.name, profile) for profile in BUILT_IN)
        return built_in + tuple(own.values())

    def profile(self, name: str) -> EndpointProfile:
        """A profile by its name, in any case. Raises :class:`SettingsError` naming those there are."""
        wanted = name.strip().casefold()
        for profile in self.profiles():
            if profile.name.casefold() == wanted:
                return profile
        known = ", ".join(profile.name for profile in self.profiles())
        raise SettingsError(f"There is no endpoint named “{name}”.", next_step=f"Choose one of: {known}.")

    @property
    def active(self) -> EndpointProfile:
        """The chosen profile; the offline engine when the chosen one is gone."""
        try:
            return self.profile(self.endpoint)
        except SettingsError:
            return BUILT_IN[0]

    def with_profile(self, profile: EndpointProfile) -> "Settings":
        """A copy in which one profile is changed or added."""
        others = tuple(one for one in self.endpoints if one.name != profile.name)
        return msgspec.structs.replace(self, endpoints=(*others, profile))

    def without_profile(self, name: str) -> "Settings":
        """A copy without the user's profile of that name; a built-in one goes back to how it shipped."""
        return msgspec.structs.replace(
            self, endpoints=tuple(one for one in self.endpoints if one.name != name)
        )


ENDPOINT_SETTINGS = frozenset({"endpoint", "endpoints"})
"""The names of the settings that say where edits are sent."""
