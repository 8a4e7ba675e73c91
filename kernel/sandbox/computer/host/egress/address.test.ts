import { describe, expect, test } from "vitest";
import { isPublicAddress } from "./address.ts";

describe("which addresses are public", () => {
  test.each(["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::200e"])(
    "%s is",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
  test.each([
    "127.0.0.1",
    "127.255.0.1",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.0.192",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:a00:1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "2001:0:1::",
    "2001:db8::1",
    "localhost",
    "",
    "1.1.1",
    "0x7f.1",
    "2130706433",
  ])("%s is not", (address) => expect(isPublicAddress(address)).toBe(false));
});
