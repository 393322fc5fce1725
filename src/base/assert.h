// What cannot happen. An assertion is always on, also in release: it traps, the host drops the
// instance and boots a fresh one from the store. What can happen returns a Result instead.
#pragma once

#define SLUICE_ASSERT(condition)   \
  do {                             \
    if (!(condition)) [[unlikely]] \
      __builtin_trap();            \
  } while (false)
