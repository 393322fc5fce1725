// Which resolved addresses a request may connect to: globally reachable ones.
//
// The core refuses by the URL's syntax. A name may still resolve to anything, and to something
// else a moment later: so the check is where the connection is made, on the address itself.

import { lookup } from "node:dns";
import type { LookupAddress, LookupOptions } from "node:dns";
import { BlockList, isIP } from "node:net";

const NOT_GLOBAL: readonly (readonly [network: string, bits: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

const blocked = new BlockList();
for (const [network, bits] of NOT_GLOBAL) blocked.addSubnet(network, bits, "ipv4");

const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");
// Inside it: documentation, and ranges that carry an IPv4 address of anybody's choice.
const NOT_GLOBAL_6: readonly (readonly [network: string, bits: number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];
for (const [network, bits] of NOT_GLOBAL_6) blocked.addSubnet(network, bits, "ipv6");

export function isGlobal(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !blocked.check(address, "ipv4");
  if (family !== 6) return false;
  return globalUnicast.check(address, "ipv6") && !blocked.check(address, "ipv6");
}

export class BlockedError extends Error {}

type LookupDone = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** A resolver for `http.Agent` that fails when any address of the name is not global. */
export function lookupGlobal(host: string, options: LookupOptions, done: LookupDone): void {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, []);
    const first = addresses[0];
    if (first === undefined || !addresses.every(({ address }) => isGlobal(address))) {
      return done(new BlockedError("the address is not global"), []);
    }
    if (options.all === true) return done(null, addresses);
    return done(null, first.address, first.family);
  });
}
