import { expect, test } from "vitest";
import { seeded } from "../../model/index.ts";
import { solveLower, solveLowerTransposed } from "../numeric/cholesky.ts";
import { solveOne, solveOneTransposed } from "./solve-one.ts";

test.each([1, 3, 4, 9, 30])("solves as the factor's own functions do, %i rows", (n) => {
  const random = seeded(n);
  const stride = n + 2;
  const l = Float64Array.from(
    { length: n * stride },
    (_, at) => random.next() + (at % (stride + 1) === 0 ? 2 : 0),
  );
  const b = Float64Array.from({ length: n }, () => random.next());
  const [own, other] = [b.slice(), b.slice()];
  solveOne(l, n, stride, own);
  solveLower(l, n, stride, other, 1);
  for (let i = 0; i < n; i++) expect(own[i]).toBeCloseTo(other[i]!, 12);
  solveOneTransposed(l, n, stride, own);
  solveLowerTransposed(l, n, stride, other, 1);
  for (let i = 0; i < n; i++) expect(own[i]).toBeCloseTo(other[i]!, 12);
});
