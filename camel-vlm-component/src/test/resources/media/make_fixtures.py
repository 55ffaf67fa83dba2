"""Writes pictures in the formats that the goldens do not cover, and what Pillow makes of each, as test fixtures.

For every picture NAME.EXT in formats/ there is expected/NAME.EXT.png, its pixels as load_rgb of make_goldens.py gives
them. For the resampler, resize/source.png and resize/WxH.png. For the goldens, ../goldens/decoded/NAME.png for each
picture whose format is lossy, so that tests can use the reference's very pixels.

    pip install pillow numpy
    python make_fixtures.py
"""
import io
import os
import random
import re
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDENS = os.path.join(HERE, "..", "goldens")
LOSSY = ["three-shapes.jpg", "exif-rotated.jpg", "progressive.jpg", "cmyk.jpg", "lossy.webp", "photo.jpg", "panorama.jpg"]


def reference():
    """load_rgb itself, without the imports of the script that it stands in."""
    text = open(os.path.join(GOLDENS, "make_goldens.py")).read()
    scope = {}
    exec("import numpy as np\nfrom PIL import Image, ImageOps\n" + re.search(r"def load_rgb.*?\n\n\n", text, re.S)[0], scope)
    return scope["load_rgb"]


def picture(width=46, height=31):
    """Smooth colours with hard edges, and not symmetric in any way."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 255 // (width - 1), y * 255 // (height - 1), (x * 7 + y * 3) % 256], -1).astype(np.uint8)
    rgb[3:12, 5:20] = (250, 20, 40)
    rgb[15:28, 25:33] = (0, 0, 255)
    return Image.fromarray(rgb)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, bits, colour, rows, *extra):
    """A PNG of rows already packed, with chunks that Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(extra) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def write_formats(folder):
    at = lambda name: os.path.join(folder, name)
    rgb = picture()
    array = np.asarray(rgb)
    height, width = array.shape[:2]
    alpha = Image.fromarray((np.mgrid[0:height, 0:width].sum(0) * 7 % 256).astype(np.uint8))
    rgba = Image.merge("RGBA", [*rgb.split(), alpha])
    gray = rgb.convert("L")

    rgb.save(at("keyed-rgb.png"), transparency=(250, 20, 40))
    gray.save(at("keyed-gray.png"), transparency=gray.getpixel((10, 5)))
    Image.merge("LA", [gray, alpha]).save(at("gray-alpha.png"))
    rgba.save(at("rgba.png"))
    rgb.convert("1").save(at("one-bit.png"))
    rgb.convert("1").save(at("keyed-one-bit.png"), transparency=1)
    rgb.quantize(16).save(at("palette-four-bits.png"), bits=4)
    paletted = rgb.quantize(40)
    paletted.save(at("palette-alphas.png"), transparency=bytes(range(0, 240, 6)))
    paletted.save(at("palette-key.png"), transparency=3)
    for bits in (2, 4):
        per = 8 // bits
        values = np.pad(np.asarray(gray) >> 8 - bits, ((0, 0), (0, -width % per))).reshape(height, -1, per)
        rows = [row.tobytes() for row in (values << np.arange(8 - bits, -1, -bits)).sum(-1).astype(np.uint8)]
        open(at(f"gray-{bits}-bits.png"), "wb").write(png(width, height, bits, 0, rows))
    deep = array.astype(np.uint16) * 257 ^ 0x5a
    deep_alpha = np.concatenate([deep, np.asarray(alpha, np.uint16)[..., None] * 257 ^ 0x33], -1)
    big = lambda values: [row.astype(">u2").tobytes() for row in values]
    open(at("rgb-16-bits.png"), "wb").write(png(width, height, 16, 2, big(deep)))
    open(at("keyed-rgb-16-bits.png"), "wb").write(
        png(width, height, 16, 2, big(array.astype(np.uint16) * 257), chunk(b"tRNS", struct.pack(">HHH", 250 * 257, 20 * 257, 40 * 257))))
    open(at("rgba-16-bits.png"), "wb").write(png(width, height, 16, 6, big(deep_alpha)))
    open(at("gray-alpha-16-bits.png"), "wb").write(png(width, height, 16, 4, big(deep_alpha[..., 2:])))
    exif = Image.Exif()
    exif[0x0112] = 8
    rgb.save(at("exif.png"), exif=exif)
    rgb.save(at("exif.webp"), exif=exif, lossless=True)
    rgb.save(at("exif.tiff"), tiffinfo={274: 7}, compression="tiff_adobe_deflate")
    interlaced(at("interlaced.png"), array)
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes())
    profile[24:36] = bytes(12)  # when it was made
    profile = bytes(profile)
    rgb.save(at("profile.png"), icc_profile=profile)

    small = picture(19, 13)
    for orientation in range(1, 9):
        exif[0x0112] = orientation
        # The blocks of a JPEG make it lossy, but one colour per block survives.
        blocks = small.resize((5, 3)).resize((40, 24), Image.NEAREST).convert("L")
        blocks.save(at(f"orientation-{orientation}.jpg"), quality=100, exif=exif)

    rgba.save(at("lossy-alpha.webp"), quality=80)
    photo = Image.open(os.path.join(GOLDENS, "images", "photo-tall.png"))
    for quality, box in ((90, (0, 0, 77, 41)), (40, (100, 50, 171, 103)), (3, (20, 200, 97, 263))):
        photo.crop(box).save(at(f"lossy-{quality}.webp"), quality=quality, method=4)
    rgba.save(at("lossless-alpha.webp"), lossless=True)
    rgba.save(at("animated.webp"), lossless=True, save_all=True, append_images=[rgba.rotate(180)], duration=50)
    rgb.save(at("adobe-rgb.jpg"), quality=95, keep_rgb=True)
    rgb.save(at("quarter-chroma.jpg"), quality=90, subsampling="4:2:0")
    rgb.save(at("profile.jpg"), quality=90, icc_profile=profile)
    ycck(at("ycck.jpg"), rgb)

    keyed = rgb.quantize(32)
    keyed.save(at("transparent.gif"), transparency=5)
    gray.save(at("gray.gif"))
    rgb.quantize(7).save(at("interlaced.gif"), interlace=1)
    offset_frame(at("offset-frame.gif"), small.quantize(8), None)
    offset_frame(at("offset-transparent-frame.gif"), small.quantize(8), 2)

    rgb.convert("1").save(at("one-bit.bmp"))
    rgb.quantize(16).save(at("palette.bmp"))
    gray.save(at("gray.bmp"))
    rgba.save(at("bitfields-alpha.bmp"))
    for name, masks in (("565", (0xF800, 0x7E0, 0x1F)), ("555", None)):
        sixteen_bits(at(f"sixteen-bits-{name}.bmp"), array, masks)
    run_length(at("run-length.bmp"), np.asarray(rgb.quantize(5)), rgb.quantize(5).getpalette())

    tiff = lambda name, image, **kw: image.save(at(name), **kw)
    tiff("one-bit.tiff", rgb.convert("1"), compression="group4")
    tiff("white-is-zero.tiff", rgb.convert("1"), tiffinfo={262: 0}, compression="group3")
    tiff("gray.tiff", gray, compression="packbits")
    tiff("gray-16-bits.tiff", Image.fromarray(deep[..., 0]))
    tiff("palette.tiff", paletted, compression="tiff_lzw")
    tiff("rgba.tiff", rgba, compression="tiff_lzw")
    tiff("cmyk.tiff", rgb.convert("CMYK"), compression="tiff_lzw")
    tiff("predictor.tiff", rgb, compression="tiff_lzw", tiffinfo={317: 2})
    tiff("strips.tiff", rgb, tiffinfo={278: 5})
    tiff("jpeg.tiff", rgb, compression="jpeg", quality=90, tiffinfo={278: 16})
    tiff("jpeg-gray.tiff", gray, compression="jpeg", quality=90)
    tiled(at("tiles.tiff"), array)
    tiff("big.tiff", rgb, compression="tiff_lzw", big_tiff=True)
    tiff("big-orientation.tiff", rgb, big_tiff=True, tiffinfo={274: 6, 278: 7})
    tiff("jpeg-cmyk.tiff", rgb.convert("CMYK"), compression="jpeg", quality=90)
    tiff("jpeg-rgba.tiff", rgba, compression="jpeg", quality=95)
    tiff("palette-alpha.tiff", palette_alpha(paletted, alpha))
    tiff("xmp.tiff", rgb, tiffinfo={700: xmp(6)})
    without_photometric(at("fax.tiff"), rgb.convert("1"), compression="group4")
    without_photometric(at("no-photometric.tiff"), gray, compression="raw")

    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", xmp(8).decode(), zip=True)
    rgb.save(at("xmp.png"), pnginfo=text)
    text = PngImagePlugin.PngInfo()
    exif[0x0112] = 3
    block = exif.tobytes()
    text.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n" + re.sub("(.{72})", r"\1\n", block.hex()) + "\n", zip=True)
    rgb.save(at("exif-text.png"), pnginfo=text)
    rgb.save(at("xmp.jpg"), quality=95, xmp=xmp(6))

    version5(at("version-5.bmp"), rgba, 0, b"\0\0\xff\0")
    version5(at("version-5-alpha.bmp"), rgba, 3, b"\0\0\xff\0")
    os2(at("os2-long.bmp"), rgb, 64)
    frameless(at("long-codes.gif"), np.asarray(paletted), paletted.getpalette(), 11)

    small_gray = gray.crop((0, 0, 21, 13))
    open(at("plain.pbm"), "wb").write(b"P1 # bits\n21 13\n" + "\n".join(
        "".join(str(v) for v in row) for row in (np.asarray(small_gray) > 90).astype(int)).encode())
    open(at("plain.pgm"), "wb").write(b"P2 21 13 100 " + " ".join(map(str, (np.asarray(small_gray) % 101).ravel())).encode())
    open(at("plain.ppm"), "wb").write(b"P3\n# made here\n46 31\n255\n" + " ".join(map(str, array.ravel())).encode() + b"\n")
    rgb.convert("1").save(at("raw.pbm"))
    gray.save(at("raw.pgm"))
    rgb.save(at("raw.ppm"))
    open(at("five-bits.ppm"), "wb").write(b"P6 46 31 31\n" + (array >> 3).tobytes())
    open(at("sixteen-bits.ppm"), "wb").write(b"P6 46 31 65535\n" + deep.astype(">u2").tobytes())

    for name, image in {"gray": gray, "gray-alpha": Image.merge("LA", [gray, alpha]), "palette": paletted, "rgb": rgb, "rgba": rgba}.items():
        image.save(at(f"{name}.tga"))
        image.save(at(f"{name}-runs.tga"), compression="tga_rle", orientation=1)
    packed = deep >> 11
    packed = (packed[..., 0] << 10 | packed[..., 1] << 5 | packed[..., 2] | (np.asarray(alpha) > 128).astype(np.uint16) << 15).astype("<u2")
    for name, flags in (("packed", 0x01), ("packed-mirrored", 0x11), ("packed-turned", 0x31)):
        open(at(f"{name}.tga"), "wb").write(struct.pack("<BBBHHBHHHHBB", 3, 0, 2, 0, 0, 0, 0, 0, width, height, 16, flags) + b"abc" + packed.tobytes())

    square = rgba.resize((48, 48))
    square.save(at("png.ico"), sizes=[(16, 16), (48, 48), (32, 32)])
    square.save(at("alpha.ico"), sizes=[(16, 16), (32, 32)], bitmap_format="bmp")
    masked_icon(at("masked.ico"), rgb.quantize(16))

    planes = lambda image: np.moveaxis(np.atleast_3d(np.asarray(image)), 2, 0)
    photoshop(at("rgb.psd"), planes(rgb), 3, runs=True)
    photoshop(at("rgba.psd"), planes(rgba), 3)
    photoshop(at("gray.psd"), planes(gray), 1, runs=True)
    photoshop(at("palette.psd"), planes(paletted), 2, np.reshape((paletted.getpalette() + [0] * 768)[:768], (256, 3)).T.astype(np.uint8).tobytes())
    photoshop(at("cmyk.psd"), 255 - planes(rgb.convert("CMYK")), 4, runs=True)


def xmp(orientation):
    return (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/"><tiff:Orientation>%d</tiff:Orientation>'
            b'</rdf:Description></rdf:RDF></x:xmpmeta>' % orientation)


def palette_alpha(paletted, alpha):
    image = Image.new("PA", paletted.size)
    image.putpalette(paletted.getpalette())
    values = np.stack([np.asarray(paletted), np.asarray(alpha)], -1)
    image.frombytes(values.tobytes(), "raw", "PA")
    return image


def without_photometric(path, image, compression):
    """The field that says whether zero is white, renamed to a private one."""
    out = io.BytesIO()
    image.save(out, "TIFF", compression=compression)
    data = bytearray(out.getvalue())
    start = struct.unpack_from("<I", data, 4)[0]
    fields = [bytes(data[start + 2 + 12 * i:start + 14 + 12 * i]) for i in range(struct.unpack_from("<H", data, start)[0])]
    fields = [struct.pack("<H", 65000) + f[2:] if f[:2] == struct.pack("<H", 262) else f for f in fields]
    data[start + 2:start + 2 + 12 * len(fields)] = b"".join(sorted(fields, key=lambda f: f[0] | f[1] << 8))
    open(path, "wb").write(data)


def version5(path, rgba, compression, alpha_mask):
    """A header of version 5 that names a mask for alpha, plain or as bit fields."""
    width, height = rgba.size
    rows = np.asarray(rgba)[::-1, :, [2, 1, 0, 3]].tobytes()
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    header = struct.pack("<IiiHHIIiiII", 124, width, height, 1, 32, compression, len(rows), 0, 0, 0, 0) + masks + b"BGRs"
    open(path, "wb").write(struct.pack("<2sIII", b"BM", 138 + len(rows), 0, 138) + header.ljust(124, b"\0") + rows)


def os2(path, rgb, length):
    """OS/2 2.x."""
    width, height = rgb.size
    pad = b"\0" * (-3 * width % 4)
    rows = b"".join(row.tobytes() + pad for row in np.asarray(rgb)[::-1, :, ::-1])
    header = struct.pack("<IIIHH", length, width, height, 1, 24).ljust(length, b"\0")
    open(path, "wb").write(struct.pack("<2sIII", b"BM", 14 + length + len(rows), 0, 14 + length) + header + rows)


def frameless(path, indices, palette, bits):
    """A GIF whose codes are longer than its indices need."""
    height, width = indices.shape
    clear, size = 1 << bits, bits + 1
    value = count = 0
    for code in [clear, *indices.ravel().tolist(), clear + 1]:
        value |= code << count
        count += size
        # Every index adds a string, so the table has to be emptied before the codes grow.
    data = value.to_bytes(count // 8 + 1, "little")
    blocks = b"".join(bytes([len(data[i:i + 255])]) + data[i:i + 255] for i in range(0, len(data), 255))
    open(path, "wb").write(struct.pack("<6sHHBBB", b"GIF89a", width, height, 0xf7, 0, 0) + bytes((palette + [0] * 768)[:768])
                           + struct.pack("<BHHHHB", 0x2c, 0, 0, width, height, 0) + bytes([bits]) + blocks + b"\0;")


def masked_icon(path, paletted):
    """16 colours and the bits that hide some of them, behind a smaller picture."""
    small, large = (io.BytesIO() for _ in range(2))
    Image.new("RGB", (16, 16)).save(small, "DIB")
    icon = paletted.crop((0, 0, 30, 30))
    icon.save(large, "DIB")
    pictures = []
    for data, side in ((small, 16), (large, 30)):
        dib = bytearray(data.getvalue())
        struct.pack_into("<i", dib, 8, 2 * side)
        hidden = (np.indices((side, side)).sum(0) % 5 == 0)
        mask = np.packbits(np.pad(hidden, ((0, 0), (0, -side % 32))), axis=1).tobytes()
        pictures.append(bytes(dib) + mask)
    at, entries = 6 + 16 * 2, b""
    for data, side, bits in zip(pictures, (16, 30), (24, 8)):
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, bits, len(data), at)
        at += len(data)
    open(path, "wb").write(struct.pack("<HHH", 0, 1, 2) + entries + b"".join(pictures))


def photoshop(path, planes, mode, colours=b"", runs=False):
    channels, height, width = planes.shape
    data = struct.pack(">4sH6sHIIHH", b"8BPS", 1, bytes(6), channels, height, width, 8, mode)
    data += struct.pack(">I", len(colours)) + colours + struct.pack(">II", 0, 0) + struct.pack(">H", 1 if runs else 0)
    if runs:
        rows = [pack_bits(row) for plane in planes for row in plane]
        data += b"".join(struct.pack(">H", len(row)) for row in rows) + b"".join(rows)
    else:
        data += planes.tobytes()
    open(path, "wb").write(data)


def pack_bits(row):
    data, x = bytearray(), 0
    while x < len(row):
        run = 1
        while x + run < len(row) and run < 128 and row[x + run] == row[x]:
            run += 1
        data += bytes((257 - run, row[x])) if run > 1 else bytes((0, row[x]))
        x += run
    return bytes(data)


def interlaced(path, array):
    """Adam7, filter 0."""
    height, width = array.shape[:2]
    rows = [array[y0::dy, x0::dx][i].tobytes()
            for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
            for i in range(len(array[y0::dy, x0::dx]))]
    data = bytearray(png(width, height, 8, 2, rows))
    data[28] = 1
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    open(path, "wb").write(data)


def tiled(path, array, side=16):
    """Uncompressed tiles, big-endian, padded at the right and at the bottom."""
    height, width = array.shape[:2]
    padded = np.pad(array, ((0, -height % side), (0, -width % side), (0, 0)))
    tiles = [padded[y:y + side, x:x + side].tobytes() for y in range(0, height, side) for x in range(0, width, side)]
    count, size = len(tiles), len(tiles[0])
    fields = [(256, 3, 1, width << 16), (257, 3, 1, height << 16), (258, 3, 3, None), (259, 3, 1, 1 << 16), (262, 3, 1, 2 << 16),
              (277, 3, 1, 3 << 16), (322, 3, 1, side << 16), (323, 3, 1, side << 16), (324, 4, count, None), (325, 4, count, None)]
    at = 8 + 2 + 12 * len(fields) + 4
    places = {258: at, 324: at + 6, 325: at + 6 + 4 * count}
    first = at + 6 + 8 * count
    data = struct.pack(">2sHIH", b"MM", 42, 8, len(fields))
    data += b"".join(struct.pack(">HHII", tag, kind, n, places.get(tag, value)) for tag, kind, n, value in fields) + bytes(4)
    data += struct.pack(">3H", 8, 8, 8) + struct.pack(f">{count}I", *(first + size * i for i in range(count)))
    data += struct.pack(f">{count}I", *[size] * count) + b"".join(tiles)
    open(path, "wb").write(data)


def ycck(path, rgb):
    """Pillow writes CMYK as it is, so: the inks of a YCbCr picture, declared as YCCK in the Adobe segment."""
    c, m, y, k = rgb.convert("CMYK").split()
    k = rgb.convert("L").point(lambda v: (255 - v) // 3)
    luma, cb, cr = Image.merge("RGB", [c, m, y]).convert("YCbCr").split()
    out = io.BytesIO()
    Image.merge("CMYK", [*(Image.eval(band, lambda v: 255 - v) for band in (luma, cb, cr)), k]).save(out, "JPEG", quality=95)
    data = bytearray(out.getvalue())
    data[data.index(b"Adobe") + 11] = 2
    open(path, "wb").write(data)


def offset_frame(path, frame, transparency):
    """A frame that does not fill its screen."""
    out = io.BytesIO()
    frame.save(out, "GIF", **({} if transparency is None else {"transparency": transparency}))
    data = bytearray(out.getvalue())
    data[6:10] = struct.pack("<HH", 30, 20)
    at = data.index(b"\x2c\0\0\0\0" + struct.pack("<HH", *frame.size))
    data[at + 1:at + 5] = struct.pack("<HH", 4, 6)
    open(path, "wb").write(data)


def sixteen_bits(path, array, masks):
    height, width = array.shape[:2]
    r, g, b = (array[::-1, :, c].astype(np.uint16) for c in range(3))
    values = r >> 3 << 11 | g >> 2 << 5 | b >> 3 if masks else r >> 3 << 10 | g >> 3 << 5 | b >> 3
    rows = b"".join(row.tobytes() + b"\0" * (-2 * width % 4) for row in values)
    extra = struct.pack("<III", *masks) if masks else b""
    offset = 54 + len(extra)
    open(path, "wb").write(struct.pack("<2sIII", b"BM", offset + len(rows), 0, offset)
                           + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 16, 3 if masks else 0, len(rows), 0, 0, 0, 0)
                           + extra + rows)


def run_length(path, indices, palette):
    height, width = indices.shape
    data = bytearray()
    for row in indices[::-1]:
        x = 0
        while x < width:
            run = 1
            while x + run < width and row[x + run] == row[x]:
                run += 1
            data += bytes((run, row[x]))
            x += run
        data += b"\0\0"
    data += b"\0\1"
    colours = (palette + [0] * 768)[:15]
    table = b"".join(bytes((colours[i + 2], colours[i + 1], colours[i], 0)) for i in range(0, 15, 3))
    offset = 54 + len(table)
    open(path, "wb").write(struct.pack("<2sIII", b"BM", offset + len(data), 0, offset)
                           + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(data), 0, 0, 5, 5) + table + data)


def fresh(*names):
    folder = os.path.join(HERE, *names)
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(folder):
        os.remove(os.path.join(folder, name))
    return folder


def keep(image, path):
    """Saves the pixels alone, without profiles and the like that the picture came with."""
    Image.fromarray(np.asarray(image)).save(path, optimize=True)


def main():
    load_rgb = reference()
    formats, expected, resize = fresh("formats"), fresh("expected"), fresh("resize")
    write_formats(formats)
    for name in sorted(os.listdir(formats)):
        keep(load_rgb(os.path.join(formats, name)), os.path.join(expected, name + ".png"))
    source = picture(61, 47)
    source.save(os.path.join(resize, "source.png"), optimize=True)
    rng = random.Random(0)
    for _ in range(14):
        width, height = rng.choice([(rng.randint(1, 60), rng.randint(1, 46)), (rng.randint(62, 130), rng.randint(48, 90)),
                                    (61, rng.randint(1, 90)), (rng.randint(1, 130), 47), (rng.randint(1, 130), rng.randint(1, 90))])
        source.resize((width, height), Image.BICUBIC).save(os.path.join(resize, f"{width}x{height}.png"), optimize=True)
    decoded = fresh("..", "goldens", "decoded")
    for name in LOSSY:
        keep(load_rgb(os.path.join(GOLDENS, "images", name)), os.path.join(decoded, name + ".png"))


if __name__ == "__main__":
    main()
