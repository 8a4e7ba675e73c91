/** Ctrl and the key left of 1: opens the terminal and leads out of it again. */
export const leaveKey = (event: KeyboardEvent): boolean =>
  event.ctrlKey && !event.altKey && !event.metaKey && event.code === "Backquote" && event.type === "keydown";
