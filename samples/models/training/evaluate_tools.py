"""Share of unseen conversations with a tool that a shapes-tools directory carries on word for word.

    python evaluate_tools.py DIR [COUNT]
"""
import collections
import random
import sys

import torch
from tokenizers import Tokenizer
from transformers import Qwen2VLForConditionalGeneration

import evaluate
import tools
import train_tools


def main(directory, count=150):
    tok = Tokenizer.from_file(directory + "/tokenizer.json")
    model = Qwen2VLForConditionalGeneration.from_pretrained(directory, dtype=torch.float32).eval()
    data = train_tools.ToolConversations(tok, "unseen", 1)
    end = tok.token_to_id("<|im_end|>")
    columns = "picture first", "text first"
    right, asked, wrong = collections.Counter(), collections.Counter(), []
    for index in range(count):
        definition = tools.definition(random.Random(f"unseen definition/{index}"))
        (content, first), *more = tools.conversation("unseen", index)
        prefix = data.system("You are a helpful assistant." + tools.EXPLANATION % definition)
        for pictures_first in (True, False):
            turns = [(evaluate.in_order(content, pictures_first), first), *more]
            ids, labels, pixels, grids, _ = data.rows(turns)
            at = 0
            for parts, truth in turns:
                start = next(i for i in range(at, len(ids)) if labels[i] != -100)
                at = next(i for i in range(start, len(ids)) if ids[i] == end) + 1
                said = evaluate.answer(model, tok, prefix + ids[:start], pixels, grids, 250)
                question = evaluate.asked_of(parts)
                kind = "result" if question.startswith("<tool_response>") else f"{truth.count('<tool_call>')} calls" if question in tools.REQUESTS else "other question"
                asked[kind, pictures_first] += 1
                right[kind, pictures_first] += said == truth
                if said != truth and len(wrong) < 25:
                    wrong.append(f"{index} {columns[not pictures_first]} {question!r}\n  {truth!r}\n  {said!r}")
    print("\n".join(wrong))
    print(f"{'':16s}" + "".join(f"{c:>16s}" for c in columns))
    for kind in sorted({k for k, _ in asked}):
        print(f"{kind:16s}" + "".join(f"{right[kind, f]:>10d}/{asked[kind, f]:<5d}" for f in (True, False)))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
