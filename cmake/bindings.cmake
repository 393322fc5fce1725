# The core as a library: bindings/library under both, bindings/c natively, bindings/js in wasm.
sluice_paths(SLUICE_LIBRARY_FILES bindings/library)
sluice_paths(SLUICE_JS_BINDING_FILES bindings/js/wasm)
sluice_paths(SLUICE_JS_VERIFY_FILES bindings/js/wasm)
sluice_paths(SLUICE_JS_WHOLE_FILES bindings/js/wasm)
sluice_paths(SLUICE_C_BINDING_FILES bindings/c)
add_library(sluice_library STATIC ${SLUICE_LIBRARY_FILES})
target_include_directories(sluice_library PUBLIC "${PROJECT_SOURCE_DIR}/bindings")
target_link_libraries(sluice_library PRIVATE sluice_no_exceptions PUBLIC sluice_manifest)
sluice_precompile(sluice_library core)

if(CMAKE_SYSTEM_NAME STREQUAL "WASI")
  # build/wasi/sluice_verify.wasm verifies; build/wasi/sluice_webhooks.wasm signs and answers
  # handshakes as well. Neither imports anything: what the C library mentions of WASI is answered
  # inside, as in the product.
  function(sluice_js_module target)
    add_executable(${target} ${SLUICE_JS_BINDING_FILES} ${SLUICE_LIBC_PARTS} ${ARGN})
    target_link_libraries(${target} PRIVATE sluice_no_exceptions sluice_no_marks sluice_library)
    sluice_precompile(${target} core)
    target_link_options(${target} PRIVATE -mexec-model=reactor
      -Wl,--gc-sections,--strip-all -Wl,--stack-first,-z,stack-size=131072
      -Wl,--initial-memory=1048576,--max-memory=268435456)
    set_target_properties(${target} PROPERTIES SUFFIX .wasm)
    # Chosen by what is left after compression: what -Oz does besides makes a module smaller that is
    # larger compressed.
    sluice_wasm_opt(${target} --shrink-level=2 --optimize-level=2 --dae --dce
      --optimize-instructions --precompute-propagate --simplify-locals-nostructure
      --pick-load-signs --vacuum --reorder-locals --coalesce-locals --rse
      --duplicate-function-elimination --vacuum --reorder-locals --remove-unused-brs
      --merge-blocks --simplify-locals-nostructure --optimize-instructions --vacuum)
  endfunction()
  sluice_js_module(sluice_verify ${SLUICE_JS_VERIFY_FILES})
  sluice_js_module(sluice_webhooks ${SLUICE_JS_WHOLE_FILES})
endif()

if(NOT CMAKE_CROSSCOMPILING)
  # build/native/libsluice_verify.a: the C interface, and what of the core it stands on is linked
  # by whoever links this target.
  add_library(sluice_verify STATIC ${SLUICE_C_BINDING_FILES})
  target_include_directories(sluice_verify PUBLIC "${PROJECT_SOURCE_DIR}/bindings")
  target_link_libraries(sluice_verify PRIVATE sluice_no_exceptions PUBLIC sluice_library)

  # In C99, as those who include the header may be; C++ links it.
  add_library(sluice_c_flags INTERFACE)
  target_compile_options(sluice_c_flags INTERFACE
    -std=c99 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror)
  if(SLUICE_SANITIZE)
    target_compile_options(sluice_c_flags INTERFACE
      -fsanitize=${SLUICE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(sluice_c_flags INTERFACE -fsanitize=${SLUICE_SANITIZE})
  endif()
  function(sluice_c_program target file)
    add_executable(${target} ${file})
    set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
    target_link_libraries(${target} PRIVATE sluice_c_flags sluice_verify sluice_no_marks)
  endfunction()
  sluice_c_program(sluice_c_test bindings/c/verify_test.c)
  sluice_c_program(verify_stripe bindings/c/example/verify_stripe.c)
  add_test(NAME sluice_c_test COMMAND sluice_c_test)
  set(_signature t=1531420618,v1=70d9df1b8be551cf987e38ee6198e50a80368d6b4242cbfd7e570ad6e1bb59f5)
  foreach(_case accepted:evt_1 signature_mismatch:evt_2)
    string(REPLACE ":" ";" _case "${_case}")
    list(GET _case 0 _verdict)
    list(GET _case 1 _id)
    add_test(NAME verify_stripe_${_verdict} COMMAND verify_stripe
      whsec_test_secret ${_signature} "{\"id\":\"${_id}\"}" 1531420618000)
    set_tests_properties(verify_stripe_${_verdict} PROPERTIES
      PASS_REGULAR_EXPRESSION "^${_verdict} ")
  endforeach()

  # build/native/libsluice_verify_bundle.a: all of the core that the C interface needs, as one file.
  set(_bundle "${CMAKE_BINARY_DIR}/libsluice_verify_bundle.a")
  set(_script "CREATE ${_bundle}\n")
  set(_parts sluice_verify sluice_library sluice_manifest sluice_signature sluice_crypto
    sluice_codec sluice_base)
  foreach(_part ${_parts})
    string(APPEND _script "ADDLIB $<TARGET_FILE:${_part}>\n")
  endforeach()
  string(APPEND _script "SAVE\nEND\n")
  file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/sluice_verify_bundle.mri" CONTENT "${_script}")
  add_custom_command(OUTPUT "${_bundle}" DEPENDS ${_parts}
    COMMAND ${CMAKE_AR} -M < "${CMAKE_BINARY_DIR}/sluice_verify_bundle.mri")
  add_custom_target(sluice_verify_bundle DEPENDS "${_bundle}")

  # A program that follows the README links no sanitizer, so this is for the plain lane.
  if(NOT SLUICE_SANITIZE)
    add_test(NAME sluice_c_readme COMMAND sh "${PROJECT_SOURCE_DIR}/bindings/c/check_readme.sh"
      WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  endif()
endif()
