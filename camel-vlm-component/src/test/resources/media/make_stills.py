"""Writes HEIC and AVIF pictures in stills/, and their pixels in stills-expected/, as test fixtures.

libheif codes the pixels and Pillow those of most AVIF files; the boxes around them are written here, since no program
writes all that cameras do: grids, turned, mirrored and cut pictures. The pixels are those of libheif, laid over white, and
for files named pillow-*.avif those of Pillow.

    apt-get install libheif-examples
    pip install "pillow>=12" numpy
    python make_stills.py
"""
import os
import struct
import subprocess
import tempfile

import numpy as np
from PIL import Image, ImageFilter

from make_fixtures import picture, png, reference

FFMPEG = os.environ.get("FFMPEG", "ffmpeg")  # with libaom, whose 10 bits heif-enc does not get
HERE = os.path.dirname(os.path.abspath(__file__))


def soft(width, height):
    """Without the edges and strong colours that programs differ by: libheif does not interpolate what pixels share."""
    sharp = picture(width, height).filter(ImageFilter.GaussianBlur(2))
    return Image.blend(sharp.convert("L").convert("RGB"), sharp, 0.3)


def box(kind, *content):
    content = b"".join(content)
    return struct.pack(">I", 8 + len(content)) + kind.encode() + content


def full(kind, version, flags, *content):
    return box(kind, struct.pack(">I", version << 24 | flags), *content)


def find(data, kind):
    """A box by its name, wherever it is, and its content."""
    at = data.index(kind.encode()) - 4
    size = struct.unpack(">I", data[at:at + 4])[0]
    return data[at:at + size], data[at + 8:at + size]


def coded(image, *options, suffix="heic"):
    """What libheif codes a picture as: the box that says how, and the coded bytes."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "a.png"), os.path.join(folder, "a." + suffix)
        image.save(source)
        subprocess.run(["heif-enc", "-q", "90", *options, source, "-o", target], check=True, capture_output=True)
        data = open(target, "rb").read()
    return find(data, "hvcC" if suffix == "heic" else "av1C")[0], find(data, "mdat")[1]


def ispe(width, height):
    return full("ispe", 0, 0, struct.pack(">II", width, height))


def nclx(matrix, is_full, primaries=1, transfer=13):
    return box("colr", b"nclx", struct.pack(">HHHB", primaries, transfer, matrix, is_full << 7))


def irot(quarters):
    return box("irot", bytes([quarters]))


def imir(mode):
    return box("imir", bytes([mode]))


def clap(width, height, right, down):
    return box("clap", struct.pack(">IIIIiIiI", width, 1, height, 1, right, 2, down, 2))


def auxc(name="urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"):
    return full("auxC", 0, 0, name.encode() + b"\0")


def exif(orientation):
    """An item that says how the picture is to be turned, which is not to be done again."""
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    return "Exif", struct.pack(">I", 0) + tiff, []


def grid(rows, columns, width, height):
    return struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height)


def heif(brand, items, references=(), primary=1, idat=()):
    """
    A file. items: (type, bytes, properties), numbered from 1; references: (type, from, [to, ...]); idat: numbers of items
    whose bytes are in the box of that name.
    """
    properties = []
    ipma = b""
    for number, (_, _, own) in enumerate(items, 1):
        for each in own:
            if each not in properties:
                properties.append(each)
        ipma += struct.pack(">HB", number, len(own)) + bytes(properties.index(each) + 1 for each in own)
    iinf = full("iinf", 0, 0, struct.pack(">H", len(items)), *(
        full("infe", 2, int(number != primary), struct.pack(">HH", number, 0), kind.encode(), b"\0")
        for number, (kind, _, _) in enumerate(items, 1)))
    iref = full("iref", 0, 0, *(box(kind, struct.pack(f">HH{len(to)}H", start, len(to), *to))
                                for kind, start, to in references))
    inner = b"".join(items[number - 1][1] for number in idat)

    def meta(first):
        at, inside, iloc = first, 0, b""
        for number, (_, data, _) in enumerate(items, 1):
            method = 1 if number in idat else 0
            iloc += struct.pack(">HHHHII", number, method, 0, 1, inside if method else at, len(data))
            if method:
                inside += len(data)
            else:
                at += len(data)
        return full(
            "meta", 0, 0, full("hdlr", 0, 0, b"\0\0\0\0pict", b"\0" * 13), full("pitm", 0, 0, struct.pack(">H", primary)),
            full("iloc", 1, 0, b"\x44\0", struct.pack(">H", len(items)), iloc), iinf,
            box("iprp", box("ipco", *properties), full("ipma", 0, 0, struct.pack(">I", len(items)), ipma)),
            iref, box("idat", inner))

    ftyp = box("ftyp", brand.encode(), b"\0\0\0\0mif1", brand.encode())
    start = len(ftyp) + len(meta(0)) + 8
    outer = b"".join(data for number, (_, data, _) in enumerate(items, 1) if number not in idat)
    return ftyp + meta(start) + box("mdat", outer)


def tiles(image, rows, columns, side):
    """A picture in tiles, of which those at the edges are filled up."""
    array = np.asarray(image)
    height, width = array.shape[:2]
    array = np.pad(array, ((0, rows * side - height), (0, columns * side - width), (0, 0)), "edge")
    return [Image.fromarray(array[y * side:(y + 1) * side, x * side:(x + 1) * side])
            for y in range(rows) for x in range(columns)]


def gridded(brand, kind, image, rows, columns, side, *properties, more=(), suffix="heic"):
    parts = [coded(tile, suffix=suffix) for tile in tiles(image, rows, columns, side)]
    items = [("grid", grid(rows, columns, *image.size), [ispe(*image.size), *properties])]
    items += [(kind, data, [config, ispe(side, side)]) for config, data in parts]
    return heif(brand, [*items, *more], [("dimg", 1, list(range(2, 2 + len(parts))))], idat=[1])


def write(folder):
    def keep(name, data):
        open(os.path.join(folder, name), "wb").write(data)

    def kept(name, image, *options):
        source = os.path.join(folder, "source.png")
        if isinstance(image, bytes):
            open(source, "wb").write(image)
        else:
            image.save(source)
        subprocess.run(["heif-enc", "-q", "90", *options, source, "-o", os.path.join(folder, name)],
                       check=True, capture_output=True)
        os.remove(source)

    rgb = soft(96, 64)
    odd = soft(83, 61)
    gray = rgb.convert("L")
    alpha = Image.fromarray((np.mgrid[0:64, 0:96].sum(0) * 7 % 256).astype(np.uint8))
    rgba = Image.merge("RGBA", [*rgb.split(), alpha])
    deep = np.asarray(odd).astype(">u2") * 257
    high = png(83, 61, 16, 2, [row.tobytes() for row in deep])

    config, data = coded(rgb)
    size = ispe(96, 64)
    one = lambda *properties, more=(), refs=(): heif(
        "heic", [("hvc1", data, [config, size, *properties]), *more], refs)
    keep("plain.heic", one())
    keep("rotated-90.heic", one(irot(1), more=[exif(6)], refs=[("cdsc", 2, [1])]))
    keep("rotated-180.heic", one(irot(2)))
    keep("rotated-270.heic", one(irot(3)))
    keep("mirrored-left-right.heic", one(imir(1)))
    keep("mirrored-top-bottom.heic", one(imir(0)))
    keep("rotated-and-mirrored.heic", one(irot(1), imir(1)))
    keep("cropped.heic", one(clap(50, 30, -10, 10)))
    keep("cropped-and-rotated.heic", one(clap(51, 31, 7, -9), irot(3)))
    config, data = coded(rgb, "-p", "chroma=444")
    keep("444.heic", one())
    keep("444-cropped.heic", one(clap(51, 31, -11, 9)))
    keep("444-limited-709.heic", one(nclx(1, False)))
    keep("444-full-2020.heic", one(nclx(9, True)))
    config, data = coded(rgb, "-p", "chroma=422")
    keep("422.heic", one())
    config, data = coded(gray)
    keep("gray.heic", one())
    kept("libheif.heic", odd)
    kept("libheif-alpha.heic", rgba)
    kept("10-bits.heic", high, "-b", "10")
    keep("grid.heic", gridded("heic", "hvc1", soft(101, 77), 2, 2, 64))
    keep("grid-rotated.heic", gridded("heic", "hvc1", soft(179, 125), 2, 3, 64, irot(3), more=[exif(6)]))

    for name, options in {
        "pillow-420": {}, "pillow-444": {"subsampling": "4:4:4"}, "pillow-422": {"subsampling": "4:2:2"},
        "pillow-limited": {"range": "limited"},
    }.items():
        picture(83, 61).save(os.path.join(folder, name + ".avif"), quality=90, **options)
    gray.save(os.path.join(folder, "pillow-gray.avif"), quality=90)
    rgba.save(os.path.join(folder, "pillow-alpha.avif"), quality=90)
    odd.save(os.path.join(folder, "pillow-sequence.avif"), quality=90, save_all=True,
             append_images=[odd.transpose(Image.FLIP_LEFT_RIGHT)], duration=100)
    turned = Image.Exif()
    turned[0x0112] = 6
    rgb.save(os.path.join(folder, "pillow-rotated.avif"), quality=90, exif=turned)
    kept("libheif.avif", odd)
    # Of which shapes-vl has something to say.
    kept("one-shape.heic", Image.open(os.path.join(HERE, "..", "goldens", "images", "one-shape.png")))
    kept("one-shape.avif", Image.open(os.path.join(HERE, "..", "goldens", "images", "one-shape.png")))
    encoded = os.path.join(folder, "10-bits.avif")
    subprocess.run([FFMPEG, "-y", "-v", "error", "-i", "-", "-pix_fmt", "yuv420p10le", "-c:v", "libaom-av1", "-crf", "15",
                    "-still-picture", "1", encoded], input=high, check=True)
    kept("lossless-rgb.avif", rgb, "-L", "-p", "chroma=444", "--matrix_coefficients=0")
    keep("grid.avif", gridded("avif", "av01", soft(179, 125), 2, 3, 64, suffix="avif"))


def expected(path):
    if os.path.basename(path).startswith("pillow-"):
        return reference()(path)
    with tempfile.TemporaryDirectory() as folder:
        png = os.path.join(folder, "a.png")
        subprocess.run(["heif-convert", path, png], check=True, capture_output=True)
        # Of the Exif that it copies, it has done what it says.
        Image.open(png).save(png, exif=b"")
        return reference()(png)


if __name__ == "__main__":
    stills, pixels = os.path.join(HERE, "stills"), os.path.join(HERE, "stills-expected")
    os.makedirs(stills, exist_ok=True)
    os.makedirs(pixels, exist_ok=True)
    write(stills)
    for name in sorted(os.listdir(stills)):
        expected(os.path.join(stills, name)).save(os.path.join(pixels, name + ".png"), optimize=True)
        print(name, os.path.getsize(os.path.join(stills, name)))
