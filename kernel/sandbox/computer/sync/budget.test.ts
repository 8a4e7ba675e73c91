import { expect, test } from "vitest";
import { limits } from "../../../limits.ts";
import { choose, notHere, type Wanted } from "./budget.ts";

const megabyte = 1024 * 1024;
const file = (rel: string, megabytes: number, updatedAt: number): Wanted => ({
  rel,
  sizeBytes: megabytes * megabyte,
  updatedAt,
});
const names = (files: readonly Wanted[]) => files.map(({ rel }) => rel);
const nobody = () => false;

test("a fresh box gets the newest, up to the bytes it is given", () => {
  const wanted = [file("home/old", 20, 1), file("home/new", 20, 3), file("home/mid", 20, 2), file("home/small", 1, 0)];
  const { take, leave } = choose(wanted, { files: 0, bytes: 0 }, nobody);
  expect(names(take)).toEqual(["home/new", "home/mid", "home/small"]);
  expect(names(leave)).toEqual(["home/old"]);
});

test("a fresh box gets so many files and no more", () => {
  const wanted = Array.from({ length: limits.computer.sync.maxEagerFiles + 5 }, (_, n) => file(`home/${n}`, 0, n));
  expect(choose(wanted, { files: 0, bytes: 0 }, nobody).leave).toHaveLength(5);
});

test("what is asked for is given although the fair amount is used up, until the box is full", () => {
  const has = { files: 10, bytes: limits.computer.sync.maxEagerBytes };
  const wanted = [file("home/a", 20, 1), file("home/b", 20, 2)];
  expect(names(choose(wanted, has, ({ rel }) => rel === "home/a").take)).toEqual(["home/a"]);
  const full = { files: limits.computer.sync.maxFiles, bytes: 0 };
  expect(choose(wanted, full, () => true).take).toEqual([]);
});

test("the list of what is not here names files, and how many more there are", () => {
  const text = notHere(Array.from({ length: 250 }, (_, n) => file(`home/${1000 + n}`, 1, n)));
  expect(text).toContain("250 of your files");
  expect(text).toContain("/r2/home/1000  1048576 bytes");
  expect(text).toContain("and 50 more");
});
