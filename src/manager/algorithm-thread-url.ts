/** The compiled module of the thread of a tuner or assessor; from uncompiled sources (in tests) the one in `dist`. */
export function algorithmThreadUrl(): URL {
  return compiledModule("algorithm-thread.js");
}

/** A module of this room as JavaScript. */
export function compiledModule(name: string): URL {
  const compiled = import.meta.url.endsWith(".js");
  return new URL(compiled ? `./${name}` : `../../dist/manager/${name}`, import.meta.url);
}
