# Tests of what wasm cannot do: files, sockets, processes; and the house's own rules.
if(SLUICE_NATIVE_TESTS)
  sluice_paths(SLUICE_NATIVE_TESTS native-tests)
  sluice_test_binary(sluice_native_tests ${SLUICE_NATIVE_TESTS})
  sluice_run_tests(sluice_native_tests)
  # The longest of all, so it starts first.
  set_tests_properties(sluice_native_tests PROPERTIES COST 100)
  target_link_libraries(sluice_native_tests PRIVATE sluice_sim sluice_marks)
  # The frames of the wasm boundary are tested against their README, which is a file.
  target_sources(sluice_native_tests PRIVATE "${PROJECT_SOURCE_DIR}/bindings/wasm/frames.cc")
  target_include_directories(sluice_native_tests PRIVATE "${PROJECT_SOURCE_DIR}/bindings")
  foreach(_part sluice_native_host sluice_cli)
    if(TARGET ${_part})
      target_link_libraries(sluice_native_tests PRIVATE ${_part})
    endif()
  endforeach()
  target_compile_definitions(sluice_native_tests PRIVATE SLUICE_ROOT="${PROJECT_SOURCE_DIR}")
endif()

# The rules read the tree, not the code: one lane is enough, and it is the quickest.
if(EXISTS "${PROJECT_SOURCE_DIR}/native-tests/tidy_test.cc" AND NOT SLUICE_SANITIZE)
  sluice_test_binary(sluice_tidy_test "${PROJECT_SOURCE_DIR}/native-tests/tidy_test.cc"
    "${PROJECT_SOURCE_DIR}/native-tests/source_tree.cc"
    "${PROJECT_SOURCE_DIR}/native-tests/standard_includes.cc")
  sluice_run_tests(sluice_tidy_test)
  target_compile_definitions(sluice_tidy_test PRIVATE SLUICE_ROOT="${PROJECT_SOURCE_DIR}")
endif()

if(EXISTS "${PROJECT_SOURCE_DIR}/native-tests/sim_main.cc")
  add_executable(sluice_sim_runner "${PROJECT_SOURCE_DIR}/native-tests/sim_main.cc")
  set_target_properties(sluice_sim_runner PROPERTIES OUTPUT_NAME sluice_sim)
  target_link_libraries(sluice_sim_runner PRIVATE sluice_no_exceptions sluice_sim sluice_marks)
endif()
