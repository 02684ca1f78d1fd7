/** The wrapper's own exit code where it could not create `pid`; the command was not run. */
export const notClaimed = 125;

/**
 * The leader of a job's process group: a shell that runs the command as `/bin/sh -c` and writes its exit code down, so that
 * a manager which was not there can learn it. Arguments: the command, the state directory (see job-files.ts).
 *
 * - Creating `pid` is refused where it exists: however often a job is started, its command runs once.
 * - Signals to the group reach the command, not the wrapper, which still has to write the exit code. (A caught signal is
 *   reset to its default in the command; an ignored one would stay ignored.)
 * - A job that is cancelled before its command runs does not run it: the signal may have come before there was a command to
 *   get it, but `cancelled` is written before the signal is sent.
 * - Scripts written for NNI find the exit code, and the time in milliseconds, in `.nni/state`.
 * - Its own files are the owner's alone; the command keeps the umask that the manager was started with.
 * - What the wrapper itself has to say ("Terminated") stays out of the job's stderr; hence the parentheses: dash redirects
 *   itself, too, while it waits for a plain command.
 */
export const wrapperScript: string = `
mask=$(umask)
umask 077
set -C
{ echo $$ > "$2/pid"; } 2>/dev/null || exit ${notClaimed}
set +C
exec 3>&2 2>/dev/null
trap : TERM INT HUP QUIT USR1 USR2
( umask "$mask"; [ -e "$2/cancelled" ] || exec /bin/sh -c "$1" 2>&3 3>&- )
code=$?
[ -z "$NNI_SYS_DIR" ] || { mkdir -p "$NNI_SYS_DIR/.nni" && echo "$code $(date +%s)000" > "$NNI_SYS_DIR/.nni/state"; }
echo "$code" > "$2/exit"
exit "$code"
`;
