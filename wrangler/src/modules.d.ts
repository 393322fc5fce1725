declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*/sluice.json" {
  const text: string;
  export default text;
}
