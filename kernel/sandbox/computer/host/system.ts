import { lstatSync, readlinkSync } from "node:fs";

/** A top folder of the system as a box gets it: as it is on the host, a link or a folder. */
export type SystemPart = { path: string; link: string } | { path: string; link: null };

const parts = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/** /usr, and the folders beside it, which most systems have as links into it. */
export function systemParts(): SystemPart[] {
  const found: SystemPart[] = [{ path: "/usr", link: null }];
  for (const path of parts) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) found.push({ path, link: readlinkSync(path) });
    else if (stat?.isDirectory()) found.push({ path, link: null });
  }
  return found;
}
