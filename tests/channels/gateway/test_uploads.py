# SPDX-License-Identifier: Apache-2.0
"""Photos: what comes out is a picture and nothing but its pixels; what is none is refused, and only refused (W-09)."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from channels.gateway.uploads import MAX_SIDE, BadUpload, clean_image
from tests.channels.gateway.stack import ROOT


def picture(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    """A picture with a red left half."""
    image = Image.new(mode, size)
    if mode in ("RGB", "RGBA"):
        ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1]), fill="red")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_gps() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "CameraOfSomebody"
    exif[0x8825] = {1: "N", 2: (16.0, 26.0, 12.0), 3: "E", 4: (102.0, 50.0, 0.0)}
    return exif


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_place_and_camera(kind: str) -> None:
    """EXIF with GPS goes in, a picture without any extras comes out."""
    dirty = picture(kind, exif=with_gps())
    assert b"CameraOfSomebody" in dirty
    clean, content_type = clean_image(dirty)
    assert content_type == f"image/{kind.lower()}"
    assert b"CameraOfSomebody" not in clean
    assert dict(opened(clean).getexif()) == {}
    assert opened(clean).size == (40, 20)


def test_comments_profiles_and_hidden_ends_go() -> None:
    """Text chunks, colour profiles, comments and whatever hangs on behind the picture do not survive."""
    info = PngInfo()
    info.add_text("Author", "somsri")
    dirty = picture("PNG", pnginfo=info, icc_profile=b"profile of somsri") + b"somsri hidden here"
    clean, _ = clean_image(dirty)
    assert b"somsri" not in clean
    clean, _ = clean_image(picture("JPEG", comment=b"somsri was here"))
    assert b"somsri" not in clean


def test_a_turned_photo_is_upright() -> None:
    """Phones store photos lying with a note: without the note they must stand by themselves."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° clockwise
    clean, _ = clean_image(picture("JPEG", exif=exif, quality=95))
    upright = opened(clean)
    assert upright.size == (20, 40)
    red, _, blue = upright.convert("RGB").getpixel((10, 5))  # type: ignore[misc]
    assert red > 200 > 100 > blue


def test_a_large_photo_is_made_smaller() -> None:
    """The longer side is at most MAX_SIDE, in proportion."""
    clean, _ = clean_image(picture("JPEG", (4_000, 1_000)))
    assert opened(clean).size == (MAX_SIDE, MAX_SIDE // 4)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png(mode: str) -> None:
    """Grey, palette, transparent, 16 bits: a picture comes out."""
    clean, content_type = clean_image(picture("PNG", mode=mode))
    assert content_type == "image/png"
    assert opened(clean).size == (40, 20)


def test_transparency_stays() -> None:
    """A transparent corner is transparent still."""
    clean, _ = clean_image(picture("PNG", mode="RGBA"))
    assert opened(clean).getpixel((39, 19)) == (0, 0, 0, 0)


def test_print_colours_are_shown() -> None:
    """A CMYK photo becomes one that browsers show."""
    clean, content_type = clean_image(picture("JPEG", mode="CMYK"))
    assert (content_type, opened(clean).mode) == ("image/jpeg", "RGB")


def test_a_moving_picture_stands_still() -> None:
    """A GIF is stored as a PNG of its first frame."""
    frames = [Image.new("P", (8, 8), number) for number in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    clean, content_type = clean_image(out.getvalue())
    assert (content_type, opened(clean).format) == ("image/png", "PNG")
    assert getattr(opened(clean), "n_frames", 1) == 1


def png_of(width: int, height: int, data: bytes) -> bytes:
    """A PNG whose header tells any size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing", b""),
        ("text", b"hello"),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("PDF", b"%PDF-1.7\n"),
        ("HTML", b"<html><script>alert(1)</script></html>"),
        ("BMP", picture("BMP")),
        ("TIFF", picture("TIFF")),
        ("ICO", picture("ICO", (16, 16))),
        ("cut off", picture("JPEG", (400, 400))[:300]),
        ("a bomb of 10 gigapixels", png_of(100_000, 100_000, b"\x00" * 1_000)),
        ("a bomb of 60 megapixels", png_of(10_000, 6_000, b"\x00" * 1_000)),
        ("a bomb of 49 megapixels", png_of(7_000, 7_000, b"\x00" * 1_000)),
        ("a whole PNG of 26 megapixels", picture("PNG", (26_000, 1_000), "1")),
        ("a bomb in a comment", picture("PNG")[:33] + struct.pack(">I", 2_000_000_000) + b"zTXt"),
        ("no pixels", png_of(0, 0, b"")),
    ],
)
def test_what_is_no_photo_is_refused(name: str, content: bytes) -> None:
    """Other files, damaged ones and bombs are refused before they cost anything."""
    with pytest.raises(BadUpload):
        clean_image(content)


def test_a_telephones_largest_photo_fits() -> None:
    """50 megapixels of JPEG come in: they are made smaller while they are read."""
    clean, _ = clean_image(picture("JPEG", (8_160, 6_120), quality=30))
    assert opened(clean).size == (MAX_SIDE, MAX_SIDE * 3 // 4)


def test_a_large_turned_photo_is_upright() -> None:
    """Made smaller first, turned then: the note about the turn is still heeded."""
    exif = Image.Exif()
    exif[0x0112] = 6
    clean, _ = clean_image(picture("JPEG", (6_000, 3_000), exif=exif, quality=30))
    assert opened(clean).size == (MAX_SIDE // 2, MAX_SIDE)


# VmHWM and not ru_maxrss, which a child inherits from whoever started it.
MEMORY = """
import re, sys
from pathlib import Path
from channels.gateway.uploads import BadUpload, clean_image

def peak():
    return int(re.search("VmHWM:[^0-9]*([0-9]+)", Path("/proc/self/status").read_text())[1]) // 1024

content = sys.stdin.buffer.read()
before = peak()
try:
    clean_image(content)
except BadUpload:
    pass
print(peak() - before)
"""


@pytest.mark.parametrize(
    ("kind", "size", "mode"),
    [("PNG", (7_000, 7_000), "RGBA"), ("PNG", (5_000, 5_000), "RGBA"), ("JPEG", (8_000, 6_000), "RGB")],
)
def test_a_photo_takes_little_memory(kind: str, size: tuple[int, int], mode: str) -> None:
    """The largest that are let in, and what is larger, take less than 320 MB while they are cleaned."""
    run = subprocess.run(
        [sys.executable, "-c", MEMORY], input=picture(kind, size, mode), capture_output=True, check=True, cwd=ROOT
    )
    assert int(run.stdout) < 320


SEEDS = [picture("JPEG", exif=with_gps()), picture("PNG", mode="P"), picture("WEBP"), picture("GIF", mode="P")]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=6)), max_size=6),
    st.integers(0, 60),
)
def test_a_damaged_photo_is_a_picture_or_refused(seed: bytes, damage: list[tuple[int, bytes]], cut: int) -> None:
    """Whatever a broken or hostile file holds, nothing but BadUpload is raised."""
    content = bytearray(seed)
    for at, put in damage:
        content[at : at + len(put)] = put
    try:
        clean, content_type = clean_image(bytes(content[: len(content) - cut]))
    except BadUpload:
        return
    assert opened(clean).size[0] <= MAX_SIDE
    assert content_type in ("image/jpeg", "image/png", "image/webp")
