#!/usr/bin/env bash
# Plants known bugs into a copy of the engine, one after the other, and measures how many seeds the simulator needs to
# find each. Usage: tests/plants.sh [NAME…] [--seeds N] [--steps N]
#   NAME      a patch of tests/StablePay.Simulation/Plants without its ending; all of them if none is named
#   --seeds   the most seeds to try for one bug (20)
#   --steps   how long trouble lasts in a seed (30000)
# Prints a table, and when all were run writes it into docs/proof.md. All of them take an hour or two on two cores.
# Exit code: 0 if every bug was found, 1 if one was not, or does not apply or build, 2 if the command line is wrong.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
plants=$here/tests/StablePay.Simulation/Plants
proof=$here/docs/proof.md
marker='<!-- plants -->'
seeds=20 steps=30000 names=()

usage() {
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --seeds | --steps)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage
      if [ "$1" = --seeds ]; then seeds=$2; else steps=$2; fi
      shift 2
      ;;
    -*) usage ;;
    *)
      [ -f "$plants/$1.patch" ] || { echo "There is no plant '$1' in $plants." >&2; exit 2; }
      names+=("$1")
      shift
      ;;
  esac
done
all=false
if [ ${#names[@]} -eq 0 ]; then
  all=true
  for file in "$plants"/*.patch; do names+=("$(basename "$file" .patch)"); done
fi

work=$(mktemp -d)
copy=$work/copy
clean() {
  git -C "$here" worktree remove --force "$copy" 2>/dev/null
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM
git -C "$here" diff --quiet HEAD -- src tests/StablePay.Simulation tests/StablePay.Testing ||
  echo "What is not committed is not in the copy that is tested." >&2
git -C "$here" worktree add --quiet --detach "$copy" HEAD || exit 1

# A planted bug may be written in a bad style: only what makes the program run is looked at.
build() {
  dotnet build "$copy/tests/StablePay.Simulation" --configuration Release --verbosity quiet --nologo \
    -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:GenerateDocumentationFile=false >"$work/build.log" 2>&1
}
simulate() {
  "$copy/tests/StablePay.Simulation/bin/Release/net10.0/StablePay.Simulation" \
    --seed "$1" --steps "$steps" --faults all --whole >"$work/run.log" 2>&1
}
# The words after "Bug:" or "Breaks:" at the top of a patch.
words() { sed -n "s/^$1: //p;/^diff /q" "$plants/$2.patch"; }

echo "Building without a plant" >&2
build || { tail -20 "$work/build.log" >&2; exit 1; }

rows=$work/rows.md failed=0 number=0
: >"$rows"
row() { echo "| \`$1\` | $(words Bug "$1") | $(words Breaks "$1") | $2 | $3 | $4 |" >>"$rows"; }
for name in "${names[@]}"; do
  number=$((number + 1))
  echo "[$number/${#names[@]}] $name" >&2
  if ! git -C "$copy" apply "$plants/$name.patch" 2>"$work/apply.log"; then
    cat "$work/apply.log" >&2
    row "$name" 'does not apply' - -
    failed=$((failed + 1))
    continue
  fi
  if ! build; then
    grep -m 3 ' error ' "$work/build.log" >&2
    row "$name" 'does not build' - -
    failed=$((failed + 1))
  else
    found=
    for seed in $(seq "$seeds"); do
      simulate "$seed"
      code=$?
      [ $code -eq 0 ] && continue
      # The line after the first seed that failed: "  T2: what is wrong".
      found=$(sed -n '/: FAILED$/{n;s/^ *\([A-Za-z0-9]*\): .*/\1/p;q}' "$work/run.log")
      taken=$(sed -n 's/.*, \([0-9]*\) steps, .*: FAILED$/\1/p' "$work/run.log" | head -1)
      # A world that could not even begin, or that came to a stop, shows the bug as well.
      row "$name" "${found:-the run ended with code $code}" "$seed" "${taken:-0}"
      echo "  found with seed $seed as ${found:-code $code}" >&2
      found=yes
      break
    done
    if [ -z "$found" ]; then
      row "$name" '**not found**' "more than $seeds" -
      echo "  NOT FOUND within $seeds seeds" >&2
      failed=$((failed + 1))
    fi
  fi
  git -C "$copy" apply --reverse "$plants/$name.patch" || exit 1
done

{
  echo '| plant | the bug | what it breaks | caught as | seeds | steps of the last |'
  echo '|---|---|---|---|---|---|'
  cat "$rows"
} >"$work/table.md"
cat "$work/table.md"
if $all; then
  awk -v marker="$marker" -v table="$work/table.md" '
    $0 == marker && !inside { print; while ((getline line < table) > 0) print line; inside = 1; next }
    $0 == marker { inside = 0 }
    !inside { print }
  ' "$proof" >"$work/proof.md" && cp "$work/proof.md" "$proof"
fi
echo "${#names[@]} plants, $failed not found" >&2
[ "$failed" -eq 0 ]
