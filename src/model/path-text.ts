/** `["tuner", "classArgs", "my.key", 0]` → `tuner.classArgs["my.key"][0]`: how people read the place of a value. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((part, place) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[\w$/-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return place === 0 ? part : `.${part}`;
    })
    .join("");
}
