# Sourced by the scripts that run Python beside Mien. Debian's PyTorch and NumPy take whatever BLAS is the
# system's choice; beside PyTorch's own OpenMP threads, OpenBLAS built on OpenMP is the fast and fair one.
openmp=/usr/lib/x86_64-linux-gnu/openblas-openmp
if [ -d "$openmp" ]; then
  export LD_LIBRARY_PATH="$openmp${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
else
  echo "libopenblas0-openmp is not installed: Debian's PyTorch and NumPy may be far slower than they can be" >&2
fi
