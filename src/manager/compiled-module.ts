/** A module of this room as JavaScript, for a thread or process; from uncompiled sources (in tests) the one in `dist`. */
export function compiledModule(name: string): URL {
  const compiled = import.meta.url.endsWith(".js");
  return new URL(compiled ? `./${name}` : `../../dist/manager/${name}`, import.meta.url);
}
