"""Writes webp.zip: several hundred small WebP files of every kind, and what Pillow makes of each.

For every NAME.webp in it, the file pixels.txt has a line with NAME.webp, columns, rows, and the SHA-256 of its pixels (RGB,
row by row) as load_rgb of make_goldens.py gives them; or with NAME.webp and "refused".

    apt install webp
    pip install pillow numpy
    python make_webp.py [ZIP [SEED]]

Another seed makes other pictures, so that many more files than are kept here can be compared.
"""
import hashlib
import io
import os
import struct
import subprocess
import sys
import tempfile
import zipfile

import numpy as np
from PIL import Image

from make_fixtures import HERE, reference

PHOTO = os.path.join(HERE, "..", "goldens", "images", "photo-tall.png")
ALPHAS = ["opaque", "clear", "binary", "slope", "noise", "levels", "nearly"]
COLOURS = ["photo", "slope", "flat", "noise", "stripes"]


class Pictures:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.photo = np.asarray(Image.open(PHOTO).convert("RGB"))

    def rgb(self, kind, width, height):
        y, x = np.mgrid[0:height, 0:width]
        if kind == "photo":
            top, left = (int(self.rng.integers(0, size - side)) for size, side in zip(self.photo.shape, (height, width)))
            return self.photo[top:top + height, left:left + width].copy()
        if kind == "noise":
            return self.rng.integers(0, 256, (height, width, 3), np.uint8)
        if kind == "stripes":
            colours = self.rng.integers(0, 256, (5, 3), np.uint8)
            return colours[(x * 3 + y * y // 7) // 4 % 5]
        a, b, c = self.rng.integers(1, 9, 3)
        slope = np.stack([x * a + y, y * b + x * x // 9, x * c + y * 3], -1).astype(np.uint8)
        if kind == "flat":
            slope[:] = self.rng.integers(0, 256, 3)
            slope[height // 4:height // 2 + 1, width // 5:width // 2 + 1] = self.rng.integers(0, 256, 3)
        return slope

    def alpha(self, kind, width, height):
        y, x = np.mgrid[0:height, 0:width]
        disc = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(width, height) / 2.3) ** 2
        return {
            "opaque": np.full((height, width), 255),
            "clear": np.zeros((height, width)),
            "binary": disc * 255,
            "slope": (x * 5 + y * 3) % 256,
            "noise": self.rng.integers(0, 256, (height, width)),
            "levels": (x // 5 + y // 7) % 4 * 85,
            "nearly": 255 - (x == 1),
        }[kind].astype(np.uint8)

    def rgba(self, colours, alpha, width, height):
        return Image.fromarray(np.dstack([self.rgb(colours, width, height), self.alpha(alpha, width, height)]))

    def any(self, width=None, height=None, colours=None, alpha="opaque"):
        width, height = width or int(self.rng.integers(1, 45)), height or int(self.rng.integers(1, 45))
        image = self.rgba(colours or COLOURS[self.rng.integers(len(COLOURS))], alpha, width, height)
        return image.convert("RGB") if alpha == "opaque" else image

    def palette(self, colours, clear):
        """A picture of so many colours, of which one is transparent black, or another transparent one, or none."""
        table = self.rng.permutation(1 << 16)[:colours].astype(np.uint32)
        table = np.stack([table >> 8, table & 255, table * 7 & 255, np.full(colours, 255)], -1).astype(np.uint8)
        if clear == "half":
            table[:, 3] = self.rng.integers(1, 256, colours)
        elif clear != "opaque":
            table[0] = (0, 0, 0, 0) if clear == "black" else (200, 10, 30, 0)
        width, height = int(self.rng.integers(16, 34)), int(self.rng.integers(17, 34))
        indices = self.rng.integers(0, colours, (height, width))
        if self.rng.integers(2):
            indices = np.add.outer(np.arange(height) // 2, np.arange(width)) % colours
        indices.flat[:colours] = np.arange(colours)
        return Image.fromarray(table[indices])


def pillow(image, **options):
    out = io.BytesIO()
    image.save(out, "WEBP", **options)
    return out.getvalue()


def cwebp(image, *options):
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "a.png"), os.path.join(folder, "a.webp")
        image.save(source)
        subprocess.run(["cwebp", "-quiet", *map(str, options), source, "-o", target], check=True)
        return open(target, "rb").read()


def chunk(kind, data):
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def riff(*chunks):
    data = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(data)) + data


def u24(value):
    return struct.pack("<I", value)[:3]


def extended(flags, width, height, *chunks):
    return riff(chunk(b"VP8X", bytes((flags, 0, 0, 0)) + u24(width - 1) + u24(height - 1)), *chunks)


def bitstreams(webp):
    """The chunks of a still that hold its pixels, as they stand in the file."""
    found, at = b"", 12
    while at < len(webp):
        end = at + 8 + struct.unpack_from("<I", webp, at + 4)[0]
        end += end % 2
        if webp[at:at + 4] in (b"ALPH", b"VP8 ", b"VP8L"):
            found += webp[at:end]
        at = end
    return found


def frame(still, left, top, width, height, flags=0):
    return chunk(b"ANMF", u24(left // 2) + u24(top // 2) + u24(width - 1) + u24(height - 1) + u24(70) + bytes((flags,)) + bitstreams(still))


def stills(make):
    for method in range(7):
        for quality in (0, 30, 60, 90, 100):
            alpha = ALPHAS[(method + quality) % len(ALPHAS)]
            yield f"lossless-{method}-{quality}", pillow(make.any(alpha=alpha), lossless=True, method=method, quality=quality)
            yield f"lossy-{method}-{quality}", pillow(make.any(colours="photo"), method=method, quality=quality)
    for colours in COLOURS:
        yield f"lossless-{colours}", pillow(make.any(40, 37, colours), lossless=True, method=6, quality=100)
        yield f"lossy-{colours}", pillow(make.any(40, 37, colours), quality=70)
    for width, height in ((1, 1), (1, 2), (2, 1), (3, 3), (1, 40), (40, 1), (15, 17), (16, 16), (17, 15), (33, 5), (1, 300), (300, 2)):
        for alpha in ("opaque", "noise"):
            image = make.any(width, height, "slope", alpha)
            yield f"size-{width}x{height}-{alpha}-lossless", pillow(image, lossless=True)
            yield f"size-{width}x{height}-{alpha}-lossy", pillow(image)
    for colours in (1, 2, 3, 4, 5, 8, 15, 16, 17, 18, 19, 33, 100, 255, 256):
        for clear in ("opaque", "black", "other", "half"):
            options = {"lossless": True, "method": colours % 3 * 2 + 2, "exact": clear == "other"}
            yield f"palette-{colours}-{clear}", pillow(make.palette(colours, clear), **options)
    for level in (0, 20, 40, 60, 80):
        yield f"near-lossless-{level}", cwebp(make.any(43, 31, "photo"), "-near_lossless", level)
        yield f"near-lossless-alpha-{level}", cwebp(make.any(43, 31, "photo", "slope"), "-near_lossless", level)
    for level in range(10):
        yield f"lossless-preset-{level}", cwebp(make.any(35, 29, "photo", ALPHAS[level % 7]), "-z", level)
    for hint in ("photo", "picture", "graph"):
        yield f"hint-{hint}", cwebp(make.any(35, 29), "-lossless", "-hint", hint, "-exact")


def lossy(make):
    options = [("-f", level) for level in (0, 20, 63, 100)]
    options += [("-f", 60, "-nostrong"), ("-f", 100, "-nostrong", "-sharpness", 3), ("-af",), ("-jpeg_like",), ("-pre", 1), ("-pre", 4)]
    options += [("-f", 50, "-sharpness", level) for level in range(1, 8)]
    options += [("-segments", count, "-sns", 100) for count in range(1, 5)]
    options += [("-preset", preset) for preset in ("photo", "picture", "drawing", "icon", "text")]
    options += [("-partition_limit", 100), ("-sharp_yuv",), ("-pass", 6, "-size", 700), ("-low_memory",), ("-qrange", 20, 40)]
    for i, option in enumerate(options):
        name = "lossy" + "".join(str(o) if str(o).startswith("-") else f"-{o}" for o in option)
        yield name, cwebp(make.any(58 - i, 33 + i, "photo"), "-q", (15 + 3 * i) % 101, *option)
    for alpha in ALPHAS:
        for method in (0, 1):
            for kind in ("none", "fast", "best"):
                for quality in (100, 10 + 3 * ALPHAS.index(alpha)):
                    image = make.any(int(make.rng.integers(2, 40)), 23, "flat", alpha)
                    yield f"alpha-{alpha}-{method}-{kind}-{quality}", cwebp(
                        image, "-alpha_method", method, "-alpha_filter", kind, "-alpha_q", quality)
        yield f"alpha-{alpha}-pillow", pillow(make.any(28, 23, "photo", alpha), alpha_quality=70)
        yield f"alpha-{alpha}-exact", pillow(make.any(28, 23, "photo", alpha), exact=True)


def animations(make):
    for i, alpha in enumerate(ALPHAS):
        images = [make.any(26, 19, "flat", alpha) for _ in range(3)]
        for name, options in (("lossless", {"lossless": True}), ("lossy", {}), ("mixed", {"allow_mixed": True, "minimize_size": True})):
            yield f"animated-{alpha}-{name}", pillow(images[0], save_all=True, append_images=images[1:], duration=40,
                                                     background=(200, 30, 10 * i, 255), **options)
        for still in (pillow(images[0], lossless=True), pillow(images[0])):
            kind = "lossless" if b"VP8L" in still[:40] else "lossy"
            frames = frame(still, 4, 6, 26, 19), frame(still, 0, 0, 26, 19, 1)
            background = chunk(b"ANIM", bytes((9, 80, 200, 255, 0, 0)))
            yield f"offset-frame-{alpha}-{kind}", extended(0x12, 35, 31, background, *frames)
            yield f"offset-frame-{alpha}-{kind}-no-flag", extended(0x02, 35, 31, background, *frames)
            yield f"blended-frame-{alpha}-{kind}", extended(0x12, 30, 25, background, frame(still, 4, 6, 26, 19, 2))


def containers(make):
    image = make.any(31, 22, "photo", "slope")
    lossless, both = pillow(image, lossless=True), pillow(image)
    opaque = pillow(image.convert("RGB"))
    for orientation in range(10):
        exif = Image.Exif()
        exif[0x0112] = orientation
        for name, still in (("lossless", lossless), ("lossy", both)):
            data = exif.tobytes()
            yield f"exif-{orientation}-{name}", extended(0x18, 31, 22, bitstreams(still), chunk(b"EXIF", data[6:] if orientation % 2 else data))
    upright, turned = Image.Exif(), Image.Exif()
    upright[0x0112], turned[0x0112] = 1, 6
    description = lambda text: chunk(b"XMP ", b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>' + text + b"</rdf:RDF></x:xmpmeta>")
    for orientation in (3, 5, 8):
        element = description(b"<tiff:Orientation>%d</tiff:Orientation>" % orientation)
        attribute = description(b'<rdf:Description tiff:Orientation="%d"/>' % orientation)
        yield f"xmp-{orientation}-element", extended(0x14, 31, 22, bitstreams(both), element)
        yield f"xmp-{orientation}-attribute", extended(0x14, 31, 22, bitstreams(both), attribute)
        yield f"xmp-{orientation}-and-exif", extended(0x1c, 31, 22, bitstreams(both), chunk(b"EXIF", upright.tobytes()), element)
        yield f"xmp-{orientation}-and-other-exif", extended(0x1c, 31, 22, bitstreams(both), chunk(b"EXIF", Image.Exif().tobytes()), element)
    yield "exif-twice", extended(0x18, 31, 22, bitstreams(both), chunk(b"EXIF", turned.tobytes()), chunk(b"EXIF", upright.tobytes()))
    for name, still in (("lossless", lossless), ("alpha", both), ("opaque", opaque)):
        streams = bitstreams(still)
        yield f"profile-{name}", pillow(Image.open(io.BytesIO(still)), icc_profile=b"x" * 301, lossless=name == "lossless")
        yield f"unknown-chunk-{name}", extended(0x10, 31, 22, chunk(b"Abcd", b"123"), streams, chunk(b"efgh", b""))
        yield f"no-alpha-flag-{name}", extended(0, 31, 22, streams)
        yield f"behind-the-end-{name}", still + b"RIFF trailer"
    # The bit that says whether alpha counts.
    unset = bytearray(lossless)
    at = unset.index(b"VP8L") + 12
    unset[at] &= 0xef
    yield "alpha-unset", bytes(unset)
    yield "alpha-unset-extended", extended(0x10, 31, 22, bitstreams(unset))
    for flags in (0x02, 0x12):
        yield f"alpha-unset-frame-{flags}", extended(flags, 40, 30, chunk(b"ANIM", bytes(6)), frame(unset, 2, 4, 31, 22))


def cut(make):
    """Bitstreams that lack their last bytes, in files that are otherwise whole."""
    for method in range(4):
        stills = {"lossy": pillow(make.any(33, 34, "photo"), method=method), "lossless": pillow(make.any(20, 21, "photo"), lossless=True, method=method)}
        for name, still in stills.items():
            data = still[20:]
            for length in (2, 4, 6, 8):
                yield f"cut-{name}-{method}-{length}", riff(chunk(still[12:16], data[:-length]))


def line(load_rgb, name, data):
    try:
        pixels = np.asarray(load_rgb(io.BytesIO(data)))
    except OSError:
        return f"{name}.webp refused\n"
    return f"{name}.webp {pixels.shape[1]} {pixels.shape[0]} {hashlib.sha256(pixels.tobytes()).hexdigest()}\n"


def main():
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "webp.zip")
    make = Pictures(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    load_rgb = reference()
    lines = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        def add(name, data):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)

        for part in (stills, lossy, animations, containers, cut):
            for name, data in part(make):
                add(f"{name}.webp", data)
                lines.append(line(load_rgb, name, data))
        add("pixels.txt", "".join(lines))


if __name__ == "__main__":
    main()
