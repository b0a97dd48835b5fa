"""Reference tensors of the exam's layers that read sequences (grader/course/7-exam), by PyTorch's own autograd in float32.

Usage: python3 sequences.py OUT.safetensors

OUT holds, for each layer and each of six cases of random sizes, every tensor T as LAYER.CASE.T (float32; int64 for indices)
and, where a gradient reaches it, LAYER.CASE.grad.T.  The forward passes are written with PyTorch's own functions: the lines
of the layers are not repeated where it has a function of its own.
"""
import random, sys
import torch
import torch.nn.functional as F
from generate import save

CASES = 6


def later_than(time):
    return torch.triu(torch.ones(time, time), 1).long()


def squared_error(t, target):
    t["loss"] = F.mse_loss(t["out"], target)
    return t


def attention(draw, size):
    sequences, time, width = size(3)
    t = {name: draw(sequences, time, width) for name in "QKV"}
    target, later = draw(sequences, time, width), later_than(time)

    def forward():
        t["scores"] = t["Q"] @ t["K"].transpose(1, 2) / width**0.5
        t["masked"] = t["scores"].masked_fill(later.bool(), -torch.inf)
        t["weights"] = F.softmax(t["masked"], dim=2)
        t["out"] = t["weights"] @ t["V"]
        return squared_error(t, target)

    return t, forward, dict(later=later, target=target)


def heads(draw, size):
    sequences, time, heads, width, embd = size(5)
    weights = draw(sequences, heads, time, time).masked_fill(later_than(time).bool(), -torch.inf).softmax(3)
    t = dict(V=draw(sequences, time, heads * width), weights=weights, Wo=draw(heads * width, embd))
    target = draw(sequences, time, embd)

    def forward():
        t["mixed"] = t["weights"] @ t["V"].view(sequences, time, heads, width).transpose(1, 2)
        t["joined"] = t["mixed"].transpose(1, 2).reshape(sequences, time, heads * width)
        t["out"] = t["joined"] @ t["Wo"]
        return squared_error(t, target)

    return t, forward, dict(target=target)


def embeddings(draw, size):
    sequences, time, embd, vocab = size(4)
    t = dict(C=draw(vocab, embd), P=draw(time, embd))
    Xb = torch.randint(0, max(2, vocab // 2), (sequences, time), generator=draw.generator)  # some repeat, some are absent
    Yb = torch.randint(0, vocab, (sequences, time), generator=draw.generator)

    def forward():
        t["emb"] = F.embedding(Xb, t["C"])
        t["x"] = t["emb"] + t["P"]
        t["logits"] = F.linear(t["x"], t["C"])
        t["probs"] = F.softmax(t["logits"], dim=2)
        t["logprobs"] = t["probs"].log()
        t["loss"] = F.nll_loss(t["logprobs"].view(-1, vocab), Yb.view(-1))
        return t

    return t, forward, dict(Xb=Xb, Yb=Yb)


def block(draw, size):
    sequences, time, heads, width, embd, hidden = size(6)
    t = dict(x=draw(sequences, time, embd), gain1=draw(embd), gain2=draw(embd))
    for name in ["Wq", "Wk", "Wv"]:
        t[name] = draw(heads, embd, width) * embd**-0.5
    t["Wo"] = draw(heads, width, embd) * width**-0.5
    t["W1"], t["W2"] = draw(embd, hidden) * embd**-0.5, draw(hidden, embd) * hidden**-0.5
    t["x"][0, 0] *= 1e-3  # a position that hardly varies, where epsilon matters
    target, later = draw(sequences, time, embd), later_than(time)

    def forward():
        t["raw1"] = F.layer_norm(t["x"], (embd,))
        t["norm1"] = t["gain1"] * t["raw1"]
        for name, matrix in zip("QKV", ["Wq", "Wk", "Wv"]):
            t[name] = torch.einsum("bte,hek->bhtk", t["norm1"], t[matrix])
        scores = t["Q"] @ t["K"].transpose(2, 3) / width**0.5
        t["weights"] = F.softmax(scores.masked_fill(later.bool(), -torch.inf), dim=3)
        t["mixed"] = t["weights"] @ t["V"]
        t["res"] = t["x"] + torch.einsum("bhtk,hke->bte", t["mixed"], t["Wo"])
        t["raw2"] = F.layer_norm(t["res"], (embd,))
        t["norm2"] = t["gain2"] * t["raw2"]
        t["pre"] = t["norm2"] @ t["W1"]
        t["act"] = F.gelu(t["pre"], approximate="tanh")
        t["out"] = t["res"] + t["act"] @ t["W2"]
        return squared_error(t, target)

    return t, forward, dict(later=later, target=target)


def case(layer, number):
    generator = torch.Generator().manual_seed(number)
    draw = lambda *shape: torch.randn(shape, generator=generator)
    draw.generator = generator
    sizes = random.Random(number)
    t, forward, others = layer(draw, lambda count: sizes.sample([2, 3, 4, 5, 6, 7], count))
    for parameter in t.values():
        parameter.requires_grad = True
    forward()
    graded = [name for name in t if name != "loss"]
    for name in graded:
        t[name].retain_grad()
    t["loss"].backward()
    tensors = {**others, **t, **{"grad." + name: t[name].grad for name in graded}}
    return {f"{layer.__name__}.{number}.{name}": value for name, value in tensors.items()}


if __name__ == "__main__":
    layers = [attention, heads, embeddings, block]
    found = {}
    for layer in layers:
        for number in range(1, CASES + 1):
            found.update(case(layer, number))
    save(sys.argv[1], found, dict(torch=torch.__version__))
    print(sys.argv[1], len(found), "tensors")
