import { expect, test } from "vitest";
import { byDay, dayGroup } from "./days";

const NOW = new Date(2026, 2, 30, 12); // the day after a clock was set forward in many places
const ago = (days: number, hour = 12) => new Date(2026, 2, 30 - days, hour).toISOString();

test.each([
  [ago(0, 0), "Today"],
  [ago(-1), "Today"],
  [ago(1, 0), "Yesterday"],
  [ago(1, 23), "Yesterday"],
  [ago(2), "Previous 7 days"],
  [ago(7), "Previous 7 days"],
  [ago(8), "Previous 30 days"],
  [ago(30), "Previous 30 days"],
  [ago(31), "February 2026"],
  [new Date(2025, 11, 31).toISOString(), "December 2025"],
  ["never", "Today"],
])("%s is %s", (at, name) => {
  expect(dayGroup(at, NOW)).toBe(name);
});

test("things keep their order under their days", () => {
  const things = [ago(0), ago(0, 1), ago(3), ago(40)];
  const groups = byDay(things, (at) => at, NOW);
  expect(groups.map(({ name, things: { length } }) => [name, length])).toEqual([
    ["Today", 2],
    ["Previous 7 days", 1],
    ["February 2026", 1],
  ]);
});
