#!/bin/sh
# Compiles the kernels for the machine at hand, and for others that there are cross compilers for, into a folder of classes, one
# library for each platform. Where there is no compiler, there is no library, and the models use libtorch's operators.
#
#   build.sh target/classes/io/github/camelvlm/torch/native, which fails without a compiler if KERNELS=required
#   build.sh --objects FOLDER, only the kernels of the machine at hand, for check.sh
set -eu
sources=$(cd "$(dirname "$0")" && pwd)
# Where a loop is entered by a copy of its condition, GCC 12 moves each sum of a tile from one register to another, every time.
flags="-std=c11 -O3 -fPIC -fvisibility=hidden -ffp-contract=off -fno-math-errno -fno-tree-ch -Wall -Wextra -Werror ${CFLAGS:-}"

set_of() { # compiler, objects, set, flags
    compiler=$1 objects=$2 set=$3
    shift 3
    "$compiler" $flags "$@" -DSET="$set" -c "$sources/kernels.c" -o "$objects/$set.o"
}

kernels() { # compiler, platform, objects
    case $2 in
    linux-x86_64)
        avx2="-mavx2 -mfma -mf16c -mbmi2"
        avx512="$avx2 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni -mprefer-vector-width=512"
        set_of "$1" "$3" avx2 $avx2
        set_of "$1" "$3" avx512_vnni $avx512
        set_of "$1" "$3" avx512_bf16 $avx512 -mavx512bf16
        ;;
    linux-aarch64)
        set_of "$1" "$3" neon_dotprod -march=armv8.2-a+dotprod
        ;;
    esac
    "$1" $flags -c "$sources/dispatch.c" -o "$3/dispatch.o"
}

library() { # compiler, platform, folder
    file=$3/$2/libcamelvlm.so
    # Nothing that it is made of is newer.
    if [ -f "$file" ] && [ -z "$(find "$sources" -newer "$file")" ]; then
        return
    fi
    objects=$(mktemp -d)
    kernels "$1" "$2" "$objects"
    for part in operators products layers; do
        "$1" $flags -fopenmp -c "$sources/$part.c" -o "$objects/$part.o"
    done
    # Stands for libtorch, whose functions are found by its name when the library is loaded, and those of its OpenMP with them, so that
    # both share one pool of threads.
    echo 'typedef int nothing;' >"$objects/stub.c"
    "$1" -shared -fPIC -Wl,-soname,libtorch_cpu.so -o "$objects/libtorch_cpu.so" "$objects/stub.c"
    mkdir -p "$3/$2"
    "$1" -shared -Wl,-z,now -Wl,-z,relro -Wl,--no-as-needed -s -o "$file" "$objects"/*.o -L"$objects" -ltorch_cpu
    rm -r "$objects"
    echo "Kernels for $2: $file"
}

case $(uname -s)-$(uname -m) in
Linux-x86_64) host=linux-x86_64 other=linux-aarch64 cross=aarch64-linux-gnu-gcc ;;
Linux-aarch64) host=linux-aarch64 other=linux-x86_64 cross=x86_64-linux-gnu-gcc ;;
*) host= ;;
esac
if [ "$1" = --objects ]; then
    kernels cc "$host" "$2"
elif [ -n "$host" ] && command -v cc >/dev/null; then
    library cc "$host" "$1"
    if command -v "$cross" >/dev/null; then
        library "$cross" "$other" "$1"
    fi
elif [ "${KERNELS:-}" = required ]; then
    echo "There is no C compiler (cc) for the kernels, which are required here: install gcc" >&2
    exit 1
else
    echo "There is no C compiler (cc), or none for this system: the jar has no kernels of its own, and models use libtorch's operators"
fi
