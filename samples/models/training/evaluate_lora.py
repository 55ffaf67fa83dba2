"""Share of unseen drawings that shapes-vl with an adapter answers by the right inventory, and of the fields in it.

    python evaluate_lora.py ADAPTER_DIR [COUNT]
"""
import collections
import random
import sys

import torch
from tokenizers import Tokenizer
from transformers import Qwen2VLForConditionalGeneration

import evaluate
import inventory
import lora
import scenes
import train

COLUMNS = "picture first", "text first", "no text", "later picture"
ROWS = ("JSON of the form", "all right", "... 1 shape", "... 2 shapes", "... 3 shapes", "... a sign",
        "background", "number of objects", "color", "shape", "no text", "text of a sign")


def fields(truth, said):
    """(field, whether it is right) of each field of an inventory."""
    yield "background", said["background"] == truth["background"]
    yield "number of objects", len(said["objects"]) == len(truth["objects"])
    for true, found in zip(truth["objects"], said["objects"]):
        yield "color", found["color"] == true["color"]
        yield "shape", found["shape"] == true["shape"]
    if truth["text"]:
        yield "text of a sign", said["text"] == truth["text"]
    else:
        yield "no text", said["text"] == ""


def kind_of(truth):
    number = len(truth["objects"])
    return "... a sign" if truth["text"] else f"... {number} shape{'s' * (number > 1)}"


def asked(index):
    """(column, turns) of one drawing: it stands before what is asked, behind it, alone, or behind a turn about another one."""
    rng = random.Random(f"unseen inventory of {index}")
    scene, before = scenes.Scene(rng), scenes.Scene(rng)
    picture, words, truth = scene.render(rng), inventory.request(rng, scene) or rng.choice(inventory.REQUESTS), inventory.answer_of(scene)
    yield COLUMNS[0], [([picture, words], truth)]
    yield COLUMNS[1], [([words, picture], truth)]
    yield COLUMNS[2], [([picture], truth)]
    yield COLUMNS[3], [([before.render(rng), words], inventory.answer_of(before)), (evaluate.in_order([picture, words], index % 2 == 0), truth)]


def main(directory, count=200, base="../shapes-vl"):
    torch.set_num_threads(1)
    tok = Tokenizer.from_file(base + "/tokenizer.json")
    model = Qwen2VLForConditionalGeneration.from_pretrained(base, dtype=torch.float32).eval()
    lora.load(model, directory)
    data = train.Conversations(tok, "unseen", 1)
    system = data.system(inventory.SYSTEM)
    right, of, wrong, lengths = collections.Counter(), collections.Counter(), [], []
    for index in range(count):
        for column, turns in asked(index):
            ids, labels, pixels, grids, _ = data.rows(turns)
            last = max(i for i, label in enumerate(labels) if label == -100 and i + 1 < len(labels) and labels[i + 1] != -100) + 1
            said, truth = evaluate.answer(model, tok, system + ids[:last], pixels, grids, 200), turns[-1][1]
            lengths.append(len(data.text(said)) + 1)
            found, true = inventory.read(said), inventory.read(truth)
            whole = [("JSON of the form", found is not None), ("all right", said == truth), (kind_of(true), said == truth)]
            for what, yes in whole + list(fields(true, found) if found else []):
                of[what, column] += 1
                right[what, column] += yes
            if said != truth and len(wrong) < 25:
                wrong.append(f"{index} {column}\n  {truth}\n  {said}")
    print("\n".join(wrong))
    print(f"an answer takes {sum(lengths) / len(lengths):.0f} tokens, at most {max(lengths)}")
    print(f"{'':28s}" + "".join(f"{c:>16s}" for c in COLUMNS))
    for what in ROWS:
        print(f"{what:28s}" + "".join(f"{right[what, c]:>10d}/{of[what, c]:<5d}" for c in COLUMNS))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
