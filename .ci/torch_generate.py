#!/usr/bin/env python3
"""PyTorch reference for writing on: GPT-2 small reads a text and writes one token after the other, each the likeliest, with
the keys and values of those before it in a preallocated cache and PyTorch's own fused attention. Random weights, one text.

USAGE  torch_generate.py --reference TORCH_BENCH.PY [--seq 32] [--tokens 100] [--threads 2] [--precision f32|bf16]
Prints one JSON object: step_s is the median time of a token, the output layer included. Of the two ways to hold a weight,
as the checkpoint stores it and transposed, the faster one counts.
"""
import argparse, json, os, statistics, sys, time

arguments = argparse.ArgumentParser()
arguments.add_argument("--reference", required=True)
arguments.add_argument("--seq", type=int, default=32)
arguments.add_argument("--tokens", type=int, default=100)
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--precision", choices=["f32", "bf16"], default="f32")
o = arguments.parse_args()

sys.path.insert(0, os.path.dirname(os.path.abspath(o.reference)))
import torch
import torch.nn.functional as F
import torch_bench

torch.set_num_threads(o.threads)
model, config = torch_bench.build("gpt2")
model = (model.bfloat16() if o.precision == "bf16" else model).eval()
body, width, heads = model.transformer, config["H"], config["A"]


def transposed(linear):
    weight, bias = linear.weight.t().contiguous(), linear.bias
    return lambda x: F.linear(x, weight, bias)


def layers(hold):
    return [[hold(f) for f in (b.attn.c_attn, b.attn.c_proj, b.mlp.c_fc, b.mlp.c_proj)] for b in body.h]


def read(ids, past, maps, keys, values):
    n = ids.shape[1]
    x = body.wte(ids) + body.wpe(torch.arange(past, past + n))
    for i, (block, (qkv, out, up, down)) in enumerate(zip(body.h, maps)):
        q, k, v = [z.view(1, n, heads, width // heads).transpose(1, 2) for z in qkv(block.ln_1(x)).split(width, 2)]
        keys[i][:, :, past : past + n], values[i][:, :, past : past + n] = k, v
        a = F.scaled_dot_product_attention(q, keys[i][:, :, : past + n], values[i][:, :, : past + n], is_causal=n > 1)
        x = x + out(a.transpose(1, 2).reshape(1, n, width))
        x = x + down(F.gelu(up(block.ln_2(x)), approximate="tanh"))
    return F.linear(body.ln_f(x[:, -1:]), body.wte.weight)


@torch.inference_mode()
def seconds(maps):
    cache = lambda: [torch.empty(1, heads, o.seq + o.tokens, width // heads, dtype=body.wte.weight.dtype) for _ in body.h]
    keys, values, past, took = cache(), cache(), 0, []
    ids = torch.randint(0, config["V"], (1, o.seq))
    for _ in range(o.tokens):
        began = time.perf_counter()
        scores = read(ids, past, maps, keys, values)
        past, ids = past + ids.shape[1], scores[:, -1].argmax(-1, keepdim=True)
        took.append(time.perf_counter() - began)
    return statistics.median(took[2:])


both = {"stored": layers(lambda f: f), "transposed": layers(transposed)}
best = min((seconds(maps), name) for name, maps in both.items())
print(json.dumps({"model": "gpt2", "mode": "generate", "precision": o.precision, "seq": o.seq, "threads": o.threads,
                  "step_s": best[0], "tok_s": 1 / best[0], "weights": best[1], "torch": torch.__version__}))
