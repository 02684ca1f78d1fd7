/** The compiled module of the tuner's thread; from uncompiled sources (in tests) the one in `dist`. */
export function tunerThreadUrl(): URL {
  const compiled = import.meta.url.endsWith(".js");
  return new URL(compiled ? "./tuner-thread.js" : "../../dist/manager/tuner-thread.js", import.meta.url);
}
