// The front: what meets the internet. It keeps nothing; its instance of the core checks requests
// and calls the cells that own what they are about.

import { EVENT_CRON } from "../shared/abi.ts";
import { errorName, hostLine } from "../shared/log.ts";
import { writeBoot, writeCron } from "../shared/messages.ts";
import { BODY_MAX } from "../shared/settings.ts";
import { Supervisor } from "../shared/supervisor.ts";
import { CONNECTIONS_MAX } from "./connections.ts";
import { bootOf } from "./core.ts";
import type { Core } from "./core.ts";
import { respond } from "./http.ts";
import { frontPlatform } from "./platform.ts";
import type { Bindings } from "./platform.ts";

export type Front = Required<Pick<ExportedHandler<Bindings>, "fetch" | "scheduled">>;

export function defineFront(core: Core): Front {
  // One instance for each isolate. It boots in the first handler: before that, a Worker has
  // neither randomness nor a clock.
  let running: Supervisor | undefined;
  const supervisor = (bindings: Bindings): Supervisor => {
    running ??= new Supervisor(core.module, frontPlatform(bindings), () =>
      writeBoot({
        ...bootOf(core, bindings),
        role: "front",
        cell: "",
        capabilities: 0,
        httpInFlightMax: CONNECTIONS_MAX,
        storeBytesMax: 0,
      }),
    );
    return running;
  };

  return {
    fetch: (request, bindings, ctx) => {
      const response = respond(supervisor(bindings), request, BODY_MAX);
      // A caller that leaves does not end what has begun.
      ctx.waitUntil(response);
      return response;
    },
    scheduled: async (controller, bindings) => {
      try {
        await supervisor(bindings).event(EVENT_CRON, writeCron(controller.scheduledTime));
      } catch (error) {
        console.error(JSON.stringify(hostLine("core_failed", { reason: errorName(error) })));
      }
    },
  };
}
