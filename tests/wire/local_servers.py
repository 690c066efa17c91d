"""The servers that people run themselves, each as particular as the real one is about what it is sent.

They really edit: what they take for masked is painted red.
"""

import base64
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from PIL import Image

RED = (255, 0, 0)


class Refused(Exception):
    """What a server says with status 400."""


@dataclass
class Form:
    """The parts of one edit: texts by name, and files by name in their order."""

    texts: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, str, bytes]] = field(default_factory=list)

    def named(self, *names: str) -> list[bytes]:
        """The files that travel under one of these names."""
        return [data for name, _, data in self.files if name in names]


def stable_diffusion_cpp(form: Form) -> bytes:
    """Decodes by stb_image, one channel for the mask: its colours, whatever the alpha."""
    _only(form, "stream")
    if any(mime == "image/webp" for _, mime, _ in form.files) or form.texts.get("output_format") == "webp":
        raise Refused("unsupported image format")
    masks = form.named("mask")
    grey = np.asarray(Image.open(io.BytesIO(masks[0])).convert("RGB").convert("L")) if masks else None
    return _edited(form.named("image[]", "image")[0], None if grey is None else grey > 127)


def vllm_omni(form: Form) -> bytes:
    """Edits with the model it serves, and knows the mask by another name."""
    _only(form, "stream")
    if form.texts.get("model", "Qwen-Image-Edit") != "Qwen-Image-Edit":
        raise Refused("The model does not exist.")
    masks = form.named("mask_image")
    grey = np.asarray(Image.open(io.BytesIO(masks[0])).convert("L")) if masks else None
    return _edited(form.named("image")[0], None if grey is None else grey > 127)


def sglang(form: Form) -> bytes:
    """Has no use for a mask, and its own words for quality."""
    _only(form, "stream")
    if form.texts.get("quality", "low") not in ("low", "medium", "xhigh", "max"):
        raise Refused("quality")
    return _edited(form.named("image", "image[]")[0], None)


def xinference(form: Form) -> bytes:
    """Gives an address, which it can't be reached at from elsewhere, unless told otherwise."""
    _only(form, "stream")
    if form.texts.get("response_format") != "b64_json":
        raise Refused("response_format")
    masks = form.named("mask")
    grey = np.asarray(Image.open(io.BytesIO(masks[0])).convert("L")) if masks else None
    return _edited(form.named("image")[0], None if grey is None else grey > 127)


def litellm(form: Form) -> bytes:
    """Posts a streamed edit upstream, and then fails."""
    _only(form, "stream")
    masks = form.named("mask")
    alpha = np.asarray(Image.open(io.BytesIO(masks[0])).getchannel("A")) if masks else None
    return _edited(form.named("image", "image[]")[0], None if alpha is None else alpha == 0)


DIALECTS: dict[str, Callable[[Form], bytes]] = {
    "stable-diffusion.cpp": stable_diffusion_cpp,
    "Lemonade": stable_diffusion_cpp,
    "vLLM-Omni": vllm_omni,
    "SGLang": sglang,
    "Xinference": xinference,
    "LiteLLM": litellm,
}


@contextmanager
def serving(name: str) -> Iterator[tuple[str, list[Form]]]:
    """Serves one of the dialects; gives the base URL, and the edits as they come."""
    forms: list[Form] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = _parsed(self.headers["content-type"], self.rfile.read(int(self.headers["content-length"])))
            forms.append(form)
            status, body = _answered(name, form)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", forms
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answered(name: str, form: Form) -> tuple[int, bytes]:
    try:
        picture = DIALECTS[name](form)
    except Refused as fault:
        return 400, json.dumps({"error": {"message": str(fault)}}).encode()
    return 200, json.dumps({"data": [{"b64_json": base64.b64encode(picture).decode()}]}).encode()


def _only(form: Form, refused: str) -> None:
    if refused in form.texts:
        raise Refused(f"{refused} is not supported")


def _edited(picture: bytes, masked: np.ndarray | None) -> bytes:
    pixels = np.array(Image.open(io.BytesIO(picture)).convert("RGB"))
    pixels[slice(None) if masked is None else masked] = RED
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def _parsed(content_type: str, body: bytes) -> Form:
    message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    form = Form()
    for part in message.walk():
        if part.is_multipart():
            continue
        name = str(part.get_param("name", header="content-disposition"))
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        if part.get_filename() is None:
            form.texts[name] = data.decode()
        else:
            form.files.append((name, part.get_content_type(), data))
    return form
