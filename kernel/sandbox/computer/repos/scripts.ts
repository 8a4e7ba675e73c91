/*
 * What is run in the box. Each script takes its values as arguments and never as text of its own, ends at the first
 * error, and answers with lines `key=value`. Git asks nobody, runs no hook and no program that a repo's own
 * configuration names: what is shown must be what is stored.
 */
const head = `set -euo pipefail
export GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0 GIT_PAGER=cat LC_ALL=C.UTF-8
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_ATTR_NOSYSTEM=1 GIT_NO_REPLACE_OBJECTS=1 GIT_GRAFT_FILE=/dev/null
g() { git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.commitGraph=false -c core.multiPackIndex=false -c protocol.ext.allow=never -c advice.detachedHead=false -c advice.graftFileDeprecated=false -c init.defaultBranch=main -c user.name="Deckhand" -c user.email=deckhand@localhost "$@"; }
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

/**
 * Writes objects to the file `out`, by the ids on stdin: what is shown is made from them outside of the box, where each
 * is hashed again. Which ones are named here is only a help: one that is left out is missed there.
 */
const give = `give() {
  local size total=0
  mkdir -p "$(dirname "$out")"; sort -u > "$view/ids"
  while read -r size; do case $size in ''|*[!0-9]*) ;; *) total=$((total + size + 100));; esac
  done < <(c cat-file --batch-check='%(objectsize)' < "$view/ids")
  if [ "$total" -gt "$most" ]; then echo "large=$total"; return; fi
  { c cat-file --batch < "$view/ids" || true; } | head -c "$most" > "$out"
  echo "given=1"
}
between() { echo "$1"; echo "$2"; c diff-tree -r -t --no-renames --no-abbrev --ignore-submodules=none "$1" "$2" -- | cut -d' ' -f3,4 | tr ' ' '\\n'; }
`;

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

/** tree out most: what is not committed yet; the objects that tell it are written to the file `out`. */
export const diffScript = `${head}${snapshot}${give}tree=$1 out=$2 most=$3
[ -d "$tree" ] || { echo "missing=1"; exit 0; }
plain "$tree"; head=$(g -C "$tree" rev-parse HEAD); now=$(snapshot "$tree")
echo "head=$head"; echo "tree=$now"
{ echo "$head"; between "$head^{tree}" "$now"; } | give`;

/** tree branch head tree-id commit text: makes exactly that commit of exactly that tree, or says that they moved. */
export const commitScript = `${head}${snapshot}tree=$1 branch=$2 head=$3 want=$4 commit=$5 text=$6
[ -d "$tree" ] || { echo "missing=1"; exit 0; }
plain "$tree"
[ "$(g -C "$tree" rev-parse HEAD)" = "$head" ] && [ "$(snapshot "$tree")" = "$want" ] || { echo "moved=1"; exit 0; }
[ "$(printf '%s' "$text" | c hash-object -t commit -w --stdin)" = "$commit" ] || { echo "moved=1"; exit 0; }
g -C "$tree" update-ref "refs/heads/$branch" "$commit" "$head"
g -C "$tree" read-tree "$commit"
echo "commit=$commit"`;

/**
 * clone tree branch out most commits: what a push would bring: what the remote itself, asked now, has neither in that
 * branch nor, where there is none yet, in its own. `old` is where that branch is, `there` what of the remote is counted
 * from. Of the remote's own commits as many are given as it takes to see that ours stand on them.
 */
export const outgoingScript = `${head}${plain}${give}clone=$1 tree=$2 branch=$3 out=$4 most=$5 commits=$6
[ -d "$tree" ] || { echo "missing=1"; exit 0; }
plain "$tree"
head=$(g -C "$tree" rev-parse HEAD)
remote=$(g -C "$clone" config --get remote.origin.url || true)
echo "remote=\${remote//[$'\\n\\r']/ }"; echo "head=$head"
[ -n "$remote" ] || exit 0
refs=$(c ls-remote -- "$remote" HEAD "refs/heads/$branch")
at() { local id name; while read -r id name; do if [ "$name" = "$1" ]; then echo "$id"; return; fi; done <<< "$refs"; }
old=$(at "refs/heads/$branch"); there=$(at HEAD); ref=HEAD
if [ -n "$old" ]; then there=$old; ref="refs/heads/$branch"; fi
base=; since=("$head")
if [ -n "$there" ]; then
  c fetch -q --no-tags --no-write-fetch-head -- "$remote" "$ref" >&2
  if [ -n "$old" ] && ! c merge-base --is-ancestor "$old" "$head"; then echo "behind=1"; exit 0; fi
  base=$(c merge-base "$there" "$head" || true)
  [ -n "$base" ] || { echo "unrelated=1"; exit 0; }
  since+=("^$there")
fi
echo "there=$there"; echo "old=$old"; echo "from=$base"
if [ "$(c rev-list --count --max-count="$((commits + 1))" "\${since[@]}" --)" -gt "$commits" ]; then echo "many=1"; exit 0; fi
{ echo "$head"; c rev-list "\${since[@]}" --
  if [ -n "$there" ]; then
    echo "$base"
    edge=$(c rev-list --boundary "\${since[@]}" -- | sed -n 's/^-//p')
    if [ "$edge" = "$there" ]; then echo "$there"; else c rev-list --max-count="$commits" "$there" --; fi
    between "$base^{tree}" "$head^{tree}"
  else between "$(c hash-object -t tree /dev/null)" "$head^{tree}"; fi
} | give`;

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
