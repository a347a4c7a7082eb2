# Sourced by the scripts of this folder: where the repository is, and the Deno that runs it.
# shellcheck shell=bash disable=SC2034

deno_version=2.6.8
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
tools=$root/.tools
deno=$tools/bin/deno

# Packages and compiled code are cached in the clone, so nothing depends on a home folder.
export DENO_DIR=${DENO_DIR:-$tools/cache}
# Trust what the system trusts: behind an inspecting proxy Deno's own list is not enough.
export DENO_TLS_CA_STORE=${DENO_TLS_CA_STORE:-mozilla,system}
export DENO_NO_UPDATE_CHECK=1
