"""Writes llama-factory-frames.json: which frames of videos LLaMA-Factory shows to Qwen's models, when, and how large.

    python make_frame_goldens.py

The rules are those of its mm_plugin.py (Qwen2VLPlugin, Qwen3VLPlugin) of version 0.9, computed by numpy and Pillow as there; the
size that follows is computed by transformers' own processors. Needs numpy, Pillow and transformers.
"""
import hashlib
import json
import math
import os

import numpy as np
from PIL import Image
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import smart_resize as resize_picture
from transformers.models.qwen3_vl.video_processing_qwen3_vl import smart_resize as resize_film

HERE = os.path.dirname(os.path.abspath(__file__))
# min_pixels and max_pixels of preprocessor_config.json of Qwen2-VL and Qwen2.5-VL; size of video_preprocessor_config.json of Qwen3-VL
QWEN2, QWEN3 = (3136, 12845056), (4096, 25165824)


def frames(total, fps, seconds, video_fps, video_maxlen):
    count = min(total, video_maxlen, max(1, math.floor(seconds * video_fps)))
    indices = np.linspace(0, total - 1, count).astype(np.int32).tolist()
    shown = [i / fps * video_fps / video_fps for i in indices]
    shown += shown[-1:] * (len(shown) % 2)
    tokens = ["%.1f" % ((a + b) / 2) for a, b in zip(shown[::2], shown[1::2])]
    return {"total": total, "fps": fps, "seconds": seconds, "video_fps": video_fps, "video_maxlen": video_maxlen,
            "indices": indices, "sampled_fps": count / seconds, "times": tokens}


def regular(width, height, most, least):
    if width * height > most:
        factor = math.sqrt(most / (width * height))
        width, height = int(width * factor), int(height * factor)
    if width * height < least:
        factor = math.sqrt(least / (width * height))
        width, height = int(width * factor), int(height * factor)
    width, height = max(width, 28), max(height, 28)
    if width / height > 200:
        width = height * 180
    if height / width > 200:
        height = width * 180
    return width, height


def size(width, height, count, most=256 * 256, least=16 * 16):
    w, h = regular(width, height, most, least)
    h2, w2 = resize_picture(h, w, factor=28, min_pixels=QWEN2[0], max_pixels=QWEN2[1])
    h3, w3 = resize_film(count + count % 2, h, w, temporal_factor=2, factor=32, min_pixels=QWEN3[0], max_pixels=QWEN3[1])
    return {"width": width, "height": height, "frames": count, "video_max_pixels": most, "video_min_pixels": least,
            "regular": [w, h], "qwen2": [w2, h2], "qwen3": [w3, h3]}


def pixels(name, most):
    image = Image.open(os.path.join(HERE, name)).convert("RGB")
    w, h = regular(*image.size, most, 16 * 16)
    h2, w2 = resize_picture(h, w, factor=28, min_pixels=QWEN2[0], max_pixels=QWEN2[1])
    seen = image.resize((w, h)).resize((w2, h2), Image.Resampling.BICUBIC)
    return {"picture": name, "video_max_pixels": most, "size": [w2, h2], "sha256": hashlib.sha256(seen.tobytes()).hexdigest()}


goldens = {
    "frames": [
        frames(*case)
        for case in [
            (100, 25.0, 4.0, 2.0, 128), (101, 25.0, 4.04, 2.0, 128), (10, 10.0, 1.0, 3.0, 128), (1, 25.0, 0.04, 2.0, 128),
            (3, 30.0, 0.1, 2.0, 128), (5, 10.0, 0.5, 30.0, 128), (108000, 30.0, 3600.0, 2.0, 128), (108000, 30.0, 3600.0, 2.0, 32),
            (300, 30000 / 1001, 10.01, 2.0, 128), (1799, 30000 / 1001, 60.02663333333333, 1.0, 48), (240, 24.0, 10.0, 0.3, 128),
            (150, 30.0, 4.999, 2.0, 128), (77, 12.5, 6.16, 1.5, 7), (40, 10.0, 4.0, 2.0, 128),
        ]
    ],
    "sizes": [
        size(*case)
        for case in [
            (1920, 1080, 120), (1080, 1920, 13), (640, 480, 8), (112, 112, 8), (256, 256, 2), (257, 255, 2), (10, 10, 4), (1000, 2, 4),
            (2, 1000, 4), (30000, 3, 4), (3, 30000, 4), (4000, 20, 6), (640, 480, 8, 589824), (1920, 1080, 128, 2073600), (64, 48, 8, 65536, 40000),
            (28, 28, 1), (31, 300, 5), (57, 57, 2),
        ]
    ],
    "pixels": [pixels("decoded/photo.jpg.png", 256 * 256), pixels("decoded/photo.jpg.png", 10000), pixels("images/one-shape.png", 256 * 256)],
}
with open(os.path.join(HERE, "llama-factory-frames.json"), "w") as file:
    json.dump(goldens, file, separators=(",", ":"))
    file.write("\n")
