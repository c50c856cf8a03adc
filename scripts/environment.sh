# Sourced by run and test: makes .venv and installs exactly what a requirements file pins.

find_python() {
  for candidate in python3.11 python3 python3.12 python3.13; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "Quaylink needs Python 3.11 or newer: install python3 and try again." >&2
  return 1
}

is_debian_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

make_environment() {
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if is_debian_root; then
      apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    else
      echo "Python's venv module is missing: install the package python3-venv and try again." >&2
      return 1
    fi
  fi
  "$python" -m venv .venv
}

# ensure_environment FILE: nothing to do when the same pins were installed before.
ensure_environment() {
  stamp=".venv/installed-$(cksum <"$1" | cut -d' ' -f1)"
  [ -x .venv/bin/python ] && [ -e "$stamp" ] && return
  [ -x .venv/bin/python ] || make_environment
  echo "Installing what $1 pins (once, a few minutes) …"
  .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --requirement "$1"
  touch "$stamp"
}
