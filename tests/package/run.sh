#!/bin/sh
# A stranger's program builds against the installed tree, through find_package and pkg-config, and
# runs. Usage: run.sh BUILD
set -eu

build=$(CDPATH='' cd -- "$1" && pwd)
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
wanted='individual number looks like a placeholder'

cmake --install "$build" --prefix "$scratch/prefix" >"$scratch/install.log"

cmake -S "$here" -B "$scratch/cmake" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/prefix"
cmake --build "$scratch/cmake"
[ "$("$scratch/cmake/stranger")" = "$wanted" ]

library=$(dirname "$(find "$scratch/prefix" -name libtsunagi.so)")
PKG_CONFIG_PATH="$library/pkgconfig"
export PKG_CONFIG_PATH
# shellcheck disable=SC2046  # flags are words
g++ -std=c++20 -Wall -Wextra -Werror "$here/stranger.cpp" -o "$scratch/stranger" \
    $(pkg-config --define-prefix --cflags --libs tsunagi) "-Wl,-rpath,$library"
[ "$("$scratch/stranger")" = "$wanted" ]
echo 'both programs say what they should'
