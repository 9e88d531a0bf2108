# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What run and check share. Sourced, never run.

alcove_source="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
alcove_build="$alcove_source/_build"

say () { printf '%s\n' "$*"; }
die () { printf '%s\n' "$*" >&2; exit 1; }

# The lines "package command reason" of the named lists that nothing here fulfils yet.
missing_packages () {
  local list line package command reason
  local -A installed=()

  while read -r package line; do
    [ "$line" = installed ] && installed[${package%%:*}]=1
  done < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null)

  for list in "$@"; do
    while read -r line; do
      case "$line" in ''|'#'*) continue ;; esac
      reason="${line#* : }"
      line="${line%% : *}"
      package="${line%% *}"
      command=
      case "$line" in *' command='*) command="${line##* command=}" ;; esac
      [ -n "${installed[$package]:-}" ] && continue
      [ -n "$command" ] && command -v "$command" >/dev/null && continue
      printf '%s\t%s\t%s\n' "$package" "${command:--}" "$reason"
    done < "$alcove_source/build-aux/packages/$list.txt"
  done
}

# need_packages LIST…: installs what is missing of build-aux/packages/LIST.txt, and says
# what and why. With everything in place it asks no package manager anything.
need_packages () {
  local missing package command reason
  local packages=() lines=() as_root=()

  missing="$(missing_packages "$@")"
  [ -n "$missing" ] || return 0

  while IFS=$'\t' read -r package command reason; do
    packages+=("$package")
    lines+=("$(printf '  %-34s %s' "$package" "$reason")")
  done <<< "$missing"

  if ! command -v apt-get >/dev/null; then
    need_elsewhere "${lines[@]}"
    return 0
  fi

  say "Missing here, and to be installed from Debian:"
  printf '%s\n' "${lines[@]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null \
      || die "Neither root nor sudo: run as root: apt-get install --no-install-recommends ${packages[*]}"
    say "Only root may install; sudo may ask for your password."
    as_root=(sudo)
  fi

  # The lists are fetched only if one of the packages is not known or not to be had from them.
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends "${packages[@]}" >"$(install_log)" 2>&1; then
    say "Fetching the lists of packages first…"
    "${as_root[@]}" apt-get update -q >>"$(install_log)" 2>&1 \
      || say "apt-get update failed; trying with the lists that are there."
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends "${packages[@]}" >>"$(install_log)" 2>&1 \
      || { tail -n 30 "$(install_log)" >&2; die "The packages could not be installed."; }
  fi
  say "Installed."
}

install_log () {
  mkdir -p "$alcove_build"
  printf '%s' "$alcove_build/install.log"
}

# Without apt nothing can be asked of the package manager: what counts is
# whether the commands and libraries are there, under whatever names.
need_elsewhere () {
  local lacking=() item

  for item in meson ninja gcc pkg-config msgfmt glib-compile-resources; do
    command -v "$item" >/dev/null || lacking+=("command $item")
  done
  if command -v pkg-config >/dev/null; then
    for item in gtk4 libadwaita-1 libsoup-3.0 json-glib-1.0 gstreamer-webrtc-1.0 libportal; do
      pkg-config --exists "$item" || lacking+=("library $item")
    done
  fi
  if [ "${#lacking[@]}" -gt 0 ]; then
    say "This is no Debian, so nothing is installed by itself. Alcove needs what Debian calls:"
    printf '%s\n' "$@"
    say "Not found here:"
    printf '  %s\n' "${lacking[@]}"
    die "Install these with your own package manager, then run this again."
  elif [ ! -e "$alcove_build/build.ninja" ]; then
    say "This is no Debian. If something is missing at run time, look for what Debian calls:"
    printf '%s\n' "$@"
  fi
}

# build DIRECTORY [MESON OPTION…]: configures once, then builds what changed. Prints
# nothing unless it takes a while or fails.
build () {
  local directory="$1"
  shift
  build_targets "$directory" all "$@"
}

# build_targets DIRECTORY TARGET [MESON OPTION…]: the same, of one target only.
build_targets () {
  local directory="$1" target="$2" log
  shift 2

  mkdir -p "$directory"
  log="$directory/build.log"
  if [ ! -e "$directory/build.ninja" ]; then
    say "Configuring…"
    # Translations are looked up where meson compiles them, so that
    # they are found without an installation.
    meson setup "$directory" "$alcove_source" --localedir "$directory/po" "$@" >"$log" 2>&1 \
      || { tail -n 30 "$log" >&2; die "Could not configure; the whole story is in $log"; }
    say "Building…"
  fi
  ninja -C "$directory" "$target" >"$log" 2>&1 \
    || { grep -E -A12 'FAILED|error:|ERROR' "$log" | head -n 60 >&2
         die "Could not build; the whole story is in $log"; }
}

# What the programs need to be found and to find their own things in the build folder.
use_build () {
  local directory="$1"

  export ALCOVE_BUILD_DIR="$directory"
  export GSETTINGS_SCHEMA_DIR="$directory/data"
  export XDG_DATA_DIRS="$directory/data:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
  export PATH="$directory/src:$PATH"
}

# on_own_bus COMMAND…: runs it with a message bus of its own. What the bus itself has to
# say is nobody's concern; the command keeps its standard error.
on_own_bus () {
  dbus-run-session --config-file="$alcove_source/build-aux/session-bus.conf" -- \
    bash -c 'exec "$@" 2>&4 4>&-' bus "$@" 4>&2 2>/dev/null
}

# start_display: a display in memory on a number that is free; sets DISPLAY and xvfb_pid.
start_display () {
  local fifo number

  fifo="$(mktemp -u "${TMPDIR:-/tmp}/alcove-display.XXXXXX")"
  mkfifo -m 600 "$fifo"
  Xvfb -displayfd 3 -screen 0 "${ALCOVE_SCREEN:-1280x800}x24" -nolisten tcp -noreset \
    3>"$fifo" >/dev/null 2>&1 &
  xvfb_pid=$!
  # Xvfb writes the number when it takes clients, or closes the pipe when it can't start.
  read -r number <"$fifo" || number=
  rm -f "$fifo"
  [ -n "$number" ] || die "Xvfb did not start."
  export DISPLAY=":$number"
  unset WAYLAND_DISPLAY
  export GDK_BACKEND=x11 GSK_RENDERER="${GSK_RENDERER:-cairo}"
}

stop_display () {
  [ -n "${xvfb_pid:-}" ] || return 0
  kill "$xvfb_pid" 2>/dev/null
  wait "$xvfb_pid" 2>/dev/null
  xvfb_pid=
}
