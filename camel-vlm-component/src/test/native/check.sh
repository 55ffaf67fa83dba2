#!/bin/sh
# Runs check.c with every set of kernels that this processor has, under AddressSanitizer and UndefinedBehaviorSanitizer.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all" "$here/../../main/native/build.sh" --objects "$folder"
cc -std=c11 -O1 -g -fsanitize=address,undefined -Wall -Wextra -Werror "$here/check.c" "$folder"/*.o -lm -o "$folder/check"
"$folder/check"
