"""Makes the films of this folder: 20 s at 10 frames a second, with a key frame each second.

    python make_films.py FFMPEG

FFMPEG is a build of version 6 or later with libx264 and libx265.
"""
import subprocess
import sys

SOURCE = ["-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=20", "-pix_fmt", "yuv420p", "-g", "10", "-bf", "3"]
H264 = ["-c:v", "libx264", "-crf", "35", "-x264-params"]
H265 = ["-c:v", "libx265", "-crf", "35", "-tag:v", "hvc1", "-x265-params"]

for name, codec in [
    ("closed.mp4", H264 + ["scenecut=0"]),
    # Frames that are shown before a key frame look at it and at what is before it.
    ("open.mp4", H264 + ["scenecut=0:open-gop=1"]),
    # What the file calls a key frame has some fresh rows only.
    ("refreshed.mkv", H264 + ["scenecut=0:intra-refresh=1"]),
    ("closed-h265.mp4", H265 + ["log-level=none:open-gop=0"]),
    ("open-h265.mp4", H265 + ["log-level=none:open-gop=1"]),
]:
    subprocess.run([sys.argv[1], "-v", "error", "-y", *SOURCE, *codec, "-bitexact", name], check=True)
