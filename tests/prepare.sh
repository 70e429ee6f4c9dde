# Sourced by ./test: installs what the tests need and this machine lacks, and only that.
# Expects $root, and say() for progress.

# The packages that are missing, by what they are needed for.
missing_packages() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
  command -v chromium >/dev/null || echo chromium
  command -v zbarimg >/dev/null || echo zbar-tools
  command -v wrk >/dev/null || echo wrk
  command -v setpriv >/dev/null || echo util-linux
  command -v fc-list >/dev/null || echo fontconfig
  { command -v fc-list >/dev/null && [[ -n $(fc-list :lang=zh-cn family) ]]; } || echo fonts-noto-cjk
  [[ $(PATH=$PATH:/sbin ldconfig -p) == *libicuuc.so* ]] || echo libicu
}

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    echo "These tests need packages that only root can install: run as root once, or install them: $*" >&2
    return 1
  fi
}

install_packages() {
  local log=$root/artifacts/test/install.log apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends)
  if ! command -v apt-get >/dev/null; then
    echo "The tests need $* and this machine has no apt-get to install them with." >&2
    return 1
  fi
  say "installing $*"
  as_root apt-get update -q >"$log" 2>&1 || { tail -20 "$log" >&2; return 1; }
  local package packages=()
  for package in "$@"; do
    case $package in
      # The version of the oldest supported Debian, or whatever this one has.
      postgresql)
        # Debian makes and starts a cluster of its own with the server; the tests start theirs.
        as_root "${apt[@]}" install postgresql-common >>"$log" 2>&1 || { tail -20 "$log" >&2; return 1; }
        as_root sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
        if apt-cache show postgresql-15 >/dev/null 2>&1; then packages+=(postgresql-15); else packages+=(postgresql); fi ;;
      libicu) packages+=("$(apt-cache pkgnames libicu | grep -E '^libicu[0-9]+$' | sort -V | tail -1)") ;;
      *) packages+=("$package") ;;
    esac
  done
  as_root "${apt[@]}" install "${packages[@]}" >>"$log" 2>&1 || { tail -20 "$log" >&2; return 1; }
}

# `npm ci` where the lock is not the one that was installed.
install_node_modules() {
  local folder=$1
  if cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json"; then return; fi
  say "installing node packages in ${folder#"$root"/}"
  (cd "$folder" && npm ci --no-audit --no-fund) >"$root/artifacts/test/npm.log" 2>&1 \
    || { tail -20 "$root/artifacts/test/npm.log" >&2; return 1; }
  cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json"
}

prepare() {
  local program packages
  for program in dotnet node npm; do
    command -v "$program" >/dev/null || { echo "The tests need $program (.NET 10 SDK, Node 20 or later)." >&2; return 1; }
  done
  [[ $(cd "$root" && dotnet --version 2>/dev/null) == 10.* ]] || { echo "The tests need the .NET 10 SDK." >&2; return 1; }
  mapfile -t packages < <(missing_packages)
  if ((${#packages[@]} > 0)); then
    install_packages "${packages[@]}" || return 1
    mapfile -t packages < <(missing_packages)
    if ((${#packages[@]} > 0)); then
      echo "Installed, and still missing: ${packages[*]}." >&2
      return 1
    fi
  fi
  local lock
  for lock in "$root"/tests/js/package-lock.json "$root"/tests/js/*/package-lock.json; do
    if [[ -f $lock ]]; then install_node_modules "$(dirname "$lock")" || return 1; fi
  done
}
