"""
Times a training step of the decoder of part 8 in PyTorch, with its own autograd, clipping and AdamW, on one thread. Answers
each line {"seconds"} with the times of its steps; the first line that it writes is PyTorch's version and its BLAS.
"""
import json, sys, time
import torch
import torch.nn.functional as F

from blas import blas

torch.set_num_threads(1)
BATCH, TIME, EMBD, HEADS, HIDDEN, VOCAB, BLOCKS = 32, 16, 32, 4, 288, 27, 2
g = torch.Generator().manual_seed(2147483647)


def draw(*shape):
    return (torch.randn(shape, generator=g) * 0.08).requires_grad_()


C, P, Wl, bl, gain, bias = draw(VOCAB, EMBD), draw(TIME, EMBD), draw(EMBD, VOCAB), draw(VOCAB), draw(EMBD), draw(EMBD)
blocks = [
    dict(gain1=draw(EMBD), bias1=draw(EMBD), Wq=draw(EMBD, EMBD), Wk=draw(EMBD, EMBD), Wv=draw(EMBD, EMBD),
         Wo=draw(EMBD, EMBD), gain2=draw(EMBD), bias2=draw(EMBD), W1=draw(EMBD, HIDDEN), b1=draw(HIDDEN),
         W2=draw(HIDDEN, EMBD), b2=draw(EMBD))
    for _ in range(BLOCKS)
]
parameters = [C, P, gain, bias, Wl, bl] + [p for block in blocks for p in block.values()]
optimizer = torch.optim.AdamW(parameters, lr=1e-3)
Xb = torch.randint(0, VOCAB, (BATCH, TIME), generator=g)
Yb = torch.randint(0, VOCAB, (BATCH, TIME), generator=g)
later = torch.triu(torch.ones(TIME, TIME), 1).bool()


def heads(x):
    return x.view(BATCH, TIME, HEADS, EMBD // HEADS).transpose(1, 2)


def step():
    x = C[Xb] + P
    for p in blocks:
        ln = F.layer_norm(x, (EMBD,), p["gain1"], p["bias1"])
        q, k, v = heads(ln @ p["Wq"]), heads(ln @ p["Wk"]), heads(ln @ p["Wv"])
        scores = (q @ k.transpose(2, 3)) * (EMBD // HEADS) ** -0.5
        weights = scores.masked_fill(later, float("-inf")).softmax(-1)
        x = x + (weights @ v).transpose(1, 2).reshape(BATCH, TIME, EMBD) @ p["Wo"]
        ln = F.layer_norm(x, (EMBD,), p["gain2"], p["bias2"])
        x = x + torch.tanh(ln @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
    logits = F.layer_norm(x, (EMBD,), gain, bias) @ Wl + bl
    loss = F.cross_entropy(logits.view(-1, VOCAB), Yb.view(-1))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()


step()
print(json.dumps({"PyTorch": {"version": torch.__version__, "blas": blas("torch")}}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    times = []
    busy = time.process_time()
    start = time.perf_counter()
    end = start + request["seconds"]
    while start < end:
        step()
        now = time.perf_counter()
        times.append((now - start) * 1e6)
        start = now
    print(json.dumps({"steps": times, "processor": (time.process_time() - busy) * 1e6 / len(times)}), flush=True)
