import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files of /etc that we write ourselves: the host's own name its people and its network. */
const written: Record<string, string> = {
  passwd:
    "root:x:0:0:root:/root:/usr/sbin/nologin\nbox:x:1000:1000:box:/home/box:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
  group: "root:x:0:\nbox:x:1000:\nnogroup:x:65534:\n",
  hosts: "127.0.0.1 localhost deckhand\n::1 localhost\n",
  hostname: "deckhand\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
  // There is no name server to ask: the egress proxy resolves.
  "resolv.conf": "",
  gitconfig: "[safe]\n\tdirectory = *\n[init]\n\tdefaultBranch = main\n",
  "machine-id": "00000000000000000000000000000000\n",
};

/** What is taken over from the host: how programs find libraries, certificates and fonts. Nothing of it is secret. */
const taken = [
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "alternatives",
  "fonts",
  "ssl/certs",
  "ssl/openssl.cnf",
  "ca-certificates.conf",
  "pki/tls/certs",
  "pki/ca-trust/extracted",
  "crypto-policies",
  "localtime",
  "timezone",
  "mime.types",
  "protocols",
  "services",
  "terminfo",
  "chromium",
  "chromium.d",
  "java-17-openjdk",
  "python3",
];

export interface EtcFile {
  from: string;
  /** Below /etc. */
  to: string;
}

/** Writes our own files into `folder`, and gives all that a box sees below /etc. */
export function prepareEtc(folder: string): EtcFile[] {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  for (const [name, text] of Object.entries(written)) writeFileSync(join(folder, name), text, { mode: 0o644 });
  return [
    ...Object.keys(written).map((name) => ({ from: join(folder, name), to: name })),
    ...taken.filter((name) => existsSync(join("/etc", name))).map((name) => ({ from: join("/etc", name), to: name })),
  ];
}
