/*
 * What is run in the box. Each script takes its values as arguments and never as text of its own, ends at the first
 * error, and answers with lines `key=value`. Git asks nobody, runs no hook and no program that a repo's own
 * configuration names: what is shown must be what is stored.
 */
const head = `set -euo pipefail
export GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0 GIT_PAGER=cat LC_ALL=C.UTF-8
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_ATTR_NOSYSTEM=1 GIT_NO_REPLACE_OBJECTS=1 GIT_GRAFT_FILE=/dev/null
g() { git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c protocol.ext.allow=never -c advice.detachedHead=false -c advice.graftFileDeprecated=false -c init.defaultBranch=main -c user.name="Deckhand" -c user.email=deckhand@localhost "$@"; }
`;

/**
 * A git of our own over the repo's objects. What a card shows and what is stored and sent is read through it: the repo's
 * configuration and attributes (addresses rewritten on the way, files left out of a diff, filters), its replaced objects
 * and its own idea of where the remote is may be anybody's.
 */
const plain = `plain() {
  local of=$1
  view=$(mktemp -d); trap 'rm -rf "$view"' EXIT
  objects=$(g -C "$of" rev-parse --path-format=absolute --git-path objects)
  exclude=$(g -C "$of" rev-parse --path-format=absolute --git-path info/exclude)
  g init -q --bare --template= --object-format="$(g -C "$of" rev-parse --show-object-format)" "$view"
}
c() { GIT_OBJECT_DIRECTORY=$objects g --git-dir="$view" "$@"; }
`;

/** The worktree as a tree of git, whatever is staged; untracked files are in it, ignored ones are not. */
const snapshot = `${plain}snapshot() {
  local from; from=$(g -C "$1" rev-parse HEAD)
  w() { GIT_INDEX_FILE=$view/index c --work-tree="$1" -c core.excludesFile="$exclude" -C "$1" "\${@:2}"; }
  w "$1" read-tree "$from"; w "$1" add -A; w "$1" write-tree
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
d --numstat -z | tr '\\n\\0' '\\1\\n' | sed -n '1,2000s/^/stat=/p'`;

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
  *.zip) python3 -I -m zipfile -e "$archive" "$part" >&2;;
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
plain "$tree"; head=$(g -C "$tree" rev-parse HEAD); now=$(snapshot "$tree")
echo "head=$head"; echo "tree=$now"
d() { c diff --no-ext-diff --no-textconv --no-color --no-renames "$@" "$head" "$now" --; }
${write}`;

/** tree branch head tree-id message name: commits exactly that tree onto exactly that commit, or says that they moved. */
export const commitScript = `${head}${snapshot}tree=$1 branch=$2 head=$3 want=$4 message=$5 name=$6
[ -d "$tree" ] || { echo "missing=1"; exit 0; }
plain "$tree"
[ "$(g -C "$tree" rev-parse HEAD)" = "$head" ] && [ "$(snapshot "$tree")" = "$want" ] || { echo "moved=1"; exit 0; }
export GIT_AUTHOR_NAME="$name"
commit=$(printf '%s' "$message" | c commit-tree "$want" -p "$head" -F -)
g -C "$tree" update-ref "refs/heads/$branch" "$commit" "$head"
g -C "$tree" read-tree "$commit"
echo "commit=$commit"`;

/**
 * clone tree out branch: what a push would bring: what the remote itself, asked now, has neither in that branch nor, where
 * there is none yet, in its own. `old` is where that branch is.
 */
export const outgoingScript = `${head}${plain}clone=$1 tree=$2 out=$3 branch=$4
[ -d "$tree" ] || { echo "missing=1"; exit 0; }
plain "$tree"
head=$(g -C "$tree" rev-parse HEAD)
remote=$(g -C "$clone" config --get remote.origin.url || true)
echo "remote=\${remote//[$'\\n\\r']/ }"; echo "head=$head"
[ -n "$remote" ] || exit 0
there=$(c ls-remote -- "$remote" HEAD "refs/heads/$branch")
at() { local id name; while read -r id name; do if [ "$name" = "$1" ]; then echo "$id"; return; fi; done <<< "$there"; }
old=$(at "refs/heads/$branch"); from=$(at HEAD); ref="refs/heads/$branch"
if [ -n "$old" ]; then from=$old; else ref=HEAD; fi
base=$(c hash-object -t tree /dev/null)
if [ -n "$from" ]; then
  c fetch -q --no-tags --no-write-fetch-head -- "$remote" "$ref" >&2
  if [ -n "$old" ] && ! c merge-base --is-ancestor "$old" "$head"; then echo "behind=1"; exit 0; fi
  base=$(c merge-base "$from" "$head" || true)
  [ -n "$base" ] || { echo "unrelated=1"; exit 0; }
fi
echo "from=$base"; echo "old=$old"
since=("$head"); [ -z "$from" ] || since+=("^$from")
echo "count=$(c rev-list --count "\${since[@]}" --)"
c log --format='log=%h %s' -n 50 "\${since[@]}" --
d() { c diff --no-ext-diff --no-textconv --no-color --no-renames "$@" "$base" "$head" --; }
${write}`;

/** clone remote commit branch old: pushes exactly that commit onto what the branch was. Never by force. */
export const pushScript = `${head}${plain}clone=$1 remote=$2 commit=$3 branch=$4 old=$5
[ "$(g -C "$clone" config --get remote.origin.url || true)" = "$remote" ] || { echo "moved=1"; exit 0; }
plain "$clone"
if [ -n "$old" ] && ! c merge-base --is-ancestor "$old" "$commit"; then echo "moved=1"; exit 0; fi
[ "$(c ls-remote -- "$remote" "refs/heads/$branch" | cut -f1)" = "$old" ] || { echo "moved=1"; exit 0; }
c push -q --force-with-lease="refs/heads/$branch:$old" -- "$remote" "$commit:refs/heads/$branch" >&2
echo "pushed=1"`;

/** clone tree branch: takes the thread's commits into the clone's own branch and removes the worktree. */
export const mergeScript = `${head}${snapshot}clone=$1 tree=$2 branch=$3
[ -d "$tree" ] || { echo "missing=1"; exit 0; }
plain "$tree"
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
plain "$tree"
[ "$(g -C "$tree" rev-parse HEAD)" = "$head" ] && [ "$(snapshot "$tree")" = "$want" ] || { echo "moved=1"; exit 0; }
g -C "$clone" worktree remove --force "$tree"; g -C "$clone" branch -q -D "$branch"
echo "gone=1"`;
