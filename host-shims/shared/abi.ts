// The numbers of the ABI `sluice/1` (bindings/abi/sluice_abi.h).

export const ABI_MAJOR = 1;
export const ABI_MINOR = 0;

export const EVENT_HTTP = 1;
export const EVENT_CRON = 2;
export const EVENT_ALARM = 3;
export const EVENT_RPC = 4;
export const EVENT_SHUTDOWN = 6;

export const READY = 1;
export const PENDING = 2;

export const OK = 0;
export const CONFLICT = 1;

export const ERROR_BAD_ARG = -1;
export const ERROR_TOO_BIG = -2;
export const ERROR_NO_CAP = -3;
export const ERROR_OVERLOADED = -4;
export const ERROR_IO = -5;
export const ERROR_UNKNOWN_OUTCOME = -6;
export const ERROR_TIMEOUT = -8;
export const ERROR_CANCELLED = -9;
export const ERROR_BUDGET = -10;
export const ERROR_FULL = -15;

export const CAP_MULTI_COMMIT = 1;
export const CAP_SINGLE_OWNER = 2;
export const CAP_SYNC = 4;
export const CAP_ALARM = 8;

export const CLOCK_WALL = 0;
