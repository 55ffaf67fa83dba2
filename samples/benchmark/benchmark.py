"""Checks the TorchScript program of camel-vlm in Python, and times it beside transformers on the same device.

It needs no JVM: the program is text, and torch.jit.load opens the archive that the component makes of it. README.md says more.

    pip install torch transformers pillow numpy
    python benchmark.py --device cuda --shape 7b --batches 1,8,32
"""
import argparse
import inspect
import io
import json
import math
import pathlib
import re
import statistics
import struct
import time
import zipfile

import numpy as np
import torch
import transformers
from PIL import Image, ImageOps
from transformers.generation.streamers import BaseStreamer

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "camel-vlm-component/src/main/resources/io/github/camelvlm"
GOLDENS = ROOT / "camel-vlm-component/src/test/resources/goldens"
SHAPES_VL = ROOT / "samples/models/shapes-vl"
MODELS_FOLDER = ROOT / "camel-vlm-component/src/test/resources/models"

# libtorch's numbers for types, which stand for them in the program's text, and their names in safetensors files.
CODES = {torch.float16: 5, torch.float32: 6, torch.bfloat16: 15}
STORED = {"F16": torch.float16, "F32": torch.float32, "BF16": torch.bfloat16}

# What a model is called in its config.json, its preprocessor and its directory among the checked ones.
MODELS = {
    "shapes-vl": SHAPES_VL,
    "random-vl": MODELS_FOLDER / "random-vl",
    "random-vl25": MODELS_FOLDER / "random-vl25",
    "random-vl3": MODELS_FOLDER / "random-vl3",
}

# Published shapes: the family, its decoder and its vision tower.
QWEN2_TEXT = dict(rope_theta=1000000.0, rms_norm_eps=1e-6, max_position_embeddings=32768,
                  rope_scaling={"type": "mrope", "mrope_section": [16, 24, 24]})
QWEN2_7B = dict(QWEN2_TEXT, hidden_size=3584, intermediate_size=18944, num_hidden_layers=28, num_attention_heads=28,
                num_key_value_heads=4, vocab_size=152064)
QWEN2_VISION = dict(embed_dim=1280, mlp_ratio=4, num_heads=16, depth=32, in_channels=3, patch_size=14, spatial_merge_size=2,
                    temporal_patch_size=2)
QWEN3_TEXT = dict(rope_theta=5000000.0, rms_norm_eps=1e-6, max_position_embeddings=32768, head_dim=128,
                  rope_scaling={"rope_type": "default", "mrope_section": [24, 20, 20], "mrope_interleaved": True})
SHAPES = {
    "7b": ("Qwen2VL", QWEN2_7B, QWEN2_VISION, False),
    "2b": ("Qwen2VL", dict(QWEN2_7B, hidden_size=1536, intermediate_size=8960, num_attention_heads=12, num_key_value_heads=2,
                           vocab_size=151936), QWEN2_VISION, True),
    "2.5-7b": ("Qwen2_5_VL", QWEN2_7B,
               dict(hidden_size=1280, intermediate_size=3420, num_heads=16, depth=32, in_channels=3, patch_size=14,
                    spatial_merge_size=2, temporal_patch_size=2, window_size=112, fullatt_block_indexes=[7, 15, 23, 31],
                    tokens_per_second=2, hidden_act="silu"), False),
    "3-8b": ("Qwen3VL",
             dict(QWEN3_TEXT, hidden_size=4096, intermediate_size=12288, num_hidden_layers=36, num_attention_heads=32,
                  num_key_value_heads=8, vocab_size=151936),
             dict(hidden_size=1152, intermediate_size=4304, num_heads=16, depth=27, in_channels=3, patch_size=16,
                  spatial_merge_size=2, temporal_patch_size=2, num_position_embeddings=2304, deepstack_visual_indexes=[8, 16, 24]),
             False),
}
# The same with two layers and few blocks, for machines that hold no more.
SMALL = {"small": "2b", "2.5-small": "2.5-7b", "3-small": "3-8b"}
for small, shape in SMALL.items():
    family, text, vision, tied = SHAPES[shape]
    few = dict(depth=4, fullatt_block_indexes=[1, 3]) if "window_size" in vision else dict(depth=4, deepstack_visual_indexes=[0, 1])
    SHAPES[small] = (family, dict(text, num_hidden_layers=2, vocab_size=4096),
                     dict(vision, **{k: v for k, v in few.items() if k == "depth" or k in vision}), tied)

# As in FlashAttention.java.
FLASH_TOLERANCE = 0.02

# A picture of 640 x 480 pixels, brought to multiples of two patches: rows and columns of patches, by their side in pixels.
GRIDS = {14: (34, 46), 16: (30, 40)}
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]


# ---- The program


def archive(text):
    """The archive that torch.jit.load opens, as TorchArchive.java writes it: attributes begin empty, zero or false."""
    empty = {"Dict": b"}", "List": b"]", "int": b"K\0", "float": b"G" + bytes(8), "bool": b"\x89"}
    state = b"\x80\x02c__torch__\nEngine\n)\x81}("
    engine = text[text.index("class Engine(Module)"):]
    for name, kind in re.findall(r"^ {2}(\w+) : (Dict|List|int|float|bool)\b", engine, re.MULTILINE):
        state += b"X" + struct.pack("<I", len(name)) + name.encode() + empty[kind]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        file.writestr("engine/data.pkl", state + b"ub.")
        file.writestr("engine/code/__torch__.py", text)
        file.writestr("engine/constants.pkl", b"\x80\x02).")
        file.writestr("engine/version", "3\n")
    return io.BytesIO(out.getvalue())


def compiled(model_type):
    """The program without weights, with matrices as they are stored, which is the form for GPUs. Its parts are those of QwenProgram.java."""
    parts = ("model/linear.plain", "model/rounded", "model/channels", "model/formats", "model/matrices", "model/tensors",
             "model/adapters", "model/attention", "model/sampling", "qwen/vision", f"qwen/vision.{model_type}", "model/engine")
    text = "".join((PROGRAM / f"{part}.torchscript").read_text() for part in parts)
    return torch.jit.load(archive(text))


def published(name):
    """A tensor's name as Qwen published it; newer versions of transformers put other prefixes before it."""
    for prefix, plain in (("model.language_model.", "model."), ("model.visual.", "visual.")):
        if name.startswith(prefix):
            return plain + name[len(prefix):]
    return name


def put(program, name, flat, start, shape, dtype, device):
    """Gives the program a weight: a stretch of a flat tensor. What has the type and device already is not copied."""
    program.put(name, flat, start, math.prod(shape), shape, CODES[dtype], device)


def rope_axes(scaling, frequencies):
    """For each frequency of a head, the row of positions that it turns with."""
    sections = scaling["mrope_section"]
    if scaling.get("mrope_interleaved"):
        return [i % 3 if i < 3 * sections[i % 3] else 0 for i in range(frequencies)]
    return [axis for axis, count in enumerate(sections) for _ in range(count)]


def build(program, config):
    """Makes the model of its weights, all of which were put. config: the content of a config.json, flat or nested."""
    text, vision = config.get("text_config", config), config["vision_config"]
    rope = text.get("rope_parameters") or dict(text["rope_scaling"], rope_theta=text["rope_theta"])
    for _ in range(text["num_hidden_layers"]):
        program.build_layer()
    for _ in range(vision["depth"]):
        program.build_block()
    program.set_vision("heads", [vision["num_heads"]])
    program.set_vision("window", [vision.get("window_size", 0) // 28])
    program.set_vision("full_attention", vision.get("fullatt_block_indexes", []))
    program.set_vision("deepstack", vision.get("deepstack_visual_indexes", []))
    heads = text["num_attention_heads"]
    head_dim = text.get("head_dim") or text["hidden_size"] // heads
    program.build(heads, text["num_key_value_heads"], head_dim, rope_axes(rope, head_dim // 2), float(rope["rope_theta"]),
                  text["rms_norm_eps"])


def load(directory, dtype, device):
    """The program with the weights of a model directory, whose safetensors files are mapped."""
    config = json.loads((directory / "config.json").read_text())
    program = compiled(config["model_type"])
    weights = {}
    for path in sorted(directory.glob("*.safetensors")):
        with open(path, "rb") as file:
            length, = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length))
        header.pop("__metadata__", None)
        weights.update({published(name): (path, 8 + length, tensor) for name, tensor in header.items()})
    weights.setdefault("lm_head.weight", weights["model.embed_tokens.weight"])
    files = {}
    for name, (path, data, tensor) in weights.items():
        stored = STORED[tensor["dtype"]]
        if (path, stored) not in files:
            files[path, stored] = program.map_file(str(path), path.stat().st_size // stored.itemsize, CODES[stored])
        start = (data + tensor["data_offsets"][0]) // stored.itemsize
        put(program, name, files[path, stored], start, tensor["shape"], dtype, device)
    build(program, config)
    return program, config


def of_transformers(model, config, dtype, device):
    """The program around the weights of a transformers model. On a GPU it copies those that it multiplies by together."""
    program = compiled(config["model_type"])
    weights = {published(name): tensor for name, tensor in model.state_dict().items()}
    for name, tensor in weights.items():
        put(program, name, tensor.flatten(), 0, list(tensor.shape), dtype, device)
    build(program, config)
    return program


def try_flash(program):
    """Lets the program use the flash kernel if a trial agrees, as FlashAttention.java does. -> what came of it, in words"""
    try:
        difference, = program.try_flash()
    except RuntimeError as e:
        program.use_flash(False)
        reason = re.search(r"RuntimeError: (.{1,90})", str(e)) or re.match("(.*)", str(e))
        return f"plain attention, since the flash kernel does not run here ({reason[1]} ...)"
    program.use_flash(difference <= FLASH_TOLERANCE)
    verdict = "flash attention" if difference <= FLASH_TOLERANCE else "plain attention"
    return f"{verdict}, since the flash kernel differs from the plain one by {difference:.4f}"


def stand_in_for_flash():
    """Puts plain attention in the place of the flash kernel, which CPUs lack, so that the program's way through it can be checked.

    -> what keeps it there while it lives
    """
    def attend(q, k, v, causal):
        q, k, v = (x.transpose(0, 1) for x in (q, k, v))
        k, v = (x.repeat_interleave(q.size(0) // x.size(0), 0) for x in (k, v))
        seen = torch.ones(q.size(1), k.size(1), dtype=torch.bool)
        if causal:
            seen = seen.tril(k.size(1) - q.size(1))
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, seen).transpose(0, 1)

    def forward(q, k, v, cum_seq_q, cum_seq_k, max_q, max_k, dropout_p, is_causal, return_debug_mask, *, seqused_k=None, **unused):
        if cum_seq_q is None:
            out = torch.stack([attend(*sequence, is_causal) for sequence in zip(q, k, v)])
        else:
            # A sequence's keys begin where cum_seq_k says; seqused_k says how many there are, not the next one's beginning.
            starts, ends = cum_seq_q[:-1].tolist(), cum_seq_q[1:].tolist()
            assert max_q == max(end - start for start, end in zip(starts, ends)) and max_k == max(seqused_k.tolist())
            out = torch.cat([attend(q[start:end], k[key:key + used], v[key:key + used], is_causal)
                             for start, end, key, used in zip(starts, ends, cum_seq_k.tolist(), seqused_k.tolist())])
        nothing = q.new_empty(0)
        return out, nothing, nothing, nothing, nothing

    library = torch.library.Library("aten", "IMPL")
    library.impl("_flash_attention_forward", forward, "CPU")
    return library


# ---- Sequences


class Sequence:
    """A prompt and what was generated after it. positions: three rows, of the prompt. pictures: (key, first token, tokens)."""

    def __init__(self, ids, positions, delta, pictures, slot):
        self.ids, self.positions, self.delta, self.pictures, self.slot = list(ids), positions, delta, pictures, slot
        self.cached = 0

    def position(self, axis, index):
        row = self.positions[axis]
        return row[index] if index < len(row) else index + self.delta


def step(program, batch, forced=(), top=-1):
    """Runs what is new of each sequence. Logits are wanted of each one's last token, or of its last tokens, as many as forced."""
    rows, pictures, total = [], [], 0
    for s in batch:
        new = len(s.ids) - s.cached
        rows += range(total + new - max(1, len(forced)), total + new)
        for key, first, tokens in s.pictures:
            start, end = max(first, s.cached), min(first + tokens, len(s.ids))
            if start < end:
                pictures.append((key, start - first, end - start, total + start - s.cached))
        total += new
    places = [(s, i) for s in batch for i in range(s.cached, len(s.ids))]
    r = len(rows)
    numbers = program.step(
        [s.ids[i] for s, i in places], [s.position(axis, i) for axis in range(3) for s, i in places],
        [s.slot for s in batch], [s.cached for s in batch], [len(s.ids) - s.cached for s in batch], [0] * len(batch),
        [p[0] for p in pictures], [p[1] for p in pictures], [p[2] for p in pictures], [p[3] for p in pictures], rows,
        [0.0] * r, [0] * r, [1.0] * r, [0.0] * r, [0.0] * r, [], [0] * r, [1.0] * r,
        list(forced), [1 if forced else 0] * r, [1e6] * len(forced), [], [0] * r, [], [0] * r, top, [], [], 0)
    for s in batch:
        s.cached = len(s.ids)
    return numbers


def encode(program, key, rgb, rows, columns, mean, std):
    program.begin(key, rgb, rows, columns, mean, std)
    program.encode(key, 0, 0, 2 * len(program.blocks))


# ---- The check


def pixels(name, rows, columns, side):
    """A picture of the goldens, in the size that its grid says: uint8, flat."""
    image = ImageOps.exif_transpose(Image.open(GOLDENS / "images" / name))
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("RGB").resize((side * columns, side * rows), Image.Resampling.BICUBIC)
    return torch.from_numpy(np.asarray(image).flatten())


def golden_sequence(program, golden, image_token, pre, slot):
    names = [part["image_url"]["url"] for message in golden["messages"] if isinstance(message["content"], list)
             for part in message["content"] if part["type"] == "image_url"]
    ids = golden["prompt_token_ids"]
    pictures, first = [], 0
    for name, (_, rows, columns) in zip(names, golden.get("image_grid_thw", [])):
        key = len(program.pictures)
        encode(program, key, pixels(name, rows, columns, pre["patch_size"]), rows, columns, pre["image_mean"], pre["image_std"])
        first = ids.index(image_token, first)
        pictures.append((key, first, rows * columns // 4))
        first += rows * columns // 4
    plain = list(range(len(ids)))
    return Sequence(ids, golden.get("position_ids", [plain] * 3), golden.get("rope_delta", 0), pictures, slot)


def check(name, program, config):
    """Lets all conversations of the goldens be answered together, and compares with what transformers computed in float32.

    -> equal answers, all answers, largest difference of log-probabilities
    """
    pre = json.loads((MODELS[name] / "preprocessor_config.json").read_text())
    goldens = json.loads((GOLDENS / f"{name}.json").read_text())
    room = max(len(golden["prompt_token_ids"]) + len(golden["generated_token_ids"]) for golden in goldens)
    program.allocate(room * len(goldens))
    # The first sequence gets the last slot, so that slots are in no order.
    sequences = [golden_sequence(program, golden, config["image_token_id"], pre, room * (len(goldens) - 1 - i)) for i, golden in enumerate(goldens)]
    answers = [golden["generated_token_ids"] for golden in goldens]
    generated = [[] for _ in goldens]
    while running := [i for i, answer in enumerate(answers) if len(generated[i]) < len(answer)]:
        for i, number in zip(running, step(program, [sequences[i] for i in running])):
            generated[i].append(int(number))
            sequences[i].ids.append(int(number))
    worst = 0.0
    for golden, sequence, answer in zip(goldens, sequences, answers):
        sequence.ids, sequence.cached = golden["prompt_token_ids"] + answer[:-1], 0
        numbers = step(program, [sequence], forced=answer, top=0)
        worst = max(worst, *(abs(number - entry["logprob"]) for number, entry in zip(numbers[1::2], golden["logprobs"])))
    return sum(g == answer for g, answer in zip(generated, answers)), len(goldens), worst


def report_check(name, device, dtype):
    program, config = load(MODELS[name], dtype, device)
    title = f"{name}, {device}, {kind(dtype)}: "
    print(title + try_flash(program))
    report_answers(title, name, program, config)
    if device == "cpu":
        title = title.replace(": ", ", a stand-in for the flash kernel: ")
        stand_in = stand_in_for_flash()
        print(title + try_flash(program))
        report_answers(title, name, program, config)
        del stand_in
    program.release()


def report_answers(title, name, program, config):
    equal, every, worst = check(name, program, config)
    print(f"{title}{equal} of {every} answers equal, log-probabilities differ by at most {worst:.5f}")


def kind(dtype):
    return str(dtype).removeprefix("torch.")


# ---- The times


def random_model(shape, dtype, device):
    """A transformers model with random weights, made on the device. -> the model and its configuration, as in config.json"""
    family, text, vision, tied = SHAPES[shape]
    own = json.loads((SHAPES_VL / "config.json").read_text())
    config = {key: own[key] for key in ("image_token_id", "video_token_id", "vision_start_token_id", "vision_end_token_id")}
    width = {"hidden_size" if family == "Qwen2VL" else "out_hidden_size": text["hidden_size"]}
    config.update(text_config=dict(text, tie_word_embeddings=tied), vision_config=dict(vision, **width), tie_word_embeddings=tied)
    torch.manual_seed(0)
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with torch.device(device):
            of_dict = getattr(transformers, family + "Config").from_dict(json.loads(json.dumps(config)))
            model = getattr(transformers, family + "ForConditionalGeneration")(of_dict).eval()
    finally:
        torch.set_default_dtype(before)
    return model, dict(config, model_type=of_dict.model_type)


def grid(config):
    return GRIDS[config["vision_config"]["patch_size"]]


def prompt(config, before=15, after=20):
    """Text, a picture, text. -> ids and their three rows of positions, and what is added to an index for those that follow"""
    rows, columns = (side // 2 for side in grid(config))
    ids = [*range(before - 1), config["vision_start_token_id"], *[config["image_token_id"]] * (rows * columns),
           config["vision_end_token_id"], *range(after - 1)]
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    rest = range(before + max(rows, columns), before + max(rows, columns) + after)
    start = list(range(before))
    positions = [start + [before] * len(cells) + list(rest), start + [before + r for r, _ in cells] + list(rest),
                 start + [before + c for _, c in cells] + list(rest)]
    return ids, positions, rest[-1] + 1 - len(ids)


def timed(work):
    """-> seconds, result. What is timed ends with numbers on the host, so nothing is left to wait for."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def time_program(program, config, batches, tokens, repeats):
    """-> seconds to the first token, its log-probability, and seconds a step by number of sequences"""
    ids, positions, delta = prompt(config)
    rows, columns = grid(config)
    picture = (0, ids.index(config["image_token_id"]), rows * columns // 4)
    room = len(ids) + tokens + 1
    program.allocate(room * max(batches))
    rgb = torch.randint(256, (config["vision_config"]["patch_size"] ** 2 * rows * columns * 3,), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))

    def first_token():
        encode(program, 0, rgb, rows, columns, MEAN, STD)
        numbers = step(program, [Sequence(ids, positions, delta, [picture], 0)], top=0)
        program.drop(0)
        return numbers

    first_token()
    runs = [timed(first_token) for _ in range(repeats)]
    token, logprob = runs[-1][1]
    steps = {}
    for batch in batches:
        sequences = []
        for i in range(batch):
            if i > 0:
                program.copy_cache(0, i * room, len(ids))
            sequences.append(Sequence(ids, positions, delta, [picture], i * room))
            sequences[-1].cached = len(ids)
            sequences[-1].ids.append(int(token))
        times = []
        for _ in range(tokens):
            seconds, numbers = timed(lambda: step(program, sequences))
            times.append(seconds)
            for sequence, number in zip(sequences, numbers):
                sequence.ids.append(int(number))
        steps[batch] = statistics.median(times)
    return min(s for s, _ in runs), (int(token), logprob), steps, rgb


class Stopwatch(BaseStreamer):
    """Notes when generate() hands out the prompt, and then each token."""

    def __init__(self):
        self.start, self.times = time.perf_counter(), []

    def put(self, value):
        self.times.append(time.perf_counter())

    def end(self):
        pass


def time_transformers(model, config, patches, batches, tokens, repeats):
    """-> seconds to the first token, the log-probabilities for it, and seconds a step by number of sequences"""
    ids, _, _ = prompt(config)
    device = model.device

    def generate(batch, count):
        x = torch.tensor([ids] * batch, device=device)
        inputs = dict(input_ids=x, attention_mask=torch.ones_like(x), pixel_values=patches.repeat(batch, 1),
                      image_grid_thw=torch.tensor([[1, *grid(config)]] * batch, device=device))
        if "mm_token_type_ids" in inspect.signature(model.forward).parameters:
            inputs["mm_token_type_ids"] = (x == config["image_token_id"]).int()
        watch = Stopwatch()
        out = model.generate(**inputs, max_new_tokens=count, min_new_tokens=count, do_sample=False, pad_token_id=0, streamer=watch,
                             output_logits=True, return_dict_in_generate=True, temperature=None, top_p=None, top_k=None)
        return watch, out.logits[0][0].double().log_softmax(-1).cpu()

    generate(1, 2)
    runs = [generate(1, 1) for _ in range(repeats)]
    steps = {}
    for batch in batches:
        times = generate(batch, 1 + tokens)[0].times[1:]
        steps[batch] = statistics.median(after - before for before, after in zip(times, times[1:]))
    return min(watch.times[1] - watch.start for watch, _ in runs), runs[-1][1], steps


def copy_limit(device):
    """Bytes a second, read and written, of a copy within the device's memory: best of several."""
    source = torch.ones(1 << (30 if device != "cpu" else 28), dtype=torch.uint8, device=device)
    target = torch.empty_like(source)

    def copy():
        target.copy_(source)
        return int(target[-1])

    copy()
    return 2 * source.numel() / min(timed(copy)[0] for _ in range(10))


def report_times(shape, dtype, device, batches, tokens, repeats):
    limit = copy_limit(device)
    model, config = random_model(shape, dtype, device)
    program = of_transformers(model, config, dtype, device)
    print(f"\n{shape} shapes with random weights, {device}, {kind(dtype)}: {try_flash(program)}")
    ours_first, (token, logprob), ours, rgb = time_program(program, config, batches, tokens, repeats)
    patches = program.patches(rgb.to(device), *grid(config), MEAN, STD)
    theirs_first, logprobs, theirs = time_transformers(model, config, patches, batches, tokens, repeats)
    print(f"first token: {token}, log-probability {logprob:.4f}; transformers gives it {float(logprobs[token]):.4f}, "
          f"and its own choice {float(logprobs.max()):.4f}\n")
    read = sum(t.numel() * t.element_size() for n, t in ((published(n), t) for n, t in model.state_dict().items())
               if re.match(r"model\.layers|lm_head", n))
    print("| | camel-vlm's program | transformers |\n|---|---|---|")
    print(f"| first token of a 640x480 picture | {1000 * ours_first:.0f} ms | {1000 * theirs_first:.0f} ms |")
    for batch in batches:
        print(f"| decode, sequences: {batch} | {batch / ours[batch]:.1f} tokens/s | {batch / theirs[batch]:.1f} tokens/s |")
    for batch in batches:
        shares = [f"{read / s[batch] / 1e9:.1f} GB/s, {100 * read / s[batch] / limit:.0f} %" for s in (ours, theirs)]
        print(f"| weights read ({read / 1e9:.2f} GB a step), of the limit, sequences: {batch} | {shares[0]} | {shares[1]} |")
    print(f"\nThe limit: a copy reads and writes {limit / 1e9:.1f} GB/s.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--shape", choices=[*SHAPES, "none"], default="7b", help="what to time; none: only check")
    parser.add_argument("--dtype", choices=["bfloat16", "float16", "float32"], default="bfloat16", help="what to time in")
    parser.add_argument("--batches", default="1,8,32", help="numbers of sequences that decode together")
    parser.add_argument("--tokens", type=int, default=64, help="tokens to decode")
    parser.add_argument("--repeats", type=int, default=3, help="of which the best counts")
    parser.add_argument("--threads", type=int, default=0, help="of a CPU; 0: all")
    a = parser.parse_args()
    if a.device == "cuda" and not torch.cuda.is_available():
        parser.error("this torch sees no GPU: install a CUDA build of it, or choose --device cpu")
    if a.threads:
        torch.set_num_threads(a.threads)
    name = torch.cuda.get_device_name() if a.device == "cuda" else f"{torch.get_num_threads()} CPU threads"
    print(f"torch {torch.__version__}, transformers {transformers.__version__}, {name}")
    # The optimizer compiles anew for every shape, and was seen to compute wrong numbers on a method's first call.
    with torch.inference_mode(), torch.jit.optimized_execution(False):
        for dtype in dict.fromkeys((torch.float32, getattr(torch, a.dtype))):
            for model in MODELS:
                report_check(model, a.device, dtype)
        if a.shape != "none":
            report_times(a.shape, getattr(torch, a.dtype), a.device, [int(b) for b in a.batches.split(",")], a.tokens, a.repeats)


if __name__ == "__main__":
    main()
