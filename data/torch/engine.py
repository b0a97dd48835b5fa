"""The operations of part 6, as PyTorch computes and differentiates them, each at six random sizes, and a few graphs.

Usage: python3 engine.py > engine.json

Each of `operations` holds an operation's name, its inputs and settings, an upstream gradient, and the gradients of the
inputs, computed in float64.  Each of `graphs` holds the steps of a random computation of scalars, and the gradients of
its last value with respect to all of them.
"""
import json
import torch

torch.set_default_dtype(torch.float64)
g = torch.Generator().manual_seed(2147483647)
SIZES = 6


def draw(*shape):
    """Multiples of 1/64, which float32 holds exactly, none of them close to zero."""
    sign = torch.randint(0, 2, shape, generator=g) * 2 - 1
    return sign * (torch.randint(32, 128, shape, generator=g) / 64)


def size():
    return int(torch.randint(2, 7, (), generator=g))


def plain(t):
    return {"shape": list(t.shape), "values": t.detach().reshape(-1).tolist()}


operations = []


def case(name, f, inputs, index=None, **settings):
    leaves = {key: t.clone().requires_grad_() for key, t in inputs.items()}
    output = f(*leaves.values())
    upstream = draw(*output.shape)
    output.backward(upstream)
    operations.append({
        "name": name,
        "inputs": {key: plain(t) for key, t in inputs.items()},
        **({} if index is None else {"index": plain(index)}),
        "settings": settings,
        "upstream": plain(upstream),
        "gradients": {key: plain(t.grad) for key, t in leaves.items()},
    })


for i in range(SIZES):
    m, n, k = size(), size(), size()
    broadcast = [((m, n), (m, n)), ((m, n), (n,)), ((m, 1), (1, n)), ((), (m, n)), ((n, m, k), (m, 1)), ((1, n), (m, n))]
    a, b = broadcast[i]
    for name, f in [("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("div", torch.div)]:
        case(name, f, {"a": draw(*a), "b": draw(*b)})
    for p in [2, 3, -1, 0.5, -0.5]:
        case("pow", lambda x: x ** p, {"x": draw(m, n).abs()}, exponent=p)
    case("exp", torch.exp, {"x": draw(m, n)}, exponent=1)
    case("log", torch.log, {"x": draw(n, m).abs()}, exponent=1)
    case("tanh", torch.tanh, {"x": draw(m, n, k)}, exponent=1)
    for name in ["sum", "mean"]:
        case(name, lambda x: getattr(x, name)(), {"x": draw(m, n)}, dim=None, keepdim=False)
        for dim in range(3):
            for keepdim in [False, True]:
                case(name, lambda x: getattr(x, name)(dim, keepdim), {"x": draw(m, n, k)}, dim=dim, keepdim=keepdim)
    case("matmul", torch.matmul, {"a": draw(m, n), "b": draw(n, k)})
    for dim in range(2):
        for keepdim in [False, True]:
            case("max", lambda x: x.max(dim, keepdim).values, {"x": draw(m, n)}, dim=dim, keepdim=keepdim)
    index = torch.randint(0, m, [(n + m,), (n, k)][i % 2], generator=g)
    case("gatherRows", lambda x: x[index], {"x": draw(m, n)}, index=index)
    case("view", lambda x: x.view(n, m * k), {"x": draw(m, n, k)})


def graph(count):
    """Products and sums of scalars computed before: the slope of a product is the other factor."""
    values = [draw().requires_grad_() for _ in range(3)]
    steps = [[] for _ in values]
    for _ in range(count):
        i, j = (int(torch.randint(0, len(values), (), generator=g)) for _ in range(2))
        i = len(values) - 1 if torch.rand((), generator=g) < 0.5 else i
        product = bool(torch.rand((), generator=g) < 0.5)
        values.append(values[i] * values[j] if product else values[i] + values[j])
        steps.append([i, j, product])
    for value in values:
        value.retain_grad()
    values[-1].backward()
    gradients = [0.0 if value.grad is None else value.grad.item() for value in values]
    return {"steps": steps, "values": [value.item() for value in values], "gradients": gradients}


print(json.dumps({"operations": operations, "graphs": [graph(count) for count in [4, 6, 8, 10, 12, 14]]}))
