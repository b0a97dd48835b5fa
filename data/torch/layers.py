"""The layers of the exam (grader/course/7-exam) as PyTorch's own autograd differentiates them, in float32.

Usage: python3 layers.py LAYER OUT.safetensors

OUT holds six cases, one for each seed: for every tensor T of the layer's lines SEED.T and, for each that a gradient reaches,
SEED.grad.T.  Numbers that come close to where float32 fails are among them.  Needs PyTorch and nothing else.
"""
import random, sys
import torch
import torch.nn.functional as F

from generate import save

layer, out = sys.argv[1:]


def relu(draw, n, features, hidden):
    p = dict(x=draw(n, features), W1=draw(features, hidden), b1=draw(hidden), W2=draw(hidden, features))
    yield p, dict(target=draw(n, features))
    t = dict(pre=p["x"] @ p["W1"] + p["b1"])
    t["h"] = torch.relu(t["pre"])
    t["out"] = p["x"] + t["h"] @ p["W2"]
    yield t


def bce(draw, n, features, tasks):
    p = dict(x=draw(n, features) * 3, W=draw(features, tasks), b=draw(tasks) * 15)
    target = torch.sigmoid(draw(n, tasks) * 4)
    yield p, dict(target=target)
    t = dict(gate=torch.sigmoid(p["x"]))
    t["logits"] = t["gate"] @ p["W"] + p["b"]
    t["loss"] = F.binary_cross_entropy_with_logits(t["logits"], target)
    yield t


def dropout(draw, n, hidden, features):
    p = dict(h=draw(n, hidden), W=draw(hidden, features))
    mask = (draw(n, hidden) < 0.84).float()
    mask[-1] = 0
    yield p, dict(mask=mask, target=draw(n, features))
    t = dict(thinned=p["h"] * mask / 0.8)
    t["out"] = t["thinned"] @ p["W"]
    yield t


def softmax(draw, n, experts, features):
    p = dict(scores=draw(n, experts) * 4 + 50, temperature=draw(1).abs() + 0.5, V=draw(experts, features))
    yield p, dict(target=draw(n, features))
    t = dict(tempered=p["scores"] / p["temperature"])
    t["probs"] = torch.softmax(t["tempered"], 1)
    t["out"] = t["probs"] @ p["V"]
    yield t


def layernorm(draw, n, features):
    p = dict(x=quiet(draw(n, features)), lngain=draw(features), lnbias=draw(features))
    yield p, dict(target=draw(n, features))
    t = dict(lnmean=p["x"].mean(1, keepdim=True))
    t["lndiff"] = p["x"] - t["lnmean"]
    t["lnvar"] = (t["lndiff"] ** 2).mean(1, keepdim=True)
    t["lnvar_inv"] = (t["lnvar"] + 1e-5) ** -0.5
    t["lnraw"] = t["lndiff"] * t["lnvar_inv"]
    t["out"] = p["lngain"] * t["lnraw"] + p["lnbias"]
    same(t["out"], F.layer_norm(p["x"], (features,), p["lngain"], p["lnbias"]))
    yield t


def rmsnorm(draw, n, features):
    p = dict(x=quiet(draw(n, features)), gain=draw(features))
    yield p, dict(target=draw(n, features))
    t = dict(meansq=(p["x"] ** 2).mean(1, keepdim=True))
    t["rms_inv"] = (t["meansq"] + 1e-5) ** -0.5
    t["out"] = p["x"] * t["rms_inv"] * p["gain"]
    yield t


def gelu(draw, n, hidden):
    p = dict(x=draw(n, hidden) * 2)
    yield p, dict(target=draw(n, hidden))
    t = dict(inner=0.79788456 * (p["x"] + 0.044715 * p["x"] ** 3))
    t["bent"] = torch.tanh(t["inner"])
    t["out"] = 0.5 * p["x"] * (1 + t["bent"])
    same(t["out"], F.gelu(p["x"], approximate="tanh"))
    yield t


def quiet(x):
    """The first row barely varies, and its variance is as small as epsilon."""
    return torch.cat([x[:1] * 2e-3, x[1:]])


def same(ours, theirs):
    assert torch.allclose(ours, theirs, rtol=1e-4, atol=1e-5), (ours - theirs).abs().max()


def case(seed):
    """Sizes are random; what the layer reads is drawn, then its lines run, then the loss's gradients come back."""
    f = globals()[layer]
    sizes = random.Random(seed).sample([2, 3, 4, 5, 6, 7, 8, 9, 11], f.__code__.co_argcount - 1)
    g = torch.Generator().manual_seed(seed)
    steps = f(lambda *shape: torch.randn(shape, generator=g), *sizes)
    parameters, inputs = next(steps)
    for p in parameters.values():
        p.requires_grad = True
    lines = next(steps)
    loss = lines.pop("loss", None)
    if loss is None:
        loss = ((lines["out"] - inputs["target"]) ** 2).mean()
    for value in lines.values():
        value.retain_grad()
    loss.backward()
    graded = {**parameters, **lines}
    return {**graded, **inputs, "loss": loss, **{f"grad.{name}": value.grad for name, value in graded.items()}}


cases = {f"{seed}.{name}": value for seed in range(1, 7) for name, value in case(seed).items()}
save(out, cases, dict(torch=torch.__version__, layer=layer))
print(out, len(cases), "tensors")
