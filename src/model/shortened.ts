/** A text that may be long, for a sentence for people: its first `most` characters, then `...` where that is not all. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const halfCharacter = /[\ud800-\udbff]$/;
  return `${text.slice(0, most).replace(halfCharacter, "")}...`;
}
