/**
 * Ends the process when all it has written is with its reader. Into a pipe, what does not fit is written later, and would be lost:
 * `polyphase export -f - | program` would end in the middle, without an error.
 */
export async function exit(process: NodeJS.Process, exitCode: number): Promise<void> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => stream.write("", () => resolve()));
  process.exit(exitCode);
}
