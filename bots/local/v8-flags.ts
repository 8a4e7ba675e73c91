/**
 * For workerd on a laptop, where one regular expression of a program would hold the whole Worker: one that goes back too
 * often is run again by V8's engine whose time is linear in the text. It has no flags `i`, `u` and `v`, no references
 * back and no looking around; those go on as before, and are the watchdog's.
 */
export const v8Flags =
  "--enable-experimental-regexp-engine-on-excessive-backtracks --regexp-backtracks-before-fallback=50000";
