/*
 * What is run in the box. Each script takes its values as arguments and never as text of its own, ends at the first
 * error, and answers with lines `key=value`. Git asks nobody, runs no hook and no program that a repo's own
 * configuration names: what is shown must be what is stored.
 */
const head = `set -euo pipefail
export GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0 GIT_PAGER=cat LC_ALL=C.UTF-8
g() { git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c protocol.ext.allow=never -c advice.detachedHead=false -c init.defaultBranch=main -c user.name="Deckhand" -c user.email=deckhand@localhost "$@"; }
`;

/** The worktree as a tree of git, whatever is staged; untracked files are in it, ignored ones are not. */
const snapshot = `snapshot() {
  local index; index=$(mktemp)
  GIT_INDEX_FILE=$index g -C "$1" read-tree HEAD
  GIT_INDEX_FILE=$index g -C "$1" add -A
  GIT_INDEX_FILE=$index g -C "$1" write-tree
  rm -f "$index"
}
`;

const facts = `echo "head=$(g -C "$tree" rev-parse HEAD)"
echo "base=$(g -C "$clone" symbolic-ref --quiet --short HEAD || g -C "$clone" rev-parse HEAD)"
echo "files=$(g -C "$tree" ls-files | wc -l)"
`;

const worktree = `g -C "$clone" worktree prune
if [ ! -d "$tree" ]; then
  mkdir -p "$(dirname "$tree")"
  if g -C "$clone" show-ref --verify --quiet "refs/heads/$branch"; then g -C "$clone" worktree add -q "$tree" "$branch"
  else g -C "$clone" worktree add -q -b "$branch" "$tree"; fi
fi
`;

/** Writes a diff to a file, and what it changes as lines. */
const write = `mkdir -p "$(dirname "$out")"; d > "$out"
echo "bytes=$(wc -c < "$out")"
d --numstat -z | tr '\\0' '\\n' | sed -n '1,2000s/^/stat=/p'`;

/** clone tree branch url: clones when there is no clone yet, and gives the thread its worktree. */
export const openScript = `${head}clone=$1 tree=$2 branch=$3 url=$4
if [ ! -e "$clone/.git" ]; then
  [ -n "$url" ] || { echo "missing=1"; exit 0; }
  rm -rf "$clone.part"; mkdir -p "$(dirname "$clone")"
  g clone -q --no-hardlinks -- "$url" "$clone.part" >&2
  mv "$clone.part" "$clone"
fi
g -C "$clone" rev-parse -q --verify HEAD >/dev/null || { echo "empty=1"; exit 0; }
${worktree}${facts}`;

/** clone tree branch archive: unpacks an archive; what is no repo becomes one with a first commit. */
export const importScript = `${head}clone=$1 tree=$2 branch=$3 archive=$4
[ ! -e "$clone" ] || { echo "exists=1"; exit 0; }
part="$clone.part"; rm -rf "$part"; mkdir -p "$part"
case "$archive" in
  *.zip) python3 -m zipfile -e "$archive" "$part" >&2;;
  *) tar -xf "$archive" -C "$part" --no-same-owner >&2;;
esac
rm -f "$archive"
entries=("$part"/* "$part"/.[!.]*)
found=(); for entry in "\${entries[@]}"; do [ -e "$entry" ] && found+=("$entry"); done
[ "\${#found[@]}" -gt 0 ] || { rm -rf "$part"; echo "empty=1"; exit 0; }
top="$part"; if [ "\${#found[@]}" -eq 1 ] && [ -d "\${found[0]}" ] && [ "$(basename "\${found[0]}")" != .git ]; then top="\${found[0]}"; fi
if [ ! -e "$top/.git" ]; then
  g -C "$top" init -q; g -C "$top" add -A; g -C "$top" commit -q --allow-empty -m "Imported from $(basename "$archive")"
fi
mv "$top" "$clone"; rm -rf "$part"
${worktree}${facts}`;

/** tree out: what is not committed yet; the diff itself is written to the file `out`. */
export const diffScript = `${head}${snapshot}tree=$1 out=$2
[ -d "$tree" ] || { echo "missing=1"; exit 0; }
now=$(snapshot "$tree")
echo "head=$(g -C "$tree" rev-parse HEAD)"; echo "tree=$now"
d() { g -C "$tree" diff --no-ext-diff --no-textconv --no-color --no-renames "$@" HEAD "$now"; }
${write}`;

/** tree branch head tree-id message name: commits exactly that tree onto exactly that commit, or says that they moved. */
export const commitScript = `${head}${snapshot}tree=$1 branch=$2 head=$3 want=$4 message=$5 name=$6
[ -d "$tree" ] || { echo "missing=1"; exit 0; }
[ "$(g -C "$tree" rev-parse HEAD)" = "$head" ] && [ "$(snapshot "$tree")" = "$want" ] || { echo "moved=1"; exit 0; }
export GIT_AUTHOR_NAME="$name"
commit=$(printf '%s' "$message" | g -C "$tree" commit-tree "$want" -p "$head" -F -)
g -C "$tree" update-ref "refs/heads/$branch" "$commit" "$head"
g -C "$tree" reset -q
echo "commit=$commit"`;

/** clone tree out: what a push would bring: commits that the remote's own branch does not have. */
export const outgoingScript = `${head}clone=$1 tree=$2 out=$3
[ -d "$tree" ] || { echo "missing=1"; exit 0; }
remote=$(g -C "$clone" remote get-url origin 2>/dev/null || true)
head=$(g -C "$tree" rev-parse HEAD)
from=$(g -C "$clone" rev-parse -q --verify refs/remotes/origin/HEAD || g -C "$clone" rev-parse HEAD)
base=$(g -C "$tree" merge-base "$from" "$head")
echo "remote=$remote"; echo "head=$head"; echo "from=$base"
g -C "$tree" log --format='log=%h %s' -n 50 "$base..$head"
d() { g -C "$tree" diff --no-ext-diff --no-textconv --no-color --no-renames "$@" "$base" "$head"; }
${write}`;

/** clone remote commit branch: pushes exactly that commit. Never by force. */
export const pushScript = `${head}clone=$1 remote=$2 commit=$3 branch=$4
[ "$(g -C "$clone" remote get-url origin 2>/dev/null)" = "$remote" ] || { echo "moved=1"; exit 0; }
g -C "$clone" push -q -- "$remote" "$commit:refs/heads/$branch" >&2
echo "pushed=1"`;

/** clone tree branch: takes the thread's commits into the clone's own branch and removes the worktree. */
export const mergeScript = `${head}${snapshot}clone=$1 tree=$2 branch=$3
[ -d "$tree" ] || { echo "missing=1"; exit 0; }
[ "$(snapshot "$tree")" = "$(g -C "$tree" rev-parse 'HEAD^{tree}')" ] || { echo "dirty=1"; exit 0; }
if ! g -C "$clone" merge -q --no-edit "$branch" >&2; then
  g -C "$clone" diff --name-only --diff-filter=U | head -n 50 | sed 's/^/conflict=/'
  g -C "$clone" merge --abort >&2 || true
  echo "conflicts=1"; exit 0
fi
echo "head=$(g -C "$clone" rev-parse HEAD)"; echo "base=$(g -C "$clone" symbolic-ref --quiet --short HEAD || true)"
g -C "$clone" worktree remove --force "$tree"; g -C "$clone" branch -q -D "$branch"`;

/** clone tree branch head tree-id: removes worktree and branch, when they are still what was shown. */
export const discardScript = `${head}${snapshot}clone=$1 tree=$2 branch=$3 head=$4 want=$5
[ -d "$tree" ] || { echo "missing=1"; exit 0; }
[ "$(g -C "$tree" rev-parse HEAD)" = "$head" ] && [ "$(snapshot "$tree")" = "$want" ] || { echo "moved=1"; exit 0; }
g -C "$clone" worktree remove --force "$tree"; g -C "$clone" branch -q -D "$branch"
echo "gone=1"`;
