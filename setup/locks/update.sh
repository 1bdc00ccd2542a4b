#!/bin/sh
# Writes the *.lock files from the *.in files, with the hashes of every platform's wheels and no registry address.
# Needs uv (https://docs.astral.sh/uv). Existing pins stay; `sh setup/locks/update.sh --upgrade` renews them.
set -eu
cd "$(dirname "$0")"
lock() {
  input=$1
  shift
  uv pip compile --quiet --universal --generate-hashes --only-binary :all: --no-emit-index-url --no-annotate \
    --custom-compile-command "sh setup/locks/update.sh" --output-file "${input%.in}.lock" "$@" "$input"
}
lock requirements.in --python-version 3.10 --allow-unsafe "$@"
lock tensorflow-cpu.in --python-version 3.12 --no-deps "$@"
lock tensorflow-cuda.in --python-version 3.12 --no-deps "$@"
lock ../../test/python/requirements.in --python-version 3.10 --allow-unsafe --constraint requirements.lock "$@"
