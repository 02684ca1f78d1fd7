import type { Assessor, AssessorOptions } from "../model/index.ts";
export const builtinAssessorNames: readonly string[] = [];
export function createBuiltinAssessor(name: string, _options: AssessorOptions): Assessor {
  throw new Error(name);
}
