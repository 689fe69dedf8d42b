# Sourced by the scripts that run Python beside Mien. Debian's PyTorch and NumPy take whatever BLAS is the
# system's choice; beside PyTorch's own OpenMP threads, OpenBLAS built on OpenMP is the fast and fair one.
#   TORCH_BLAS=pthread                   OpenBLAS with threads of its own instead: steadier with TORCH_THREADS=1
openblas=/usr/lib/x86_64-linux-gnu/openblas-${TORCH_BLAS:-openmp}
if [ -d "$openblas" ]; then
  export LD_LIBRARY_PATH="$openblas${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
else
  echo "$openblas is not there: Debian's PyTorch and NumPy may be far slower than they can be" >&2
fi
