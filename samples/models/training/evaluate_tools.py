"""Share of unseen conversations with a tool that a shapes-tools directory carries on word for word.

    python evaluate_tools.py DIR [COUNT]
"""
import collections
import random
import sys

import torch
from tokenizers import Tokenizer
from transformers import Qwen2VLForConditionalGeneration

import tools
import train
import train_tools


def answer(model, tok, ids, pixels, grids):
    x = torch.tensor([ids])
    end = tok.token_to_id("<|im_end|>")
    with torch.inference_mode():
        out = model.generate(input_ids=x, attention_mask=torch.ones_like(x), pixel_values=torch.from_numpy(pixels), image_grid_thw=torch.tensor(grids),
                             mm_token_type_ids=(x == tok.token_to_id("<|image_pad|>")).int(), max_new_tokens=250, do_sample=False,
                             eos_token_id=end, pad_token_id=end, temperature=None, top_p=None, top_k=None, use_cache=True)
    return [t for t in out[0, len(ids):].tolist() if t != end]


def main(directory, count=150):
    tok = Tokenizer.from_file(directory + "/tokenizer.json")
    model = Qwen2VLForConditionalGeneration.from_pretrained(directory, dtype=torch.float32).eval()
    data = train_tools.ToolConversations(tok, "unseen", 1)
    end = tok.token_to_id("<|im_end|>")
    right, asked, wrong = collections.Counter(), collections.Counter(), []
    for index in range(count):
        definition = tools.definition(random.Random(f"unseen definition/{index}"))
        images, turns = tools.conversation("unseen", index)
        prefix = data.system("You are a helpful assistant." + tools.EXPLANATION % definition)
        ids, labels, pixels, grids, _ = data.rows(images, turns)
        at = 0
        for question, truth in turns:
            start = next(i for i in range(at, len(ids)) if labels[i] != -100)
            at = next(i for i in range(start, len(ids)) if ids[i] == end) + 1
            said = tok.decode(answer(model, tok, prefix + ids[:start], pixels, grids), skip_special_tokens=False)
            kind = "result" if question.startswith("<tool_response>") else f"{truth.count('<tool_call>')} calls" if question in tools.REQUESTS else "other question"
            asked[kind] += 1
            right[kind] += said == truth
            if said != truth and len(wrong) < 25:
                wrong.append(f"{index} {question!r}\n  {truth!r}\n  {said!r}")
    print("\n".join(wrong))
    for kind in sorted(asked):
        print(f"{kind:16s} {right[kind]}/{asked[kind]}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
