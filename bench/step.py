"""
The training step of part 4 in NumPy or in PyTorch (the first argument says which), timed for `npm run bench`.

Standard input: one request per line, { "name", "seconds" }. Standard output: lines of JSON; first what can be timed
here, { name: { "version", "blas" } }, then, for each request, { "steps", "processor" }: the microseconds of each
step in wall-clock time, and their mean processor time.

Sizes: n 32, block 3, embd 10, hidden 200, vocab 27, as in the lecture. One thread, like the others; contestants.ts sets
what the BLAS libraries read at their start.
"""

import json
import sys
import time

from blas import blas

n, block, embd, hidden, vocab = 32, 3, 10, 200, 27
learning_rate = 0.1


def numpy_step():
    import numpy as np

    random = np.random.default_rng(2147483647)
    f32 = lambda x: np.asarray(x, dtype=np.float32)
    C = f32(random.standard_normal((vocab, embd)))
    W1 = f32(random.standard_normal((block * embd, hidden)) * 0.3)
    b1 = f32(random.standard_normal(hidden) * 0.1)
    W2 = f32(random.standard_normal((hidden, vocab)) * 0.1)
    b2 = f32(random.standard_normal(vocab) * 0.1)
    bngain = f32(random.standard_normal((1, hidden)) * 0.1 + 1)
    bnbias = f32(random.standard_normal((1, hidden)) * 0.1)
    Xb = random.integers(0, vocab, (n, block))
    Yb = random.integers(0, vocab, n)
    rows = np.arange(n)
    one, size, bessel = np.float32(1), np.float32(n), np.float32(n / (n - 1))
    parameters = (C, W1, b1, W2, b2, bngain, bnbias)

    def step():
        embcat = C[Xb].reshape(n, -1)
        hprebn = embcat @ W1 + b1
        bnmean = hprebn.mean(0, keepdims=True)
        bnvar = hprebn.var(0, keepdims=True, ddof=1)
        bnvar_inv = (bnvar + np.float32(1e-5)) ** np.float32(-0.5)
        bnraw = (hprebn - bnmean) * bnvar_inv
        h = np.tanh(bngain * bnraw + bnbias)
        logits = h @ W2 + b2
        norm_logits = logits - logits.max(1, keepdims=True)
        counts = np.exp(norm_logits)
        sums = counts.sum(1, keepdims=True)
        loss = -(norm_logits - np.log(sums))[rows, Yb].mean()
        dlogits = counts / sums
        dlogits[rows, Yb] -= one
        dlogits /= size
        dh = dlogits @ W2.T
        dhpreact = (one - h * h) * dh
        dbngain = (bnraw * dhpreact).sum(0, keepdims=True)
        dbnbias = dhpreact.sum(0, keepdims=True)
        dhprebn = bngain * bnvar_inv / size * (size * dhpreact - dbnbias - bessel * bnraw * dbngain)
        dembcat = dhprebn @ W1.T
        dC = np.zeros_like(C)
        np.add.at(dC, Xb, dembcat.reshape(n, block, embd))
        gradients = (dC, embcat.T @ dhprebn, dhprebn.sum(0), h.T @ dlogits, dlogits.sum(0), dbngain, dbnbias)
        for p, g in zip(parameters, gradients):
            p -= np.float32(learning_rate) * g
        return loss

    return step


def torch_step(scatter):
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)
    g = torch.Generator().manual_seed(2147483647)
    C = torch.randn((vocab, embd), generator=g)
    W1 = torch.randn((block * embd, hidden), generator=g) * (5 / 3) / ((embd * block) ** 0.5)
    b1 = torch.randn(hidden, generator=g) * 0.1
    W2 = torch.randn((hidden, vocab), generator=g) * 0.1
    b2 = torch.randn(vocab, generator=g) * 0.1
    bngain = torch.randn((1, hidden), generator=g) * 0.1 + 1.0
    bnbias = torch.randn((1, hidden), generator=g) * 0.1
    Xb = torch.randint(0, vocab, (n, block), generator=g)
    Yb = torch.randint(0, vocab, (n,), generator=g)
    parameters = [C, W1, b1, W2, b2, bngain, bnbias]

    def step():
        with torch.no_grad():
            emb = C[Xb]
            embcat = emb.view(emb.shape[0], -1)
            hprebn = embcat @ W1 + b1
            bnmean = hprebn.mean(0, keepdim=True)
            bnvar = hprebn.var(0, keepdim=True, unbiased=True)
            bnvar_inv = (bnvar + 1e-5) ** -0.5
            bnraw = (hprebn - bnmean) * bnvar_inv
            hpreact = bngain * bnraw + bnbias
            h = torch.tanh(hpreact)
            logits = h @ W2 + b2
            loss = F.cross_entropy(logits, Yb)
            dlogits = F.softmax(logits, 1)
            dlogits[range(n), Yb] -= 1
            dlogits /= n
            dh = dlogits @ W2.T
            dW2 = h.T @ dlogits
            db2 = dlogits.sum(0)
            dhpreact = (1.0 - h**2) * dh
            dbngain = (bnraw * dhpreact).sum(0, keepdim=True)
            dbnbias = dhpreact.sum(0, keepdim=True)
            dhprebn = (
                bngain * bnvar_inv / n * (n * dhpreact - dhpreact.sum(0) - n / (n - 1) * bnraw * (dhpreact * bnraw).sum(0))
            )
            dembcat = dhprebn @ W1.T
            dW1 = embcat.T @ dhprebn
            db1 = dhprebn.sum(0)
            demb = dembcat.view(emb.shape)
            dC = torch.zeros_like(C)
            if scatter == "loop":
                for k in range(Xb.shape[0]):
                    for j in range(Xb.shape[1]):
                        ix = Xb[k, j]
                        dC[ix] += demb[k, j]
            else:
                dC.index_add_(0, Xb.view(-1), demb.view(-1, embd))
            for p, grad in zip(parameters, (dC, dW1, db1, dW2, db2, dbngain, dbnbias)):
                p.data += -learning_rate * grad
            return loss

    return step


makers = {
    "NumPy": numpy_step,
    "PyTorch, index_add": lambda: torch_step("index_add"),
    "PyTorch, the lecture's loop": lambda: torch_step("loop"),
}
# each library runs in a process of its own, so that one's BLAS is not taken for the other's
wanted = sys.argv[1]
steps = {}
found = {}
for name, make in makers.items():
    if not name.startswith(wanted):
        continue
    try:
        steps[name] = make()
        steps[name]()
        library = wanted.replace("PyTorch", "torch").lower()
        found[name] = {"version": sys.modules[library].__version__, "blas": blas(library)}
    except ImportError:
        pass
print(json.dumps(found), flush=True)

for line in sys.stdin:
    request = json.loads(line)
    step = steps[request["name"]]
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
