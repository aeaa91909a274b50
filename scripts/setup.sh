#!/usr/bin/env bash
# Installs what is missing: `setup.sh build` for building, `setup.sh tests` for the tests as well,
# `setup.sh bench` for the benchmarks.
# Does nothing, and needs no network and no rights, where everything is there.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 69
}

need_swift() {
  command -v swift >/dev/null 2>&1 || fail \
    "no Swift toolchain: 'swift' is not on the PATH." \
    "Install Swift 6.1 or newer from https://www.swift.org/install/linux/ and run this again."
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -1)
  case "$version" in
    6.0 | [0-5].* | "") fail "Swift ${version:-of unknown version} found; 6.1 or newer is needed." ;;
  esac
}

need_packages() {
  local missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null 2>&1 || fail \
    "missing: ${missing[*]} (Debian names), and there is no apt-get to install them with." \
    "Install them with your system's package manager and run this again."
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || fail \
      "missing: ${missing[*]}, and only root may install them; there is no sudo here." \
      "As root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  echo "setup: installing ${missing[*]}" >&2
  "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 || fail \
    "apt-get could not install ${missing[*]}: see its message above (network? rights?)." \
    "As root: apt-get install ${missing[*]}"
}

# The tests compare with NumPy, SciPy, nibabel and SimpleITK, in a virtual environment of their own.
need_python() {
  local given=${PDFF_PYTHON:-} own="$PWD/.venv/bin/python"
  if [ -n "$given" ] && [ "$given" != "$own" ]; then
    "$given" -c 'import numpy, scipy, nibabel, SimpleITK, playwright, axe_playwright_python, pydicom' || fail \
      "PDFF_PYTHON is set to $given, which lacks a package of Tests/requirements.txt."
    return 0
  fi
  cmp -s Tests/requirements.txt .venv/installed.txt && return 0
  command -v python3 >/dev/null 2>&1 && python3 -c 'import ensurepip, venv' 2>/dev/null ||
    need_packages python3 python3-venv
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail \
    "the tests' reference packages need Python 3.11 or newer; found $(python3 --version)."
  echo "setup: a virtual environment for the tests' reference packages in .venv" >&2
  python3 -m venv .venv
  .venv/bin/python -m pip install -q --disable-pip-version-check -r Tests/requirements.txt || fail \
    "pip could not install Tests/requirements.txt: see its message above (network?)."
  cp Tests/requirements.txt .venv/installed.txt
}

# dcm2niix is needed where DICOM is imported: a program that is there already will do.
need_converter() {
  command -v "${PDFF_DCM2NIIX:-dcm2niix}" >/dev/null 2>&1 || need_packages dcm2niix
}

need_swift
need_packages libnifti-dev zlib1g-dev libisal-dev libboost-dev libsqlite3-dev libpng-dev libteem-dev
case "${1:-build}" in
  build) ;;
  tests)
    need_packages chromium
    need_converter
    need_python
    ;;
  bench)
    need_packages libdeflate-dev
    need_python
    ;;
  *) fail "wrong use: setup.sh build|tests|bench" ;;
esac
