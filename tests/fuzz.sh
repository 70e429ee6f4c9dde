#!/usr/bin/env bash
# Fuzzes one target, or all one after the other, guided by the branches that inputs take.
#   tests/fuzz.sh TARGET [SECONDS] [SEED]    20 seconds and seed 1 unless told otherwise; TARGET may be 'all'
#   tests/fuzz.sh afl TARGET SECONDS         the same under afl-fuzz, where that is installed
# Needs the .NET 10 SDK. What it finds is told and kept in artifacts/fuzz/findings/TARGET: put the file into
# tests/StablePay.Fuzz/Corpus/TARGET with a name that says what it is, and the tests replay it from then on.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$root/artifacts/fuzz/program
mode=own
if [[ ${1:-} == afl ]]; then mode=afl; shift; fi
target=${1:-} seconds=${2:-20} seed=${3:-1}
corpus=$root/tests/StablePay.Fuzz/Corpus
if [[ -z $target || ($target != all && ! -d $corpus/$target) ]]; then
  echo "Name a target: all $(cd "$corpus" && echo *)" >&2
  exit 2
fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
cd "$root"
dotnet tool restore >/dev/null
dotnet build tests/StablePay.Fuzz -c Release -v quiet --nologo
# A copy made anew each time: what the tests run stays as it is, and what is instrumented already would be refused.
rm -rf "$out"
mkdir -p "$out"
cp -r tests/StablePay.Fuzz/bin/Release/net10.0/. "$out"
for part in Core Chains Engine Server; do dotnet sharpfuzz "$out/StablePay.$part.dll"; done

if [[ $mode == afl ]]; then
  # The program is no native one with instrumentation of its own, which afl-fuzz would look for.
  export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
  mkdir -p "$root/artifacts/fuzz/afl"
  exec afl-fuzz -i "$corpus/$target" -o "$root/artifacts/fuzz/afl/$target" -V "$seconds" -t 10000 -m none \
    dotnet "$out/StablePay.Fuzz.dll" "$target" --afl
fi
targets=("$target")
if [[ $target == all ]]; then targets=(); for folder in "$corpus"/*/; do targets+=("$(basename "$folder")"); done; fi
code=0
for one in "${targets[@]}"; do
  dotnet "$out/StablePay.Fuzz.dll" "$one" --seconds "$seconds" --seed "$seed" || code=1
done
exit "$code"
