"""Writes what Pillow makes of the pictures in a folder, for PictureComparison.java to compare with.

    pip install pillow numpy
    python pillow_pixels.py FOLDER PIXELS

PIXELS/pixels.tsv has a line for each file of FOLDER and its sub-folders: its path, the format that Pillow takes it for, and
the PNG beside it that holds its pixels as load_rgb of make_goldens.py gives them, or why there is none.
"""
import os
import signal
import sys

from PIL import Image

from make_fixtures import keep, reference

SECONDS = 60


def too_slow(*_):
    raise TimeoutError(f"takes more than {SECONDS} s")


def files(folder):
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.relpath(os.path.join(parent, name), folder)
            if path.isprintable():
                yield path


def main(folder, target):
    load_rgb = reference()
    os.makedirs(target, exist_ok=True)
    signal.signal(signal.SIGALRM, too_slow)
    with open(os.path.join(target, "pixels.tsv"), "w", encoding="utf-8") as index:
        for number, path in enumerate(files(folder)):
            kind, result = "none", f"{number}.png"
            signal.alarm(SECONDS)
            try:
                with Image.open(os.path.join(folder, path)) as image:
                    kind = image.format
                keep(load_rgb(os.path.join(folder, path)), os.path.join(target, result))
            except Exception as e:
                result = " ".join(f"{type(e).__name__}: {e}".split())
            finally:
                signal.alarm(0)
            index.write(f"{path}\t{kind}\t{result}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
