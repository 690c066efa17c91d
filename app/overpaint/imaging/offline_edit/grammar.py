"""The words the offline engine understands, once, as data: what it says it can do is what it does.

Pure text: importing this loads no picture library, so that the window can show it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What can be done to a picture, or to its masked part, without any model."""

    FILL = "fill"
    CUT_OUT = "cut out"
    BLUR_BACKGROUND = "blur background"
    GREY = "grey"
    SEPIA = "sepia"
    BRIGHTNESS = "brightness"
    CONTRAST = "contrast"
    WARMTH = "warmth"
    SATURATION = "saturation"
    BLUR = "blur"
    SHARPEN = "sharpen"
    MIRROR = "mirror"
    FLIP = "flip"
    ROTATE = "rotate"
    RECOLOUR = "recolour"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to do.

    ``amount`` is signed and relative for tones (0.25: a quarter more; -0.25: a quarter less), a strength
    for blur and sharpen (1: usual), degrees clockwise for rotate, and 1 for the rest. ``colour`` is the
    name of a colour in :data:`COLOURS` for recolour.
    """

    action: Action
    amount: float = 1.0
    colour: str = ""

    def done(self) -> str:
        """What was done, in words: ``brightened by 25 %``."""
        match self.action:
            case Action.BRIGHTNESS | Action.CONTRAST | Action.WARMTH | Action.SATURATION:
                verb = _TONE_VERBS[self.action][self.amount < 0]
                return f"{verb} by {abs(self.amount):.0%}".replace("%", " %")
            case Action.ROTATE:
                way = "clockwise" if self.amount > 0 else "anticlockwise"
                return f"rotated by {abs(self.amount):g}° {way}"
            case Action.RECOLOUR:
                return f"recoloured to {self.colour}"
        return _DONE[self.action]


@dataclass(frozen=True, slots=True)
class WordRule:
    """One kind of request: how it may be worded, and the operation it stands for.

    ``pattern`` is a regular expression over one clause in lower case; ``usual`` the amount when none is
    named (negative for less); ``examples`` are phrases that the rule is held to.
    """

    title: str
    action: Action
    pattern: str
    examples: tuple[str, ...]
    usual: float = 1.0


COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (200, 32, 38),
    "orange": (235, 126, 32),
    "yellow": (243, 205, 48),
    "green": (52, 150, 74),
    "turquoise": (38, 176, 170),
    "blue": (40, 92, 200),
    "navy": (24, 40, 96),
    "purple": (122, 60, 168),
    "pink": (236, 112, 160),
    "brown": (122, 78, 46),
    "beige": (222, 204, 172),
    "gold": (212, 168, 60),
    "silver": (192, 194, 198),
    "white": (245, 245, 243),
    "grey": (128, 128, 128),
    "black": (24, 24, 26),
}
"""Named colours as sRGB."""

_SPELLINGS = {"gray": "grey", "teal": "turquoise", "cyan": "turquoise", "violet": "purple", "magenta": "pink"}
_NAMED = "(?P<colour>" + "|".join((*COLOURS, *_SPELLINGS)) + ")"
_IT = r"(?:it|this|that|them|everything|all|picture|photo|photograph|image|area|part|sky|\w+)"
_MAKE = rf"\b(?:make|turn|keep|render) (?:the |a )?(?:\w+ )?{_IT} (?:look )?(?:\w+ )?"
_TONE_VERBS = {
    Action.BRIGHTNESS: ("brightened", "darkened"),
    Action.CONTRAST: ("raised the contrast", "lowered the contrast"),
    Action.WARMTH: ("made warmer", "made cooler"),
    Action.SATURATION: ("made more colourful", "made less colourful"),
}
_DONE = {
    Action.FILL: "filled the masked area from its surroundings",
    Action.CUT_OUT: "cut the subject out of its background",
    Action.BLUR_BACKGROUND: "blurred the background",
    Action.GREY: "made black and white",
    Action.SEPIA: "toned in sepia",
    Action.BLUR: "blurred",
    Action.SHARPEN: "sharpened",
    Action.MIRROR: "mirrored left to right",
    Action.FLIP: "flipped top to bottom",
}

GRAMMAR: tuple[WordRule, ...] = (
    WordRule(
        "Cut out the subject",
        Action.CUT_OUT,
        r"\b(?:remove|delete|erase|drop|clear) (?:the |its )?(?:whole )?background\b|\bcut .{0,40}\bout\b"
        r"|\bcut ?out\b|\btransparent background\b",
        ("remove the background", "cut out the cat", "transparent background"),
    ),
    WordRule(
        "Blur the background",
        Action.BLUR_BACKGROUND,
        r"\bblur(?:red|ry)? (?:the |its )?background\b|\bbackground (?:blur\w*|out of focus)|\bbokeh\b",
        ("blur the background", "background out of focus", "bokeh"),
    ),
    WordRule(
        "Remove and fill",
        Action.FILL,
        r"\b(?:remove|erase|delete|get rid of|clean up|heal|fill|paint out|hide)\b"
        r"|\btake (?:\w+ ){0,3}(?:away|out)\b",
        ("remove the spoon", "get rid of the wire", "fill it in"),
    ),
    WordRule(
        "Black and white",
        Action.GREY,
        r"^black (?:and|&) white\b|\b(?:in|to|into|it|this|that|them|everything|all|picture|photo|image) "
        r"black (?:and|&) white\b|\bmonochrome\b|\bgr[ae]yscale\b|\bb ?& ?w\b",
        ("black and white", "turn it into black and white", "convert to greyscale", "monochrome"),
    ),
    WordRule(
        "Sepia",
        Action.SEPIA,
        r"\bsepia\b|\bold photo(?:graph)?\b",
        ("sepia", "like an old photograph"),
    ),
    WordRule(
        "Brighten",
        Action.BRIGHTNESS,
        rf"\b(?:brighten\w*|brighter|lighten\w*|lighter|more (?:light|bright\w*))\b|{_MAKE}(?:bright|light)$",
        ("brighten it", "slightly brighter", "brighten by 20 %"),
        0.25,
    ),
    WordRule(
        "Darken",
        Action.BRIGHTNESS,
        rf"\b(?:darken\w*|darker|dim|dimmer|less (?:light|bright\w*))\b|{_MAKE}dark$",
        ("darken it", "much darker", "darken by 30 percent"),
        -0.25,
    ),
    WordRule(
        "Raise the contrast",
        Action.CONTRAST,
        r"\b(?:more|higher|add|stronger|(?:increase|raise|boost)(?: the)?) contrast\b|\bpunchier\b",
        ("more contrast", "increase the contrast by 40 %"),
        0.3,
    ),
    WordRule(
        "Lower the contrast",
        Action.CONTRAST,
        r"\b(?:less|lower|decrease|reduce|softer)(?: the)? contrast\b",
        ("less contrast", "reduce the contrast slightly"),
        -0.3,
    ),
    WordRule(
        "Warmer",
        Action.WARMTH,
        rf"\bwarmer\b|\bwarm(?:ing)? (?:\w+ )?up\b|\bmore warmth\b|\bgolden hour\b|{_MAKE}warm$",
        ("make it warmer", "warm it up", "a little warmer"),
        0.3,
    ),
    WordRule(
        "Cooler",
        Action.WARMTH,
        rf"\b(?:cooler|colder|bluer)\b|\bcool (?:\w+ )?down\b|\bless warm\w*\b|{_MAKE}(?:cool|cold)$",
        ("make it cooler", "colder light", "cool it down"),
        -0.3,
    ),
    WordRule(
        "More colourful",
        Action.SATURATION,
        r"\bsaturate\b|\bmore (?:saturat\w+|vivid|vibrant|colou?r(?:ful)?)\b|\b(?:vivid|vibrant)\w*\b"
        r"|\b(?:increase|boost|raise)(?: the)? saturation\b",
        ("saturate the colours", "more vivid", "boost the saturation by 50 %"),
        0.4,
    ),
    WordRule(
        "Less colourful",
        Action.SATURATION,
        r"\bdesaturat\w+|\bless (?:saturat\w+|vivid|colou?r(?:ful)?)\b|\bmuted\b|\bfaded?\b"
        r"|\b(?:reduce|lower|decrease)(?: the)? saturation\b",
        ("desaturate it", "muted colours", "less saturated"),
        -0.4,
    ),
    WordRule(
        "Sharpen",
        Action.SHARPEN,
        r"\bsharp(?:en\w*|er)\b|\bmore (?:sharp\w*|detail\w*|crisp)\b|\bcrisper\b",
        ("sharpen it", "a bit sharper", "more detail"),
    ),
    WordRule(
        "Blur",
        Action.BLUR,
        r"\bblur\w*|\bsofter\b|\bsoften\w*|\bout of focus\b",
        ("blur it", "blur the face", "softer"),
    ),
    WordRule(
        "Flip",
        Action.FLIP,
        r"\b(?:flip|mirror)\w* (?:\w+ ){0,3}(?:vertical\w*|upside down|top to bottom)|\bupside down\b",
        ("flip it vertically", "upside down"),
    ),
    WordRule(
        "Mirror",
        Action.MIRROR,
        r"\b(?:flip|mirror)\w*\b(?: (?:\w+ ){0,3}horizontal\w*)?",
        ("mirror it", "flip horizontally"),
    ),
    WordRule(
        "Rotate",
        Action.ROTATE,
        r"\brotat\w+\b|\bturn (?:\w+ ){0,2}(?:\d|left|right|clockwise|(?:anti|counter-?)clockwise)",
        ("rotate it", "rotate by 15 degrees left", "rotate 180°"),
        90.0,
    ),
    WordRule(
        "Recolour the painted part",
        Action.RECOLOUR,
        rf"\b(?:recolou?r|colou?r|paint|tint|dye|turn|make|change)\w*\b.{{0,80}}?\b{_NAMED}(?: instead)?$",
        ("make the car red", "recolour it blue", "paint the wall green"),
    ),
)
"""Every rule, in the order in which they claim a clause's words."""

_CLAUSES = re.compile(r"[,;:!?\n]+|\.(?!\d)|\bthen\b|\band\b(?! white)")
_REFUSED = re.compile(r"\b(?:don'?t|do not|not?|never|without|avoid|keep)\b")
_PERCENT = re.compile(r"(\d{1,6}(?:\.\d{1,6})?) ?(?:%|percent|per cent)")
_DEGREES = re.compile(r"(\d{1,3}(?:\.\d{1,3})?) ?(?:°|deg\w*)?")
_LEFTWARD = re.compile(r"\bleft\b|\b(?:anti|counter)-? ?clockwise\b")
_DEGREES_OF_CHANGE = (
    (re.compile(r"\b(?:slight(?:ly)?|a (?:little|bit|touch|tad)|subtl[ey]\w*|gently|somewhat)\b"), 0.5),
    (re.compile(r"\b(?:much|a lot|strong(?:ly)?|very|far|way|significantly|considerably|heavily)\b"), 1.75),
    (re.compile(r"\b(?:completely|fully|entirely|totally|extremely)\b"), 2.5),
)
_LARGEST_TONE = 1.0


def parse(prompt: str) -> tuple[Operation, ...]:
    """What a prompt asks for, as far as the grammar knows its words, in the order of the prompt.

    A clause that says not to (``don't blur it``) asks for nothing; each action happens once.
    """
    found: dict[Action, Operation] = {}
    for clause in _CLAUSES.split(_plain(prompt)):
        for operation in _in_clause(clause.strip()):
            found.setdefault(operation.action, operation)
    return tuple(found.values())


def _plain(prompt: str) -> str:
    return re.sub(r"[ \t]+", " ", prompt.lower().replace("’", "'"))


def _in_clause(clause: str) -> list[Operation]:
    claimed: list[tuple[int, Operation]] = []
    for rule in GRAMMAR:
        match = re.search(rule.pattern, clause)
        if match is None:
            continue
        refused = _REFUSED.search(clause, 0, match.start() + 4)
        if refused is None:
            colour = match.groupdict().get("colour") or ""
            operation = Operation(rule.action, _amount(rule, clause), _SPELLINGS.get(colour, colour))
            claimed.append((match.start(), operation))
        start, end = match.span()
        clause = clause[:start] + "\0" * (end - start) + clause[end:]
    return [operation for _, operation in sorted(claimed, key=lambda one: one[0])]


def _amount(rule: WordRule, clause: str) -> float:
    if rule.action is Action.ROTATE:
        return _angle(rule, clause)
    if (percent := _PERCENT.search(clause)) is not None:
        return min(_LARGEST_TONE, float(percent[1]) / 100) * (1 if rule.usual > 0 else -1)
    factor = next((factor for words, factor in _DEGREES_OF_CHANGE if words.search(clause)), 1.0)
    amount = rule.usual * factor
    return max(-_LARGEST_TONE, min(_LARGEST_TONE, amount)) if abs(rule.usual) < 1 else amount


def _angle(rule: WordRule, clause: str) -> float:
    named = _DEGREES.search(clause)
    angle = (float(named[1]) if named else rule.usual) % 360
    return -angle if _LEFTWARD.search(clause) else angle
