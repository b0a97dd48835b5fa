"""Operations over several dimensions and batches, as PyTorch computes and differentiates them.

Usage: python3 operations.py > operations.json

Each of `cases` holds a call as it is written here, its inputs, its output and, for an upstream gradient, the gradients
of the float32 inputs, computed in float64.  `shapes` says which shape comes of which call, or null where PyTorch refuses.
"""
import itertools, json, math
import torch

torch.set_default_dtype(torch.float64)
g = torch.Generator().manual_seed(2147483647)


def draw(*shape):
    """Multiples of 1/64, which float32 holds exactly; no two are equal, so that no maximum is a tie."""
    size = math.prod(shape)
    return ((torch.randperm(4 * size + 1, generator=g)[:size] - 2 * size) / 64).reshape(shape)


def integers(below, *shape):
    return torch.randint(0, below, shape, generator=g)


def plain(t):
    return {"shape": list(t.shape), "values": t.detach().reshape(-1).tolist()}


cases = []


def case(call, f, *shapes, index=None):
    """f of a (and b), and of an index or a mask where there is one."""
    inputs = {name: draw(*shape).requires_grad_() for name, shape in zip("ab", shapes)}
    given = list(inputs.values()) + ([] if index is None else [index])
    output = f(*given)
    upstream = draw(*output.shape)
    output.backward(upstream)
    cases.append({
        "call": call,
        "inputs": {name: plain(t) for name, t in inputs.items()},
        **({} if index is None else {"index": plain(index)}),
        "output": plain(output),
        "upstream": plain(upstream),
        "gradients": {name: plain(t.grad) for name, t in inputs.items()},
    })


case("sum([0, 1])", lambda a: a.sum((0, 1)), (2, 3, 4))
case("sum([-1, 0], keepdim)", lambda a: a.sum((-1, 0), keepdim=True), (2, 3, 4))
case("sum([3, 1, 0])", lambda a: a.sum((3, 1, 0)), (2, 3, 2, 5))
case("sum(-2)", lambda a: a.sum(-2), (2, 3, 4))
case("mean(1, keepdim)", lambda a: a.mean(1, keepdim=True), (2, 3, 4))
case("mean([0, 2])", lambda a: a.mean((0, 2)), (2, 3, 4))
case("mean(-1)", lambda a: a.mean(-1), (3, 5))
case("mean()", lambda a: a.mean(), (2, 3, 2))
case("var(-1, keepdim)", lambda a: a.var(-1, keepdim=True), (2, 3, 4))
case("var([0, 2])", lambda a: a.var((0, 2)), (2, 3, 4))
case("var(0)", lambda a: a.var(0), (5, 3))
case("max(0)", lambda a: a.max(0).values, (3, 4, 2))
case("max(1, keepdim)", lambda a: a.max(1, keepdim=True).values, (3, 4, 2))
case("max(-1)", lambda a: a.max(-1).values, (2, 3, 4))
case("max(0) of a vector", lambda a: a.max(0).values, (6,))
case("softmax(0)", lambda a: a.softmax(0), (3, 4))
case("softmax(1)", lambda a: a.softmax(1), (2, 3, 4))
case("softmax(-1)", lambda a: a.softmax(-1), (2, 2, 3, 4))
case("T", lambda a: a.T, (3, 4))
case("transpose(0, 1)", lambda a: a.transpose(0, 1), (2, 3, 4))
case("transpose(2, 0)", lambda a: a.transpose(2, 0), (2, 3, 4))
case("transpose(-1, -2)", lambda a: a.transpose(-1, -2), (2, 3, 4))
case("transpose(1, -1)", lambda a: a.transpose(1, -1), (2, 3, 2, 4))
case("transpose(1, 1)", lambda a: a.transpose(1, 1) * 1, (2, 3))
for a, b in [
    ((3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((2, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)), ((1, 3, 4), (3, 4, 2)),
    ((2, 1, 3, 4), (5, 4, 2)), ((2, 3, 3, 4), (2, 3, 4, 3)), ((2, 2, 3, 4), (4, 5)), ((2, 3, 1), (2, 1, 3)),
    ((0, 3, 4), (0, 4, 2)), ((2, 0, 4), (2, 4, 3)), ((2, 3, 0), (2, 0, 4)), ((2, 3, 0), (0, 4)),
]:
    case("matmul(b)", lambda a, b: a @ b, a, b)
case("transpose(1, 2).matmul(b)", lambda a, b: a.transpose(1, 2) @ b, (2, 3, 4), (2, 3, 5))
case("matmul(b.transpose(-2, -1))", lambda a, b: a @ b.transpose(-2, -1), (2, 3, 4), (2, 5, 4))
case("transpose(1, 2).matmul(b.T)", lambda a, b: a.transpose(1, 2) @ b.T, (2, 3, 4), (5, 3))
for a, mask in [((2, 3), (2, 3)), ((2, 3, 3), (3, 3)), ((3,), (2, 3)), ((2, 1), (1, 4)), ((2, 3), ())]:
    case("maskedFill(mask, 0.5)", lambda a, m: a.masked_fill(m.bool(), 0.5), a, index=integers(2, *mask))
causal = torch.triu(torch.ones(4, 4), 1).long()
case("maskedFill(mask, -Infinity).softmax(-1)", lambda a, m: a.masked_fill(m.bool(), -math.inf).softmax(-1), (2, 4, 4),
     index=causal)
case("gather(0, index)", lambda a, i: a.gather(0, i), (3, 2, 4), index=integers(3, 5, 2, 4))
case("gather(1, index)", lambda a, i: a.gather(1, i), (2, 3, 4), index=integers(3, 2, 2, 4))
case("gather(-1, index)", lambda a, i: a.gather(-1, i), (2, 3, 4), index=integers(4, 2, 3, 3))
case("gather(0, index) of a vector", lambda a, i: a.gather(0, i), (4,), index=integers(4, 7))
case("sigmoid()", lambda a: a.sigmoid(), (3, 4))
case("softplus()", lambda a: torch.nn.functional.softplus(a), (3, 4))
case("relu()", lambda a: a.relu(), (3, 4))
case("sign()", lambda a: a.sign() * a, (3, 4))

shapes = []


def shape_of(call, f):
    try:
        shapes.append({**call, "output": list(f().shape)})
    except (RuntimeError, IndexError):
        shapes.append({**call, "output": None})


batches = [(), (1,), (2,), (3,), (2, 1), (1, 3), (2, 3), (0,)]
for (batch_a, batch_b), (n, k, k2, m) in itertools.product(itertools.product(batches, batches), [(2, 3, 3, 4), (2, 3, 4, 3)]):
    a, b = (*batch_a, n, k), (*batch_b, k2, m)
    shape_of({"operation": "matmul", "a": a, "b": b}, lambda: torch.ones(a) @ torch.ones(b))
for a, b in itertools.product(batches, batches):
    shape_of({"operation": "maskedFill", "a": a, "b": b}, lambda: torch.ones(a).masked_fill(torch.zeros(b).bool(), 0.0))
for dims, keepdim in itertools.product([[0], [1], [-1], [0, 1], [2, 0], [-1, -3], [0, -3], [0, 1, 2], [3], [1, 1]], [False, True]):
    for operation in ["sum", "mean", "var"]:
        call = {"operation": operation, "a": (2, 3, 4), "dims": dims, "keepdim": keepdim}
        shape_of(call, lambda: getattr(torch.ones(2, 3, 4), operation)(dim=dims, keepdim=keepdim))

lines = lambda rows: ",\n".join(json.dumps(row) for row in rows)
print('{"torch": "%s",\n"cases": [\n%s\n],\n"shapes": [\n%s\n]}' % (torch.__version__, lines(cases), lines(shapes)))
