// Sluice on Cloudflare Workers. A Worker is its module, its manifest, and three exports:
//
//   const worker = defineWorker({ module, manifest });
//   export default worker.front;
//   export const Cell = worker.Cell;
//   export const Courier = worker.Courier;

import { CellObject } from "./cell.ts";
import type { Core } from "./core.ts";
import { Courier } from "./courier.ts";
import { defineFront } from "./front.ts";
import type { Front } from "./front.ts";

export interface Worker {
  readonly front: Front;
  readonly Cell: typeof CellObject;
  /** Without it a cell has six requests under way instead of eighteen. */
  readonly Courier: typeof Courier;
}

export function defineWorker(core: Core): Worker {
  class Cell extends CellObject {
    protected override describe(): Core {
      return core;
    }
  }
  return { front: defineFront(core), Cell, Courier };
}

export type { CellNamespace } from "./cell.ts";
export type { Core } from "./core.ts";
export type { Bindings } from "./platform.ts";
