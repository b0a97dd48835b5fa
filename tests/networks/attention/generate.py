"""Reference tensors of the attention network (lines.ts), produced by PyTorch's own autograd in float32.

Usage: python3 generate.py SEED OUT.safetensors

OUT holds, for every tensor T of the forward pass, T (float32, or int64 for Xb, Yb and later) and, for each that a
gradient reaches, grad.T.  Its metadata names the torch version, the seed and the sizes batch, time, embd, head, vocab.
"""
import pathlib, random, sys
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "data" / "torch"))
from generate import save

seed, out = int(sys.argv[1]), sys.argv[2]
batch, time, embd, head, vocab = random.Random(seed).sample([2, 3, 4, 5, 6, 7, 8, 9, 11, 13], 5)
g = torch.Generator().manual_seed(seed)
p = dict(
    C=torch.randn((vocab, embd), generator=g),
    P=torch.randn((time, embd), generator=g) * 0.5,
    lngain=torch.randn(embd, generator=g),
    lnbias=torch.randn(embd, generator=g) * 0.1,
    Wq=torch.randn((embd, head), generator=g),
    Wk=torch.randn((embd, head), generator=g),
    Wv=torch.randn((embd, head), generator=g) * embd ** -0.5,
    Wo=torch.randn((head, embd), generator=g) * head ** -0.5,
    Wl=torch.randn((embd, vocab), generator=g),
    bl=torch.randn(vocab, generator=g) * 0.1,
)
# a position at which a character varies hardly at all, where epsilon matters
p["C"][0] = p["C"][0] * 1e-3 - p["P"][0]
Xb = torch.randint(0, max(2, vocab // 2), (batch, time), generator=g)  # repeated characters for sure
Xb[0, 0] = 0
Yb = torch.randint(0, vocab, (batch, time), generator=g)
later = torch.triu(torch.ones(time, time), 1).long()
for v in p.values():
    v.requires_grad = True

t = dict(p)
t["emb"] = p["C"][Xb]
t["x"] = t["emb"] + p["P"]
t["lnmean"] = t["x"].mean(-1, keepdim=True)
t["lndiff"] = t["x"] - t["lnmean"]
t["lnvar"] = (t["lndiff"] ** 2).mean(-1, keepdim=True)
t["lnvar_inv"] = (t["lnvar"] + 1e-5) ** -0.5
t["lnraw"] = t["lndiff"] * t["lnvar_inv"]
t["ln"] = p["lngain"] * t["lnraw"] + p["lnbias"]
t["query"], t["key"], t["value"] = t["ln"] @ p["Wq"], t["ln"] @ p["Wk"], t["ln"] @ p["Wv"]
t["scores"] = t["query"] @ t["key"].transpose(1, 2) * head ** -0.5
t["masked"] = t["scores"].masked_fill(later.bool(), -torch.inf)
t["weights"] = t["masked"].softmax(-1)
t["mixed"] = t["weights"] @ t["value"]
t["out"] = t["x"] + t["mixed"] @ p["Wo"]
t["logits"] = t["out"] @ p["Wl"] + p["bl"]
t["probs"] = t["logits"].softmax(-1)
t["logprobs"] = t["probs"].log()
t["loss"] = -t["logprobs"].gather(2, Yb[..., None]).mean()

graded = [name for name in t if name != "loss"]
for name in graded:
    t[name].retain_grad()
t["loss"].backward()
tensors = {"Xb": Xb, "Yb": Yb, "later": later, **t, **{"grad." + name: t[name].grad for name in graded}}
sizes = dict(batch=batch, time=time, embd=embd, head=head, vocab=vocab)
save(out, tensors, {k: str(v) for k, v in dict(torch=torch.__version__, seed=seed, **sizes).items()})
print(out, sizes, "loss", t["loss"].item())
