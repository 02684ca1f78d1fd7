/**
 * One promise that an interface makes. Rules are data, so that they can be run against good implementations (must pass),
 * against deliberately broken ones (must fail), and printed as documentation. They use `node:assert` and no test runner.
 */
export interface Rule<Harness> {
  /** "journal/torn-tail" */
  readonly id: string;
  /** "half a record is forgotten, and later records stay readable" */
  readonly promise: string;
  /** Throws when the implementation breaks the promise. */
  check(harness: Harness): Promise<void>;
}

/** Runs one rule. A waived rule must fail: a waiver that nobody needs any more is an error. */
export async function check<Harness>(
  rule: Rule<Harness>,
  harness: Harness,
  waivers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const reason = waivers[rule.id];
  if (reason === undefined) return rule.check(harness);
  const broken = await rule.check(harness).then(
    () => false,
    () => true,
  );
  if (!broken) throw new Error(`${rule.id} holds after all: drop the waiver "${reason}"`);
}
