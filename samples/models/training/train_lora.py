"""Trains an adapter (LoRA) for shapes-vl, whose own weights stay as they are: see inventory.py for what it learns.

    python train_lora.py --out shapes-json-lora
"""
import argparse
import os
import time

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import Qwen2VLForConditionalGeneration

import inventory
import lora
import train


class Inventories(train.Conversations):
    def encode(self, index):
        words, turns = inventory.conversation(self.seed, index)
        system = self.system(words)
        ids, labels, *pictures = self.rows(turns)
        return system + ids, [-100] * len(system) + labels, *pictures


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", default="../shapes-vl", help="the model that the adapter is for")
    p.add_argument("--go-on", help="an adapter that this program wrote: it is trained further")
    p.add_argument("--out", default="shapes-json-lora")
    p.add_argument("--minutes", type=float, default=20)
    p.add_argument("--rank", type=int, default=8)
    p.add_argument("--alpha", type=int, default=16)
    p.add_argument("--rate", type=float, default=4e-3)
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", default="train")
    a = p.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(a.threads)
    tok = Tokenizer.from_file(a.model + "/tokenizer.json")
    model = Qwen2VLForConditionalGeneration.from_pretrained(a.model, dtype=torch.float32).train()
    parameters, rank, alpha = lora.load(model, a.go_on) if a.go_on else (lora.attach(model, a.rank, a.alpha), a.rank, a.alpha)
    print("parameters", sum(x.numel() for x in parameters), flush=True)
    proj = model.model.visual.patch_embed.proj
    model.model.visual.patch_embed.forward = lambda x: x.view(-1, 1176) @ proj.weight.view(proj.weight.shape[0], -1).T
    optimizer = torch.optim.AdamW(parameters, betas=(0.9, 0.98), weight_decay=0.0)
    save = lambda: lora.save(model, rank, alpha, os.path.basename(os.path.abspath(a.model)), a.out)
    start, saved, log = time.time(), time.time(), []
    for step, batch in enumerate(Inventories(tok, a.seed, a.batch)):
        minutes = (time.time() - start) / 60
        if minutes >= a.minutes:
            break
        for g in optimizer.param_groups:
            g["lr"] = train.cosine(a.rate, step, minutes / a.minutes, 30)
        del batch["cells"]
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        log.append(loss.item())
        if step % 50 == 49:
            print("%.1f min, step %d: loss %.4f" % (minutes, step + 1, np.mean(log[-50:])), flush=True)
        if time.time() - saved > 120:
            saved = time.time()
            save()
    save()


if __name__ == "__main__":
    main()
