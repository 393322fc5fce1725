// Runs the C++ tests, in each lane the same. doctest is implemented here and nowhere else.
#include "fstream_shim.h"

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "doctest/doctest.h"
