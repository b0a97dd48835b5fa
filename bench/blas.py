"""Which BLAS library computes the matrix products of NumPy or PyTorch in this process."""
import ctypes
import os
import re


def blas(library):
    """
    The BLAS of a library that has computed a matrix product: { "name", "isReference" }. The reference BLAS is plain Fortran,
    which Debian installs by default, and several times slower than any tuned one.
    """
    paths = mapped()
    if library == "torch":
        import torch

        # PyTorch from PyPI contains its own BLAS; it also loads NumPy's, which is another one
        paths = [path for path in paths if not re.search(r"/numpy(\.libs)?/", path)]
        inside = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
        if inside and inside[1] not in ("generic", "open"):
            return {"name": inside[1].upper(), "isReference": False}
    tuned = {"openblas": openblas, "mkl": "MKL", "blis": "BLIS", "atlas": "ATLAS", "accelerate|veclib": "Accelerate"}
    # Debian keeps a library's libblas.so in a folder of that name: if the path names none, it is the reference, whatever the
    # LAPACK is
    if any(re.search(r"/libblas\.so", path) and not re.search("|".join(tuned), path, re.I) for path in paths):
        return {"name": "the reference BLAS", "isReference": True}
    for path in paths:
        for pattern, name in tuned.items():
            if re.search(pattern, path, re.I):
                return {"name": name if isinstance(name, str) else name(path), "isReference": False}
    return {"name": "an unknown BLAS", "isReference": False}


def mapped():
    """The libraries in this process's memory, by their real paths; none if the system does not list them."""
    try:
        with open("/proc/self/maps") as maps:
            return sorted({os.path.realpath(line.split()[-1]) for line in maps if ".so" in line})
    except OSError:
        return []


def openblas(path):
    """OpenBLAS, with the version and the processor that it reports it has chosen kernels for."""
    library = ctypes.CDLL(path)
    for name in ("openblas_get_config", "openblas_get_config64_", "scipy_openblas_get_config", "scipy_openblas_get_config64_"):
        config = getattr(library, name, None)
        if config:
            config.restype = ctypes.c_char_p
            words = config().decode().split()
            return f"OpenBLAS {words[1]} ({words[-2] if words[-1].startswith('MAX_THREADS') else words[-1]} kernels)"
    return "OpenBLAS"
