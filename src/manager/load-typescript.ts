import { register } from "node:module";

let done = false;

/** Makes `import()` of TypeScript modules work in this thread where Node cannot do it by itself (before 22.18). */
export function loadTypeScript(): void {
  const features = process.features as { readonly typescript?: string | false };
  if (done || features.typescript) return;
  done = true;
  const compiled = import.meta.url.endsWith(".js");
  register(compiled ? "./typescript-hooks.js" : "../../dist/manager/typescript-hooks.js", import.meta.url);
}
