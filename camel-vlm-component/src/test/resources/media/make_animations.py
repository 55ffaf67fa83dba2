"""Writes the animations of this folder, and a checksum of each frame of theirs as Pillow shows it over white;
of cleared.gif as it was drawn.

python make_animations.py, with Pillow 12 and its WebP.
"""

import hashlib
import pathlib
import struct
import zlib

from PIL import Image, ImageDraw

FOLDER = pathlib.Path(__file__).parent / "animations"
WIDTH, HEIGHT = 40, 30
DELAYS = [100, 300, 100, 500]


def frame(i):
    image = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0) if i % 2 else (240, 240, 200, 255))
    ImageDraw.Draw(image).rectangle((3 + 7 * i, 4 + 3 * i, 12 + 7 * i, 14 + 3 * i), (200 - 50 * i, 40 * i, 90, 255))
    return image


def part(colour, size=(14, 10)):
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((0, 0, size[0] - 1, size[1] - 1), colour)
    return image


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pixels(image):
    rows = image.tobytes()
    line = 4 * image.width
    return zlib.compress(b"".join(b"\0" + rows[i : i + line] for i in range(0, len(rows), line)))


def apng(name):
    """Each way to dispose of a frame, over and in place of what is there."""
    frames = [
        (frame(0), 0, 0, 0, 0),
        (part((255, 0, 0, 255)), 5, 6, 2, 1),
        (part((0, 128, 0, 255)), 12, 3, 1, 1),
        (part((0, 0, 255, 255)), 20, 15, 0, 0),
    ]
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 6, 0, 0, 0))
    out += chunk(b"acTL", struct.pack(">II", len(frames), 0))
    number = 0
    for i, (image, left, top, dispose, blend) in enumerate(frames):
        out += chunk(
            b"fcTL",
            struct.pack(
                ">IIIIIHHBB", number, image.width, image.height, left, top, DELAYS[i], 1000, dispose, blend
            ),
        )
        number += 1
        if i == 0:
            out += chunk(b"IDAT", pixels(image))
        else:
            out += chunk(b"fdAT", struct.pack(">I", number) + pixels(image))
            number += 1
    (FOLDER / name).write_bytes(out + chunk(b"IEND", b""))


def main():
    FOLDER.mkdir(exist_ok=True)
    frames = [frame(i) for i in range(4)]
    rest = {"save_all": True, "append_images": frames[1:], "duration": DELAYS}
    # Each later frame is smaller than the canvas, or clears it first.
    opaque = [Image.alpha_composite(Image.new("RGBA", (WIDTH, HEIGHT), "white"), f).convert("RGB") for f in frames]
    opaque[0].save(FOLDER / "kept.gif", save_all=True, append_images=opaque[1:], duration=DELAYS, disposal=1)
    frames[0].save(FOLDER / "cleared.gif", disposal=2, **rest)
    opaque[0].save(FOLDER / "restored.gif", save_all=True, append_images=opaque[1:], duration=DELAYS, disposal=3)
    frames[0].save(FOLDER / "lossless.webp", lossless=True, **rest)
    frames[0].save(FOLDER / "lossy.webp", quality=80, **rest)
    frames[0].save(FOLDER / "pillow.png", **rest)
    apng("disposals.png")

    lines = []
    for file in sorted(FOLDER.glob("*.*")):
        if file.suffix == ".txt":
            continue
        with Image.open(file) as image:
            assert image.n_frames == 4, file
            for i in range(image.n_frames):
                image.seek(i)
                # Pillow clears a frame of a GIF to a colour, browsers and the other formats to nothing, as it was drawn.
                seen = frames[i] if file.name == "cleared.gif" else image.convert("RGBA")
                shown = Image.alpha_composite(Image.new("RGBA", image.size, "white"), seen)
                lines.append(f"{file.name} {i} {DELAYS[i]} {hashlib.sha256(shown.convert('RGB').tobytes()).hexdigest()}")
    (FOLDER / "frames.txt").write_text("\n".join(lines) + "\n")


main()
