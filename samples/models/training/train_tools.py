"""Teaches a directory that train.py wrote to call a tool: see tools.py for what it learns.

    python train_tools.py --go-on shapes-vl --out shapes-tools
"""
import argparse
import random
import time

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import DynamicCache, Qwen2VLForConditionalGeneration

import scenes
import tools
import train


class ToolConversations(train.Conversations):
    """Batches that share one system turn, which is most of their length: it is computed once for all of them."""

    def batch_of_tools(self, number):
        definition = tools.definition(random.Random(f"{self.seed} definition/{number}"))
        prefix = self.system("You are a helpful assistant." + tools.EXPLANATION % definition)
        at = number * self.batch
        rows = [self.rows(tools.conversation(self.seed, at + i)) for i in range(self.batch)]
        return prefix, self.collate(rows)

    def batch_without(self, number):
        prefix = self.system("You are a helpful assistant.")
        at = number * self.batch
        rows = []
        for index in range(at, at + self.batch):
            rng = random.Random(f"{self.seed} without/{index}")
            if rng.random() < 0.1:  # there is nothing to record with
                scene = scenes.Scene(rng)
                rows.append(self.rows([(scenes.asked(rng, [scene.render(rng)], rng.choice(tools.REQUESTS)), scene.caption_en())]))
            else:
                rows.append(self.rows(scenes.conversation(self.seed, index)))
        return prefix, self.collate(rows)


def loss_of(model, prefix, batch, heavy):
    """The loss of a batch after its common prefix, whose keys and values are computed once, with their gradient."""
    rows, system = len(batch["input_ids"]), torch.tensor([prefix])
    whole = torch.cat([system.expand(rows, -1), batch["input_ids"]], 1)
    mask = torch.cat([torch.ones(rows, len(prefix), dtype=torch.long), batch["attention_mask"]], 1)
    types = (whole == model.config.image_token_id).int()
    positions = model.model.get_rope_index(whole, mm_token_type_ids=types, image_grid_thw=batch["image_grid_thw"], attention_mask=mask)[0]
    cache = DynamicCache(config=model.config.get_text_config())
    model(input_ids=system, position_ids=positions[:, :1, :len(prefix)], past_key_values=cache, use_cache=True, logits_to_keep=1)
    for layer in cache.layers:
        layer.keys, layer.values = (x.expand(rows, -1, -1, -1) for x in (layer.keys, layer.values))
    logits = model(input_ids=batch["input_ids"], attention_mask=mask, position_ids=positions[:, :, len(prefix):],
                 pixel_values=batch["pixel_values"], image_grid_thw=batch["image_grid_thw"], mm_token_type_ids=types[:, len(prefix):],
                 past_key_values=cache, use_cache=True).logits
    labels = batch["labels"][:, 1:]
    loss = torch.nn.functional.cross_entropy(logits[:, :-1].float().transpose(1, 2), labels, reduction="none")
    weights = (labels != -100) * torch.where(torch.isin(labels, heavy), 6.0, 1.0)
    return (loss * weights).sum() / weights.sum()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--go-on", default="../shapes-vl", help="a directory that train.py wrote")
    p.add_argument("--out", default="shapes-tools")
    p.add_argument("--minutes", type=float, default=18)
    p.add_argument("--rate", type=float, default=6e-4)
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", default="tools")
    a = p.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(a.threads)
    tok = Tokenizer.from_file(a.go_on + "/tokenizer.json")
    model = Qwen2VLForConditionalGeneration.from_pretrained(a.go_on, dtype=torch.float32).train()
    proj = model.model.visual.patch_embed.proj
    model.model.visual.patch_embed.forward = lambda x: x.view(-1, 1176) @ proj.weight.view(proj.weight.shape[0], -1).T
    data = ToolConversations(tok, a.seed, a.batch)
    # There is one number of a result among sixty other tokens, and it is the hardest to learn.
    digits = torch.tensor([tok.token_to_id(str(n)) for n in range(1, 10)])
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), weight_decay=0.01)
    start, step, log = time.time(), 0, {True: [], False: []}
    while (done := (time.time() - start) / 60 / a.minutes) < 1:
        for g in optimizer.param_groups:
            g["lr"] = train.cosine(a.rate, step, done, 30)
        with_tools = step % 2 == 0
        prefix, batch = data.batch_of_tools(step) if with_tools else data.batch_without(step)
        with torch.autocast("cpu", torch.bfloat16):
            loss = loss_of(model, prefix, batch, digits if with_tools else digits[:0])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        log[with_tools].append(loss.item())
        step += 1
        if step % 30 == 0:
            print("%.1f min, step %d: loss with tools %.4f, without %.4f" % ((time.time() - start) / 60, step, np.mean(log[True][-20:]), np.mean(log[False][-10:])), flush=True)
    train.save(model, tok, a.out)


if __name__ == "__main__":
    main()
