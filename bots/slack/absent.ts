/*
 * Stands in the Worker for packages that Bolt imports and only its Express, HTTP and Socket Mode receivers use
 * (`alias` in wrangler.jsonc). Whoever made one of those there would find `undefined` and fail at once.
 */
export {};
