/**
 * The bash around a person's command. Every command is a bash of its own, so that `exit`, `set -e`, a syntax error or a
 * kill ends the command and never the session; what the next one starts from is written by bash itself when it ends:
 * variables, functions, folder. No program is started for that: only builtins.
 *
 * $1 the state to start from · $2 where to write the new one, or nothing · $3 folder · $4 folder when $3 is gone, or
 * nothing · $5 command · $6 file with the command, when it is long · $7… NAME=VALUE for this command alone
 */
export const prelude = `{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null
builtin . "$1" 2>/dev/null
__deckhand_to=$2 __deckhand_command=$5 __deckhand_back= __deckhand_old=\${OLDPWD-}
[[ -n $6 ]] && __deckhand_command=$(<"$6")
if ! builtin cd -- "$3" 2>/dev/null; then
  if [[ -n $4 ]]; then
    builtin echo "deckhand: $3 is gone; starting in $4" >&2
    builtin cd -- "$4" || builtin exit 1
  else
    builtin echo "deckhand: cannot start in $3" >&2
    builtin exit 1
  fi
fi
[[ -n $__deckhand_old ]] && OLDPWD=$__deckhand_old
for __deckhand_pair in "\${@:7}"; do
  __deckhand_name=\${__deckhand_pair%%=*}
  if [[ -v $__deckhand_name ]]; then
    builtin printf -v __deckhand_line '%s\\n' "\${!__deckhand_name@A}"
  else
    builtin printf -v __deckhand_line 'unset %s\\n' "$__deckhand_name"
  fi
  __deckhand_back+=$__deckhand_line
  builtin export "$__deckhand_pair"
done
__deckhand_save() {
  [[ -z $__deckhand_to ]] && builtin return
  builtin set +eux
  builtin compgen -A variable >|"$__deckhand_to.names"
  builtin mapfile -t __deckhand_names <"$__deckhand_to.names"
  builtin printf %s "$PWD" >|"$__deckhand_to.cwd"
  {
    for __deckhand_name in "\${__deckhand_names[@]}"; do
      case $__deckhand_name in
        BASH* | COMP_* | DIRSTACK | EPOCH* | EUID | FUNCNAME | GROUPS | HISTCMD | HOSTTYPE | IFS | LINENO | MACHTYPE | OPTERR | OPTIND | OSTYPE | PIPESTATUS | PPID | PWD | RANDOM | SECONDS | SHELLOPTS | SHLVL | SRANDOM | UID | _ | __deckhand_*) ;;
        *) builtin declare -p "$__deckhand_name" ;;
      esac
    done
    builtin unset -f __deckhand_save
    builtin declare -f
    builtin printf '%s#whole\\n' "$__deckhand_back"
  } >|"$__deckhand_to"
  __deckhand_to=
}
trap '{ [[ -z $__deckhand_to ]] || __deckhand_save; } 2>/dev/null' EXIT
builtin set --
builtin eval "$__deckhand_command"
{ __deckhand_code=$?; __deckhand_save; } 2>/dev/null
builtin exit "$__deckhand_code"`;

/** The last line of a state that was written to its end. */
export const wholeMark = "#whole\n";

export const quote = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

/** The state of a session that has run nothing yet. */
export const firstState = (env: Record<string, string>): string =>
  Object.entries(env)
    .map(([name, value]) => `declare -x ${name}=${quote(value)}\n`)
    .join("") + wholeMark;
