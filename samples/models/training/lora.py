"""LoRA for the decoder of a Qwen2-VL, in the files that PEFT writes.

W + alpha / rank * B A stands in for a matrix W, where only A and B are learned.
"""
import json
import math
import os

import torch
from safetensors.torch import load_file, save_file

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


class LoraLinear(torch.nn.Module):
    def __init__(self, linear, rank, scale):
        super().__init__()
        self.linear, self.scale = linear, scale
        self.lora_A = torch.nn.Parameter(torch.randn(rank, linear.in_features) / math.sqrt(linear.in_features))
        self.lora_B = torch.nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x):
        return self.linear(x) + x @ self.lora_A.T @ self.lora_B.T * self.scale


def matrices(model):
    """(PEFT's name, the module that holds the matrix, its name there) for each of the decoder's."""
    for n, layer in enumerate(model.model.language_model.layers):
        for part in ("self_attn", "mlp"):
            for target in TARGETS:
                if hasattr(getattr(layer, part), target):
                    yield f"base_model.model.model.layers.{n}.{part}.{target}", getattr(layer, part), target


def attach(model, rank, alpha):
    """Puts an untrained adapter beside the matrices, which makes no difference yet; returns its parameters, the only ones that learn."""
    model.requires_grad_(False)
    for _, module, target in list(matrices(model)):
        setattr(module, target, LoraLinear(getattr(module, target), rank, alpha / rank))
    return [p for p in model.parameters() if p.requires_grad]


def save(model, rank, alpha, base, out):
    """Writes the adapter that attach put there."""
    os.makedirs(out, exist_ok=True)
    tensors = {f"{name}.{side}.weight": getattr(getattr(module, target), side).detach().to(torch.bfloat16).contiguous()
               for name, module, target in matrices(model) for side in ("lora_A", "lora_B")}
    save_file(tensors, os.path.join(out, "adapter_model.safetensors"), metadata={"format": "pt"})
    with open(os.path.join(out, "adapter_config.json"), "w") as f:
        json.dump({"alpha_pattern": {}, "base_model_name_or_path": base, "bias": "none", "fan_in_fan_out": False, "inference_mode": True,
                   "init_lora_weights": True, "lora_alpha": alpha, "lora_dropout": 0.0, "modules_to_save": None, "peft_type": "LORA", "r": rank,
                   "rank_pattern": {}, "target_modules": TARGETS, "task_type": "CAUSAL_LM", "use_dora": False, "use_rslora": False}, f, indent=2)
        f.write("\n")


def load(model, directory):
    """Puts an adapter that save wrote beside the matrices; returns its parameters, its rank and its alpha."""
    config = json.load(open(os.path.join(directory, "adapter_config.json")))
    parameters = attach(model, config["r"], config["lora_alpha"])
    tensors = load_file(os.path.join(directory, "adapter_model.safetensors"))
    with torch.no_grad():
        for name, module, target in matrices(model):
            for side in ("lora_A", "lora_B"):
                getattr(getattr(module, target), side).copy_(tensors.pop(f"{name}.{side}.weight"))
    if tensors:
        raise ValueError(f"{directory} changes more than the decoder's matrices: {', '.join(tensors)}")
    return parameters, config["r"], config["lora_alpha"]
