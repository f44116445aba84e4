#!/bin/sh
# Holds five weeks of made-up calls against the configuration of examples/usage: what was used, what
# the configuration should say, and what drifts. Its repository is committed to a temporary folder,
# with one merged change. Arguments are one command instead of the three: `drift --format markdown`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${REVIEWBOT_PYTHON:-$("$here/../.ci/venv" requirements-dev.lock)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$here/usage/repository/." "$folder"
cd "$folder"
commit() {
    git add --all
    GIT_AUTHOR_DATE="$2" GIT_COMMITTER_DATE="$2" git -c user.name=example \
        -c user.email=example@example.invalid -c commit.gpgsign=false commit --quiet --message "$1"
}
git init --quiet --initial-branch main
commit "The support bot" 2026-09-15T12:00:00Z
git apply "$here/usage/change.diff"
commit "Name the articles (#41)" 2026-10-19T12:00:00Z
review() {
    echo "\$ reviewbot $* calls.csv --log-type columns"
    "$python" -I -m reviewbot "$@" "$here/usage/calls.csv" --log-type columns
}
if [ $# -gt 0 ]; then
    review "$@"
    exit
fi
for command in usage calibrate drift; do
    review "$command"
    echo
done
