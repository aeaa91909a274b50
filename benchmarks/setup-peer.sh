#!/usr/bin/env bash
# Installs the peer that benchmarks compare with, mri-fatwater 1.2.2 (GPL-3; run as a program of its
# own, never linked), in .venv-peer. It declares Python 3.14 and runs on 3.13. Does nothing where
# PDFF_PEER_PYTHON names an environment that has it, or .venv-peer is up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

given=${PDFF_PEER_PYTHON:-}
if [ -n "$given" ]; then
  "$given" -c 'import mri_fatwater, nibabel' || {
    echo "setup-peer: PDFF_PEER_PYTHON is set to $given, which lacks mri-fatwater or nibabel." >&2
    exit 69
  }
  exit 0
fi
cmp -s benchmarks/peer-requirements.txt .venv-peer/installed.txt && exit 0

python=
for candidate in python3.13 python3.14 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[34].*/bin/python; do
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import ensurepip, venv' 2>/dev/null
  then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "setup-peer: mri-fatwater needs Python 3.13, and there is no python3.13 on the PATH." >&2
  echo "Install it (python.org, pyenv, uv) and run this again; the other benchmarks do without." >&2
  exit 69
fi
echo "setup-peer: a virtual environment for mri-fatwater in .venv-peer" >&2
"$python" -m venv .venv-peer
.venv-peer/bin/python -m pip install -q --disable-pip-version-check --ignore-requires-python \
  -r benchmarks/peer-requirements.txt
cp benchmarks/peer-requirements.txt .venv-peer/installed.txt
