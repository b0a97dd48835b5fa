"""The first 200 steps of the transformer's training run in PyTorch, with its own autograd, clipping and AdamW.

Usage: python3 transformer.py NAMES.txt OUT.json [STEPS]
The seed is 2147483647, and the sizes are those of grader/course/transformer/parameters.ts. Parameters and batches are drawn
from one generator: a sequence begins with the '.' before a name and runs on into the names that follow it. OUT holds the
losses, the norm of each step's gradients before clipping, and, of the first step, each gradient's sum and sum of squares and its
first eight numbers.
"""
import json, math, random, sys
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
names, out, steps = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 200
BATCH, TIME, EMBD, HEADS, HIDDEN, BLOCKS = 32, 16, 32, 4, 288, 2
words = open(names).read().splitlines()
stoi = {s: i + 1 for i, s in enumerate(sorted(set("".join(words))))}
random.seed(42)
random.shuffle(words)
stream = [0]
for w in words[: int(0.8 * len(words))]:
    stream += [stoi[c] for c in w] + [0]
begins = [i for i, c in enumerate(stream) if c == 0 and i + TIME < len(stream)]
stream = torch.tensor(stream)
vocab = len(stoi) + 1

g = torch.Generator().manual_seed(2147483647)
WIDTH = 0.08
widths = {"Wo": WIDTH / math.sqrt(2 * BLOCKS), "W2": WIDTH / math.sqrt(2 * BLOCKS)}


def draw(kind, *shape):
    x = torch.randn(shape, generator=g)
    if kind.startswith("gain"):
        return x * 0.02 + 1
    return x * (0.02 if kind.startswith("b") else widths.get(kind, WIDTH))


block = dict(gain1=(EMBD,), bias1=(EMBD,), Wq=(EMBD, EMBD), Wk=(EMBD, EMBD), Wv=(EMBD, EMBD), Wo=(EMBD, EMBD),
             gain2=(EMBD,), bias2=(EMBD,), W1=(EMBD, HIDDEN), b1=(HIDDEN,), W2=(HIDDEN, EMBD), b2=(EMBD,))
shapes = {"C": (vocab, EMBD), "P": (TIME, EMBD)}
for i in range(BLOCKS):
    shapes.update({f"{name}_{i}": shape for name, shape in block.items()})
shapes.update(gain=(EMBD,), bias=(EMBD,), Wl=(EMBD, vocab), bl=(vocab,))
p = {name: draw(name.split("_")[0], *shape).requires_grad_() for name, shape in shapes.items()}
later = torch.triu(torch.ones(TIME, TIME), 1).bool()


def heads(x):
    return x.view(BATCH, TIME, HEADS, EMBD // HEADS).transpose(1, 2)


def norm(x, gain, bias):
    return F.layer_norm(x, (EMBD,), p[gain], p[bias])


def loss_of(Xb, Yb):
    x = p["C"][Xb] + p["P"]
    for i in range(BLOCKS):
        ln = norm(x, f"gain1_{i}", f"bias1_{i}")
        q, k, v = (heads(ln @ p[f"{name}_{i}"]) for name in ("Wq", "Wk", "Wv"))
        scores = (q @ k.transpose(2, 3)) * (EMBD // HEADS) ** -0.5
        weights = scores.masked_fill(later, float("-inf")).softmax(-1)
        x = x + (weights @ v).transpose(1, 2).reshape(BATCH, TIME, EMBD) @ p[f"Wo_{i}"]
        ln = norm(x, f"gain2_{i}", f"bias2_{i}")
        x = x + torch.tanh(ln @ p[f"W1_{i}"] + p[f"b1_{i}"]) @ p[f"W2_{i}"] + p[f"b2_{i}"]
    logits = norm(x, "gain", "bias") @ p["Wl"] + p["bl"]
    return F.cross_entropy(logits.view(-1, vocab), Yb.reshape(-1))


optimizer = torch.optim.AdamW(p.values(), lr=3e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
losses, norms, first = [], [], {}
for step in range(steps):
    which = torch.randint(0, len(begins), (BATCH,), generator=g)
    at = torch.tensor([begins[i] for i in which])[:, None] + torch.arange(TIME)
    loss = loss_of(stream[at], stream[at + 1])
    optimizer.zero_grad()
    loss.backward()
    if step == 0:
        first = {name: {"sum": x.grad.double().sum().item(), "squares": x.grad.double().pow(2).sum().item(),
                        "numbers": x.grad.reshape(-1)[:8].tolist()} for name, x in p.items()}
    norms.append(torch.nn.utils.clip_grad_norm_(list(p.values()), 1.0).item())
    optimizer.param_groups[0]["lr"] = 3e-3 * min(1, (step + 1) / 100)
    optimizer.step()
    losses.append(loss.item())
last = {name: x.detach().reshape(-1)[:8].tolist() for name, x in p.items()}
json.dump({"torch": torch.__version__, "seed": 2147483647, "parameters": sum(x.numel() for x in p.values()), "losses": losses,
           "norms": norms, "gradients_at_step_0": first, "parameters_after": last}, open(out, "w"))
print(losses[0], losses[-1], min(norms), max(norms))
