#!/usr/bin/env bash
# Both commands of the README on a machine that has Python, git and make, and none of the system
# libraries that a window needs: they are hidden in a mount namespace, and so is apt.
# It takes root on Linux, and minutes.
#
#     tests/bare/bare_machine.sh [TARGET …]      demo and test by default
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -z "${RETROGRADE_BARE:-}" ]; then
  RETROGRADE_BARE=1 exec unshare --mount "$0" "$@"
fi

clone=$(mktemp -d)
trap 'rm -rf "$clone"' EXIT
git clone --quiet . "$clone"

hidden='lib(EGL|GL|X11|X11-xcb|dbus-1|fontconfig|glib-2\.0|xkbcommon|xkbcommon-x11|xcb|xcb-[a-z-]+)\.so'
find / -xdev -regextype posix-extended -type f -regex ".*/$hidden\.[0-9.]*" -not -path '*/site-packages/*' |
  while read -r library; do mount --bind /dev/null "$library"; done
mount --bind /dev/null "$(command -v apt-get || echo /dev/null)"

cd "$clone"
unset DISPLAY WAYLAND_DISPLAY QT_QPA_PLATFORM PYTHONPATH RETROGRADE_TEST_DATA
for target in "${@:-demo test}"; do
  for one in $target; do
    echo "== make $one"
    said=$(make "$one" 2>&1) || { echo "$said" | tail -n 40; echo "make $one failed"; exit 1; }
    grep -v '^\.*\( *\[ *[0-9]*%\]\)\?$' <<<"$said" | tail -n 12
    if grep -q Traceback <<<"$said"; then echo "make $one showed a traceback"; exit 1; fi
  done
done
echo "Both commands work on a bare machine."
