/** The modules a program may import; each is given to the isolates of those programs only that name it. */
export const moduleNames = ["csv", "markdown", "xlsx", "zip"] as const;
export type ModuleName = (typeof moduleNames)[number];

export const isModuleName = (name: unknown): name is ModuleName => moduleNames.some((known) => known === name);

/** For a refusal. */
export const modulesInWords = "the modules here are csv, markdown, xlsx and zip";
