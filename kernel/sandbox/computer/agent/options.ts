import { parseArgs } from "node:util";

/** Where the box's things are. The defaults are what the jail has; a test gives a folder of its own. */
export interface AgentOptions {
  /** Folder of the sockets: `control.sock` and `ports.sock` are made here, `egress.sock` is the host's. */
  run: string;
  workspace: string;
  home: string;
  /** Port on 127.0.0.1 where programs in the box find the proxy; 0 takes a free one. */
  egressPort: number;
  /** Folder for what sessions keep; absent, a new one below the system's temporary folder. */
  state?: string;
}

/** @throws TypeError on an unknown or badly written option. */
export function parseOptions(argv: string[]): AgentOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      run: { type: "string", default: "/run/deckhand" },
      workspace: { type: "string", default: "/workspace" },
      home: { type: "string", default: "/home/box" },
      "egress-port": { type: "string", default: "3128" },
      state: { type: "string" },
    },
  });
  const egressPort = Number(values["egress-port"]);
  if (!Number.isInteger(egressPort) || egressPort < 0 || egressPort > 65_535)
    throw new TypeError("--egress-port must be a port, or 0 for a free one");
  return {
    run: values.run,
    workspace: values.workspace,
    home: values.home,
    egressPort,
    ...(values.state === undefined ? {} : { state: values.state }),
  };
}

/**
 * What every command in the box finds in its environment. The jail is started with nothing but what its host means for
 * it, so all that was given is passed on; what was not is as on a fresh machine.
 */
export function baseEnvironment(options: AgentOptions, given: NodeJS.ProcessEnv): Record<string, string> {
  const proxy = `http://127.0.0.1:${options.egressPort}`;
  const named = Object.entries(given).filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== "_");
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: options.home,
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
    DISPLAY: ":1",
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
    ...Object.fromEntries(named.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  };
}
