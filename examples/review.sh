#!/bin/sh
# Reviews the change of a bundled example, support-bot unless another folder's name is the first
# argument: its repository is committed to a temporary folder, the change is applied on a branch, and
# `reviewbot check` compares the two. Exit code 1: a limit breaks.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
example=support-bot
if [ -d "$here/${1:--}/repository" ]; then
    example=$1
    shift
fi
python=${REVIEWBOT_PYTHON:-$("$here/../.ci/venv" requirements.lock)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$here/$example/repository/." "$folder"
cd "$folder"
commit() {
    git add --all
    git -c user.name=example -c user.email=example@example.invalid -c commit.gpgsign=false \
        commit --quiet --date 2026-11-01T12:00:00Z --message "$1"
}
export GIT_COMMITTER_DATE=2026-11-01T12:00:00Z
git init --quiet --initial-branch main
commit "The support bot"
git switch --quiet --create more-examples
git apply "$here/$example/change.diff"
commit "Show the bot how good answers look"
unset GIT_COMMITTER_DATE
"$python" -I -m reviewbot check --base main "$@"
