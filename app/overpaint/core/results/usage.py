"""What an edit used, as the service reports it."""

import msgspec


class Usage(msgspec.Struct, frozen=True):
    """Tokens of one edit. All zero where the service said nothing about them; ``cached_tokens`` is the part
    of the input that it had kept."""

    input_text_tokens: int = 0
    input_image_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0

    @property
    def total_tokens(self) -> int:
        """All tokens that are billed."""
        return self.input_text_tokens + self.input_image_tokens + self.output_tokens

    def wire(self) -> dict[str, object]:
        """The ``usage`` object of the API."""
        kept = {"cached_tokens": self.cached_tokens} if self.cached_tokens else {}
        return {
            "input_tokens": self.input_text_tokens + self.input_image_tokens,
            "input_tokens_details": {
                "image_tokens": self.input_image_tokens,
                "text_tokens": self.input_text_tokens,
                **kept,
            },
            "output_tokens": self.output_tokens,
            "output_tokens_details": {"image_tokens": self.output_tokens, "text_tokens": 0},
            "total_tokens": self.total_tokens,
        }

    @classmethod
    def from_wire(cls, reported: object) -> "Usage | None":
        """Reads the ``usage`` object of a reply; None when there is none to speak of.

        Gateways leave out any part of it: input that no detail explains counts as picture tokens,
        since pictures are nearly all of an edit's input, unless the pictures have a count of their own.
        """
        if not isinstance(reported, dict):
            return None
        details = reported.get("input_tokens_details")
        details = details if isinstance(details, dict) else {}
        whole = _count(reported.get("input_tokens"))
        text, image = _count(details.get("text_tokens")), _count(details.get("image_tokens"))
        if "image_tokens" not in details:
            image = max(0, whole - text)
        elif "text_tokens" not in details:
            text = max(0, whole - image)
        output = _count(reported.get("output_tokens"))
        if not (whole or text or image or output):
            return None
        return cls(text, image, output, min(_count(details.get("cached_tokens")), text + image))


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value) if 0 <= value < 1e12 else 0
