"""Draws the films of this folder: 4 s at 10 frames a second, in every container and codec that cameras and browsers write.

    python make_videos.py FFMPEG

FFMPEG is a build of version 6 or later with libx264, libx265, libvpx-vp9 and libaom-av1. Needs Pillow, and scenes.py of ../models/training.
"""
import os
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models", "training"))
from scenes import COLORS, draw_shape

FPS, SECONDS, SIDE = 10, 4, 112


def frame(second):
    """A red circle goes from the left to the right; after two seconds it is a blue square."""
    image = Image.new("RGB", (SIDE, SIDE), COLORS["white"][0])
    shape, color = ("circle", "red") if second < 2 else ("square", "blue")
    x = SIDE * (0.25 + 0.5 * second / SECONDS)
    draw_shape(ImageDraw.Draw(image), shape, x, SIDE * 0.5, SIDE * 0.2, COLORS[color][0], COLORS["white"][0])
    return image


def main(ffmpeg):
    with tempfile.TemporaryDirectory() as folder:
        for i in range(FPS * SECONDS):
            frame(i / FPS).save(os.path.join(folder, "%03d.png" % i))
        source = ["-framerate", str(FPS), "-i", os.path.join(folder, "%03d.png")]
        for name, codec in [
            ("circle-then-square.mp4", ["-c:v", "libx264", "-crf", "12"]),
            ("h265.mp4", ["-c:v", "libx265", "-crf", "12", "-x265-params", "log-level=none", "-tag:v", "hvc1"]),
            ("vp9.webm", ["-c:v", "libvpx-vp9", "-crf", "12", "-b:v", "0"]),
            ("av1.mkv", ["-c:v", "libaom-av1", "-crf", "12", "-b:v", "0", "-cpu-used", "6"]),
            ("turned.mov", ["-c:v", "libx264", "-crf", "12", "-vf", "scale=112:56"]),
        ]:
            subprocess.run([ffmpeg, "-v", "error", "-y", *source, *codec, "-pix_fmt", "yuv420p", "-bitexact", name], check=True)
    # As a telephone held upright writes it: lying pictures, and a note that they are to be turned.
    subprocess.run([ffmpeg, "-v", "error", "-y", "-display_rotation", "90", "-i", "turned.mov", "-c", "copy", "-bitexact", "t.mov"], check=True)
    os.replace("t.mov", "turned.mov")


if __name__ == "__main__":
    main(sys.argv[1])
