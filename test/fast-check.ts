import * as fc from "fast-check";

/*
 * The only door to fast-check. By itself it takes a `maxLength` for an upper bound that it need not come near: a string
 * of up to 200 characters is never longer than ten. Here what a test says is what is tried; a test that wants less says
 * less, or gives a `size`.
 */
// The same texts at every run, so that a test which passes today passes tomorrow; another number tries others.
const seed = Number(process.env["PROPERTY_SEED"] ?? 1);
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true, seed });

export { fc };
