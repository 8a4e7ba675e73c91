/** In place of what the shell in an isolate does not use, such as turndown: its commands are left out. */
export default function absent(): never {
  throw new Error("this was left out of the simulated shell");
}
