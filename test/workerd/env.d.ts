/// <reference types="@cloudflare/vitest-plugin/types" />

/** A fixture as a data URL; Vite puts it into the bundle. */
declare module "*?inline" {
  const url: string;
  export default url;
}
