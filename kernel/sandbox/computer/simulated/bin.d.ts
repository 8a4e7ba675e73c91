/** Bytes beside the code: a Data module of the Worker. */
declare module "*.bin" {
  const bytes: ArrayBuffer;
  export default bytes;
}
