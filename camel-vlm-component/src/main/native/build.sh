#!/bin/sh
# Compiles the kernels for the machine at hand, and for others that there are cross compilers for, into a folder of classes, one
# library for each platform. Where there is no compiler, there is no library, and the models use libtorch's operators.
#
#   build.sh target/classes/io/github/camelvlm/torch/native [required]
set -eu
sources=$(cd "$(dirname "$0")" && pwd)
folder=$1
required=${2:-}
flags="-std=c11 -O3 -fPIC -fvisibility=hidden -ffp-contract=off -Wall -Wextra -Werror"

set_of() { # compiler, objects, set, flags
    compiler=$1 objects=$2 set=$3
    shift 3
    "$compiler" $flags "$@" -DSET="$set" -c "$sources/kernels.c" -o "$objects/$set.o"
}

library() { # compiler, platform
    compiler=$1 platform=$2
    # Whatever is older than its sources.
    if [ -z "$(find "$sources" -newer "$folder/$platform/libcamelvlm.so" 2>/dev/null || echo none)" ]; then
        return
    fi
    objects=$(mktemp -d)
    case $platform in
    linux-x86_64)
        avx2="-mavx2 -mfma -mf16c -mbmi2"
        avx512="$avx2 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni -mprefer-vector-width=512"
        set_of "$compiler" "$objects" avx2 $avx2
        set_of "$compiler" "$objects" avx512_vnni $avx512
        set_of "$compiler" "$objects" avx512_bf16 $avx512 -mavx512bf16
        ;;
    linux-aarch64)
        set_of "$compiler" "$objects" neon_dotprod -march=armv8.2-a+dotprod
        ;;
    esac
    "$compiler" $flags -c "$sources/dispatch.c" -o "$objects/dispatch.o"
    "$compiler" $flags -fopenmp -c "$sources/operators.c" -o "$objects/operators.o"
    # Stands for libtorch, whose functions are found by its name when the library is loaded, and those of its OpenMP with them, so that
    # both share one pool of threads.
    echo 'typedef int nothing;' >"$objects/stub.c"
    "$compiler" -shared -fPIC -Wl,-soname,libtorch_cpu.so -o "$objects/libtorch_cpu.so" "$objects/stub.c"
    mkdir -p "$folder/$platform"
    "$compiler" -shared -Wl,-z,now -Wl,-z,relro -Wl,--no-as-needed -s -o "$folder/$platform/libcamelvlm.so" "$objects"/*.o \
        -L"$objects" -ltorch_cpu
    rm -r "$objects"
    echo "Kernels for $platform: $folder/$platform/libcamelvlm.so"
}

case $(uname -s)-$(uname -m) in
Linux-x86_64) host=linux-x86_64 other=linux-aarch64 cross=aarch64-linux-gnu-gcc ;;
Linux-aarch64) host=linux-aarch64 other=linux-x86_64 cross=x86_64-linux-gnu-gcc ;;
*) host= ;;
esac
if [ -n "$host" ] && command -v cc >/dev/null; then
    library cc "$host"
    if command -v "$cross" >/dev/null; then
        library "$cross" "$other"
    fi
elif [ "$required" = required ]; then
    echo "There is no C compiler (cc) for the kernels, which are required here: install gcc" >&2
    exit 1
else
    echo "There is no C compiler (cc), or none for this system: the jar has no kernels of its own, and models use libtorch's operators"
fi
