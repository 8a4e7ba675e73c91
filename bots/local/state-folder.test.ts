import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SettingsError } from "./settings.ts";
import { mayClose, openStateFolder } from "./state-folder.ts";

let folder: string;
let mask: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-"));
  mask = process.umask();
});
afterEach(() => {
  process.umask(mask);
  rmSync(folder, { recursive: true });
});
const mode = (path: string): number => statSync(path).mode & 0o777;

describe("openStateFolder", () => {
  test("makes it for this user alone, and all that is written afterwards too", () => {
    process.umask(0o022);
    const made = openStateFolder(join(folder, "a/b"));
    writeFileSync(join(made, "file"), "");
    mkdirSync(join(made, "folder"));
    expect([made, join(made, "file"), join(made, "folder")].map(mode)).toEqual([0o700, 0o600, 0o700]);
  });

  test("closes one of an earlier version that others could read", () => {
    writeFileSync(join(folder, "keys.json"), "{}");
    chmodSync(folder, 0o755);
    openStateFolder(folder);
    expect(mode(folder)).toBe(0o700);
  });

  test("is one folder by whatever name", () => {
    symlinkSync(folder, `${folder}-link`);
    expect(openStateFolder(`${folder}-link`)).toBe(openStateFolder(folder));
    rmSync(`${folder}-link`);
  });

  test("one that holds other things and is open to others is not taken, and stays as it is", () => {
    writeFileSync(join(folder, "thesis.txt"), "");
    chmodSync(folder, 0o755);
    expect(() => openStateFolder(folder)).toThrow(SettingsError);
    expect(() => openStateFolder(folder)).toThrow(/holds other things .*set DECKHAND_STATE to a folder of its own/);
    expect(mode(folder)).toBe(0o755);
  });

  test("a file in its place is named with the fix", () => {
    const file = join(folder, "file");
    writeFileSync(file, "mine");
    expect(() => openStateFolder(file)).toThrow(/cannot be used \(EEXIST\): set DECKHAND_STATE/);
    expect(readFileSync(file, "utf8")).toBe("mine");
  });
});

test.each([
  [0o700, ["thesis.txt"], true],
  [0o755, [], true],
  [0o755, ["thesis.txt"], false],
  [0o755, ["thesis.txt", "workspace.sqlite"], true],
  [0o1777, ["x11-unix"], false],
])("a folder with mode %o that holds %j may be closed: %s", (found, names, may) => {
  expect(mayClose({ mode: found, names })).toBe(may);
});
