# One binary holds every _test.cc of `src`, in each lane; what needs files or sockets is native.
#
# A runner that is handed no test reports success, so a second ctest counts what it would run.
get_property(_tests GLOBAL PROPERTY SLUICE_TEST_PATHS)

add_library(sluice_test_flags INTERFACE)
target_link_libraries(sluice_test_flags INTERFACE
  sluice_no_exceptions sluice_vendored_headers sluice_vendored_crypto)
target_compile_definitions(sluice_test_flags INTERFACE
  DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS DOCTEST_CONFIG_SUPER_FAST_ASSERTS
  SLUICE_SIM_SEEDS=${SLUICE_SIM_SEEDS})
# Tests take longer to compile than to run, so their own files may be optimised less than the rest.
target_compile_options(sluice_test_flags INTERFACE ${SLUICE_TEST_OPTIMIZATION})

add_library(sluice_test_main OBJECT "${PROJECT_SOURCE_DIR}/native-tests/main.cc")
target_link_libraries(sluice_test_main PRIVATE sluice_test_flags)

function(sluice_test_binary target)
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE sluice_test_flags sluice_test_main)
  sluice_precompile(${target} tests <doctest/doctest.h>)
endfunction()

# sluice_run_tests(<target> [<part> <filter>]): those of its tests that the filter leaves.
function(sluice_run_tests target)
  set(name ${target})
  if(ARGC GREATER 1)
    string(APPEND name "_${ARGV1}")
  endif()
  set(command ${target} --no-colors=true ${ARGV2})
  add_test(NAME ${name} COMMAND ${command})
  add_test(NAME ${name}_count COMMAND ${command} --count)
  set_tests_properties(${name}_count PROPERTIES PASS_REGULAR_EXPRESSION "filters: [1-9]")
endfunction()

# The simulations take as long as all the rest, and run next to it.
sluice_test_binary(sluice_tests ${_tests})
target_link_libraries(sluice_tests PRIVATE sluice_sim sluice_marks)
sluice_run_tests(sluice_tests sim "--test-suite=sim/*")
sluice_run_tests(sluice_tests rest "--test-suite-exclude=sim/*")

if(CMAKE_SYSTEM_NAME STREQUAL "WASI")
  target_compile_definitions(sluice_test_flags INTERFACE
    DOCTEST_CONFIG_NO_MULTITHREADING DOCTEST_CONFIG_NO_POSIX_SIGNALS _WASI_EMULATED_SIGNAL)
  target_link_options(sluice_tests PRIVATE -Wl,-z,stack-size=1048576 -lwasi-emulated-signal)
elseif(EMSCRIPTEN)
  target_compile_definitions(sluice_test_flags INTERFACE
    DOCTEST_CONFIG_NO_MULTITHREADING DOCTEST_CONFIG_NO_POSIX_SIGNALS)
  target_link_options(sluice_tests PRIVATE
    -sSINGLE_FILE=1 -sALLOW_MEMORY_GROWTH=1 -sEXIT_RUNTIME=1 -sENVIRONMENT=node)
  set_target_properties(sluice_tests PROPERTIES SUFFIX .js)
  file(WRITE "${CMAKE_BINARY_DIR}/package.json" "{\"type\": \"commonjs\"}\n")
else()
  include(cmake/native_tests.cmake)
endif()
