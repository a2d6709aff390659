#!/bin/sh
# Proposes the changes of the working tree as a pull request: propose.sh BRANCH TITLE SUMMARY_FILE
#
# One branch for one subject: as long as its pull request is open, a later run renews it, and there is never a second one.
set -eu
branch=$1 title=$2 summary=$3

if git diff --quiet; then
    echo "Nothing to propose."
    exit 0
fi
gh auth setup-git
git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
git switch --create "$branch"
git commit --quiet --all --message "$title"
git push --quiet --force origin "$branch"
if [ "$(gh pr list --head "$branch" --state open --json number --jq length)" = 0 ]; then
    gh pr create --head "$branch" --base main --title "$title" --body-file "$summary"
else
    gh pr edit "$branch" --body-file "$summary"
fi
