// Sluice on Cloudflare Workers. A Worker is its module, its manifest, and two exports:
//
//   const worker = defineWorker({ module, manifest });
//   export default worker.front;
//   export const Cell = worker.Cell;

import { CellObject } from "./cell.ts";
import type { Core } from "./core.ts";
import { defineFront } from "./front.ts";
import type { Front } from "./front.ts";

export interface Worker {
  readonly front: Front;
  readonly Cell: typeof CellObject;
}

export function defineWorker(core: Core): Worker {
  class Cell extends CellObject {
    protected override describe(): Core {
      return core;
    }
  }
  return { front: defineFront(core), Cell };
}

export type { CellNamespace, CellReply } from "./cell.ts";
export type { Core } from "./core.ts";
export type { Bindings } from "./platform.ts";
