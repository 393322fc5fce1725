# build/<lane>/sluice.wasm: the core and its bindings as a reactor, the same ABI from each compiler.
# build/<lane>/probe.wasm: the same bindings around an engine without business, for tests of hosts.
#
# The stack lies below the data, so that an overflow traps instead of writing over it. Imports are
# declared in the code by attribute; a name that is neither defined nor declared is an error.
sluice_paths(SLUICE_WASM_BINDING_FILES bindings/wasm)

function(sluice_wasm_module target)
  add_executable(${target} ${SLUICE_WASM_BINDING_FILES} ${ARGN})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/bindings")
  target_link_libraries(${target} PRIVATE sluice_no_exceptions sluice_no_marks)
  set_target_properties(${target} PROPERTIES SUFFIX .wasm)

  set(_stack 262144)
  set(_memory_initial 1048576)
  set(_memory_max 33554432)
  if(EMSCRIPTEN)
    # emcc knows of imports by its own JavaScript libraries only; the module's check has the list.
    target_link_options(${target} PRIVATE -sSTANDALONE_WASM=1 --no-entry -sFILESYSTEM=0
      -sTOTAL_STACK=${_stack} -sINITIAL_MEMORY=${_memory_initial}
      -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=${_memory_max} -Wl,--stack-first
      -sERROR_ON_UNDEFINED_SYMBOLS=0 -sWARN_ON_UNDEFINED_SYMBOLS=0)
  else()
    target_link_options(${target} PRIVATE -mexec-model=reactor -Wl,--gc-sections,--strip-all
      -Wl,--stack-first,-z,stack-size=${_stack}
      -Wl,--initial-memory=${_memory_initial},--max-memory=${_memory_max})
  endif()
endfunction()

if(SLUICE_WASM_BINDING_FILES)
  sluice_wasm_module(probe "${PROJECT_SOURCE_DIR}/wasm-tests/probe_engine.cc")
  target_link_libraries(probe PRIVATE sluice_host sluice_codec)
endif()
if(SLUICE_WASM_BINDING_FILES AND "engine.cc" IN_LIST SLUICE_APP_FILES)
  sluice_wasm_module(sluice)
  target_link_libraries(sluice PRIVATE sluice_app)
endif()
