/* The boundary between a Sluice core in wasm and the host that runs it: `sluice/1`.
 *
 *   host -- sluice_event(HTTP, task 7, frame) --> guest
 *        <-- sluice_kv.get(task 7, frame) ------        READY: the result is taken at once
 *        <-- sluice_http.start(task 7, frame) --        PENDING: the guest returns to the host
 *   host -- sluice_on_op(op 3, status, n) ------> guest: takes the result, runs on
 *        <-- sluice_sys.reply(task 7, frame) ---        the task ends, exactly once
 *
 * Completion, not stack switching: at the end of every export the guest's stack is empty, and
 * what waits is a coroutine frame on its heap. So any number of tasks may wait in one instance.
 *
 * Rules, all of them:
 * - Every parameter is an i32, but for f64 milliseconds and metric values. No i64 crosses.
 *   Pointers are guest memory; bytes are little-endian and unaligned (README.md has the frames).
 * - The guest alone allocates. The host allocates by `sluice_alloc` only between exports, and
 *   never calls an export from inside an import.
 * - Inputs of imports are borrowed for the call: the host copies what it keeps. Inputs of
 *   `sluice_boot` and `sluice_event` come from `sluice_alloc` and belong to the guest.
 * - The host makes its view of guest memory anew after every call: memory may have grown.
 * - A READY result is taken before the next import is called. A PENDING result is taken inside
 *   `sluice_on_op`, or the host drops it when that call returns. So no result can leak.
 * - Every store or network import names its task, and the operation belongs to that task.
 *   Operations of one task never resume another task's code from inside their completion.
 * - Every task ends with exactly one `sys.reply`; the host keeps its event alive until then.
 * - Imports never throw. Nothing is imported from anywhere else.
 * - No import is called before `sluice_boot`, and none outside an export.
 * - A trap poisons the instance: the host drops it, fails its tasks (5xx, never a false 2xx),
 *   boots a fresh one for the next event, and ignores completions that belong to the old one.
 *   All state that matters is in the store, so an idle instance may be dropped at any time.
 */
#ifndef SLUICE_ABI_H_
#define SLUICE_ABI_H_

#include <stdint.h>

#define SLUICE_ABI_MAJOR 1
#define SLUICE_ABI_MINOR 0

#if defined(__wasm__)
#define SLUICE_EXPORT(name) __attribute__((export_name(name), used))
#define SLUICE_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#else
#define SLUICE_EXPORT(name)
#define SLUICE_IMPORT(module, name)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Kinds of events. The payload is the frame of that name, or empty. */
enum {
  SLUICE_EVENT_HTTP = 1,     /* http-request; replied with http-response. */
  SLUICE_EVENT_CRON = 2,     /* cron; replied with nothing. */
  SLUICE_EVENT_ALARM = 3,    /* Empty; replied with nothing. */
  SLUICE_EVENT_RPC = 4,      /* The core's own bytes, both ways; the host does not look inside. */
  SLUICE_EVENT_QUEUE = 5,    /* Reserved. */
  SLUICE_EVENT_SHUTDOWN = 6, /* Empty; replied with nothing when work under way is recorded. */
};

/* What `sluice_kv`, `sluice_http` and `sluice_cell` return when they do not fail. */
enum {
  SLUICE_READY = 1,
  SLUICE_PENDING = 2,
};

/* Statuses of results. CONFLICT is a lost race: a result, not an error. */
enum {
  SLUICE_STATUS_OK = 0,
  SLUICE_STATUS_CONFLICT = 1,
};

/* Errors, returned by imports and exports and given as the status of an operation. */
enum {
  SLUICE_ERROR_BAD_ARG = -1,
  SLUICE_ERROR_TOO_BIG = -2,
  SLUICE_ERROR_NO_CAP = -3,
  SLUICE_ERROR_OVERLOADED = -4,      /* Nothing was done; later it may work. */
  SLUICE_ERROR_IO = -5,              /* Nothing was done. */
  SLUICE_ERROR_UNKNOWN_OUTCOME = -6, /* It may or may not have been done. */
  SLUICE_ERROR_BLOCKED = -7,
  SLUICE_ERROR_TIMEOUT = -8,
  SLUICE_ERROR_CANCELLED = -9,
  SLUICE_ERROR_BUDGET = -10,
  SLUICE_ERROR_FULL = -15,      /* The store has no room; nothing was written. */
  SLUICE_ERROR_NOT_OWNER = -16, /* Another owner has the cell; nothing was written. */
};

/* Roles, in the boot frame. */
enum {
  SLUICE_ROLE_FRONT = 0,
  SLUICE_ROLE_CELL = 1,
};

/* Capabilities of the host's store, in the boot frame. */
enum {
  SLUICE_CAP_MULTI_COMMIT = 1,
  SLUICE_CAP_SINGLE_OWNER = 2,
  SLUICE_CAP_SYNC = 4,
  SLUICE_CAP_ALARM = 8,
  SLUICE_CAP_TTL = 16,
};

/* Clocks of `sluice_time.now`. */
enum {
  SLUICE_CLOCK_WALL = 0,      /* Milliseconds since 1970; may stand still within an event. */
  SLUICE_CLOCK_MONOTONIC = 1, /* Milliseconds from any start; never goes back. */
};

/* Levels of `sluice_sys.log` and kinds of `sluice_sys.metric`. */
enum { SLUICE_LOG_DEBUG = 0, SLUICE_LOG_INFO = 1, SLUICE_LOG_WARN = 2, SLUICE_LOG_ERROR = 3 };
enum { SLUICE_METRIC_COUNTER = 0, SLUICE_METRIC_GAUGE = 1, SLUICE_METRIC_HISTOGRAM = 2 };

/* Tasks are numbered by the host: 1 to 2^31 - 1, none that is still live. The guest may number
 * tasks of its own from 2^31 on; they are negative as i32, and have no event and no reply. */
typedef uint32_t sluice_task;

/* Operations are numbered by the host: never 0, and never repeated within one instance. */
typedef uint32_t sluice_op;

/* Twelve bytes that the host fills when it returns READY or PENDING: `op` always, `status` and
 * `len` (bytes to take) when READY. A result of no bytes is not taken: it is gone already. */
typedef struct {
  uint32_t op;
  int32_t status;
  uint32_t len;
} sluice_hdr;

/* ---- What the guest exports, besides its memory and `_initialize()` ----
 *
 * `_initialize` runs constructors and calls no import, so it may run where a platform forbids
 * clocks and randomness. It is called once, first. */

/* (major << 16) | minor. A host refuses another major, and a minor lower than it needs. */
SLUICE_EXPORT("sluice_abi") int32_t sluice_abi(void);

/* Room for `n` bytes, or null when there is none. `n` of 0 gives a pointer that may be freed. */
SLUICE_EXPORT("sluice_alloc") void* sluice_alloc(uint32_t n);

/* Gives back what `sluice_alloc(n)` returned and no call has consumed. */
SLUICE_EXPORT("sluice_free") void sluice_free(void* p, uint32_t n);

/* Boots the engine from a `boot` frame; once, in the first handler, never at a platform's global
 * scope. 0, or an error, after which the instance is dropped. The log says what was wrong. */
SLUICE_EXPORT("sluice_boot") int32_t sluice_boot(void* p, uint32_t n);

/* Hands over an event and starts its task. 0: taken, a reply follows or has been given already.
 * Negative: refused, and no reply follows. */
SLUICE_EXPORT("sluice_event")
int32_t sluice_event(uint32_t kind, sluice_task task, void* p, uint32_t n);

/* A PENDING operation has ended, with `n` bytes to take. Operations that the guest has let go
 * are ignored. 0, or an error. */
SLUICE_EXPORT("sluice_on_op") int32_t sluice_on_op(sluice_op op, int32_t status, uint32_t n);

/* A request, not a kill: the task's HTTP ends with CANCELLED, and so does any HTTP or cell call
 * that it starts from now on. A cell call or a commit that is under way is awaited. The task
 * still replies. 0, or BAD_ARG when there is no such task. */
SLUICE_EXPORT("sluice_cancel") int32_t sluice_cancel(sluice_task task);

/* ---- What the host supplies ---- */

/* The store of this cell; NO_CAP in a front. Frames kv-get, kv-range and kv-commit; results
 * kv-get-result, kv-range-result, and for a commit nothing, or kv-conflict with CONFLICT. */
SLUICE_IMPORT("sluice_kv", "get")
int32_t sluice_kv_get(sluice_task task, const void* p, uint32_t n, sluice_hdr* hdr);
SLUICE_IMPORT("sluice_kv", "range")
int32_t sluice_kv_range(sluice_task task, const void* p, uint32_t n, sluice_hdr* hdr);
SLUICE_IMPORT("sluice_kv", "commit")
int32_t sluice_kv_commit(sluice_task task, const void* p, uint32_t n, sluice_hdr* hdr);

/* Sends one HTTP request (http-start); the result is an http-outcome. Always PENDING. */
SLUICE_IMPORT("sluice_http", "start")
int32_t sluice_http_start(sluice_task task, const void* p, uint32_t n, sluice_hdr* hdr);

/* Sends an RPC event to a cell by its name (cell-call); the result is the reply's bytes. */
SLUICE_IMPORT("sluice_cell", "call")
int32_t sluice_cell_call(sluice_task task, const void* p, uint32_t n, sluice_hdr* hdr);

/* Copies the result of `op` to `dst` and forgets the operation. Bytes copied; TOO_BIG when `cap`
 * is too small, which keeps it; BAD_ARG when there is nothing to take. */
SLUICE_IMPORT("sluice_op", "take") int32_t sluice_op_take(sluice_op op, void* dst, uint32_t cap);

/* Lets a PENDING operation go: it may still happen, but `sluice_on_op` is not called for it. */
SLUICE_IMPORT("sluice_op", "cancel") void sluice_op_cancel(sluice_op op);

SLUICE_IMPORT("sluice_time", "now") double sluice_time_now(uint32_t clock);

/* Fills `n` bytes with strong randomness. 0, or an error. */
SLUICE_IMPORT("sluice_sys", "random") int32_t sluice_sys_random(void* p, uint32_t n);

/* One log record (log-record). */
SLUICE_IMPORT("sluice_sys", "log")
void sluice_sys_log(uint32_t level, const void* p, uint32_t n);

/* One sample; the bytes are the metric's name with its labels, as Prometheus spells it. */
SLUICE_IMPORT("sluice_sys", "metric")
void sluice_sys_metric(uint32_t kind, const void* p, uint32_t n, double value);

/* Ends a task with its reply. 0; BAD_ARG when the task is unknown or has ended. */
SLUICE_IMPORT("sluice_sys", "reply")
int32_t sluice_sys_reply(sluice_task task, const void* p, uint32_t n);

#ifdef __cplusplus
}
#endif

#endif /* SLUICE_ABI_H_ */
