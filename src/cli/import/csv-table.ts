/** A CSV file (RFC 4180; line breaks may also be plain) as rows of cells. Empty lines are passed over. */
export function csvTable(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // One cell, quoted or plain, with the comma, the line break or the end behind it: something always matches.
  const cell = /(?:"([^"]*(?:""[^"]*)*)"|([^,\r\n]*))(,|\r?\n|\r|$)/y;
  while (cell.lastIndex < text.length || row.length > 0) {
    const [, quoted, plain = "", end] = cell.exec(text) as RegExpExecArray;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}
