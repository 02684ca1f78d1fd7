import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type KernelAxis,
  appendRow,
  createKernelTable,
  orderOf,
  removeRow,
  tableOrder,
} from "./kernel-table.ts";

const ordered = (grid: boolean): KernelAxis => ({
  kind: "ordered",
  low: 0,
  high: 1,
  priorCentre: 0.5,
  priorSigma: 1,
  grid,
});

test("rows stay sorted on every axis through any additions and removals", () => {
  const step = fc.oneof(
    fc.record({ add: fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })) }),
    fc.record({ remove: fc.nat() }),
    fc.constant({ read: true }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const table = createKernelTable([ordered(false), ordered(true)]);
      const rows: (readonly [number, number])[] = [];
      for (const each of steps) {
        if ("add" in each) {
          appendRow(table, each.add);
          rows.push(each.add);
        } else if ("read" in each) {
          orderOf(table, 0);
        } else if (rows.length > 0) {
          removeRow(table, each.remove % rows.length);
          rows.splice(each.remove % rows.length, 1);
        }
      }
      expect([...table.at.slice(0, 2 * table.size)]).toEqual(rows.flat());
      for (const j of [0, 1] as const) {
        const order = [...orderOf(table, j).slice(0, table.size)];
        expect(order.toSorted((one, other) => one - other)).toEqual(rows.map((_, i) => i));
        const sorted = rows.map((row) => row[j]).toSorted((one, other) => one - other);
        expect(order.map((row) => rows[row]![j])).toEqual(sorted);
      }
    }),
    { numRuns: 500 },
  );
});

test("continuous axes come first, then grids, then unordered ones", () => {
  const unordered: KernelAxis = { kind: "unordered", size: 3 };
  expect(tableOrder([unordered, ordered(true), ordered(false), unordered, ordered(false)])).toEqual([
    2, 4, 1, 0, 3,
  ]);
});
