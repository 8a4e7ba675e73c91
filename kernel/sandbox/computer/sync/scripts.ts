/*
 * What is done inside the box in one call: looked at and changed in the same breath, so that nothing is replaced that is
 * not what was expected, and no link or pipe is followed. Written for the least of shells (the simulated one). Names come
 * line by line on standard input: a name with a line break is none that a tree takes.
 */

/** Folder `$dir` is what it seems: no link leads out of /r2 on the way to it. Answers by `$ok`. */
const stands = `
stands() {
  up=$dir
  while [ "$up" != . ] && ! [ -e "$up" ] && ! [ -L "$up" ]; do
    case $up in */*) up=\${up%/*};; *) up=.;; esac
  done
  ok=no
  [ -d "$up" ] || return 0
  real=$(cd -P -- "./$up" 2>/dev/null && pwd -P)
  case $up in .) here=$root;; *) here=$root/$up;; esac
  [ "$real" = "$here" ] && ok=yes
  return 0
}
`;

/**
 * First line the root, then one line for each thing to do: `<op> <expected> <token> <rel>`. Answers one line for each:
 * its number and a word. \`-\` stands for no file.
 * - \`look\`: the hash of a regular file, \`-\` for nothing, \`other\` for a folder, a link or what else is there.
 * - \`put\`: moves the staged \`token\` to \`rel\`, if what is there has the hash \`expected\` (\`*\`: whatever file it is).
 * - \`remove\`: the same for a removal; folders that are empty then go with it, up to the root's own ones.
 */
export const handsScript = `
IFS= read -r root
cd -P -- "$root" || exit 9
root=$(pwd -P)
n=0
last=
${stands}
while IFS=' ' read -r op expected token rel; do
  n=$((n+1))
  case $rel in */*) dir=\${rel%/*};; *) dir=.;; esac
  if [ "$dir" != "$last" ]; then stands; last=$dir; fi
  if [ "$ok" = no ] || [ -L "$rel" ]; then now=other
  elif [ -f "$rel" ]; then now=$(sha256sum < "$rel" 2>/dev/null); now=\${now%% *}; [ -n "$now" ] || now=other
  elif [ -e "$rel" ]; then now=other
  else now=-
  fi
  if [ "$op" = look ]; then echo "$n $now"; continue; fi
  if [ "$now" = other ]; then echo "$n blocked"; continue; fi
  if [ "$now" != "$expected" ] && [ "$expected" != '*' ]; then echo "$n moved"; continue; fi
  if [ "$op" = put ]; then
    [ -d "$dir" ] || mkdir -p -- "$dir" 2>/dev/null
    if [ -x "$rel" ]; then chmod +x -- ".deckhand/in/$token"; fi
    if mv -f -- ".deckhand/in/$token" "$rel" 2>/dev/null; then echo "$n done"; else echo "$n blocked"; fi
  else
    rm -f -- "$rel" 2>/dev/null
    if [ -e "$rel" ]; then echo "$n blocked"; continue; fi
    echo "$n done"
    while :; do
      case $dir in threads/*/*) ;; threads/*) break;; */*) ;; *) break;; esac
      rmdir -- "$dir" 2>/dev/null || break
      dir=\${dir%/*}
    done
    last=
  fi
done
`;

/** First line the root, then names. Answers \`<hash>  <name>\` for those that are regular files. */
export const hashScript = `
IFS= read -r root
cd -P -- "$root" || exit 9
files=()
while IFS= read -r rel; do
  if [ -f "$rel" ] && ! [ -L "$rel" ]; then files+=("$rel"); fi
done
[ \${#files[@]} -eq 0 ] || sha256sum -- "\${files[@]}" 2>/dev/null || true
`;

/**
 * Lines: the root, the mark of the disk, the label of the thread. Answers \`known\` or \`fresh\`, and makes the folders there
 * are to be. What an interrupted write left behind goes.
 */
export const arriveScript = `
IFS= read -r root
IFS= read -r mark
IFS= read -r label
mkdir -p -- "$root" && cd -P -- "$root" || exit 9
if [ -f ".deckhand/disk-$mark" ]; then echo known; else echo fresh; fi
rm -rf -- .deckhand/in
mkdir -p -- .deckhand/in home uploads sites "threads/$label" || exit 9
if [ -L thread ] || ! [ -e thread ]; then rm -f -- thread; ln -s -- "threads/$label" thread; fi
`;

/** Lines: the root, the mark. */
export const markScript = `
IFS= read -r root
IFS= read -r mark
cd -P -- "$root" || exit 9
rm -f -- .deckhand/disk-*
: > ".deckhand/disk-$mark"
`;
