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

function(sluice_test_binary target)
  add_executable(${target} "${PROJECT_SOURCE_DIR}/native-tests/main.cc" ${ARGN})
  target_link_libraries(${target} PRIVATE sluice_test_flags)
  add_test(NAME ${target} COMMAND ${target} --no-colors=true)
  add_test(NAME ${target}_count COMMAND ${target} --no-colors=true --count)
  set_tests_properties(${target}_count PROPERTIES PASS_REGULAR_EXPRESSION "filters: [1-9]")
endfunction()

sluice_test_binary(sluice_tests ${_tests})
target_link_libraries(sluice_tests PRIVATE sluice_sim sluice_marks)

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
