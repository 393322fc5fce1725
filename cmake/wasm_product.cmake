# build/<lane>/sluice.wasm: the core and its bindings as a reactor, the same ABI from each compiler.
# build/<lane>/probe.wasm: the same bindings around an engine without business, for tests of hosts.
#
# The stack lies below the data, so that an overflow traps instead of writing over it. Imports are
# declared in the code by attribute; a name that is neither defined nor declared is an error.
#
# Most of the core is coroutines, which speed makes twice as large and hardly faster: it is built
# for size, and so is what verifies. Only what runs over every byte of a body is built for speed,
# and the multiplication of large numbers. SHA-256 makes its schedule in vectors, which every engine
# has had for years; nothing else uses them.
set(_vectors "${PROJECT_SOURCE_DIR}/src/crypto/sha256_blocks.cc")
sluice_compile_with(-msimd128 ${_vectors})
if(CMAKE_SYSTEM_NAME STREQUAL "WASI")
  set(_fast src/crypto/equal.cc src/crypto/hash.cc src/crypto/hmac.cc src/crypto/sha256.cc
    src/codec/base64.cc src/codec/hex.cc src/codec/json_scanner.cc src/codec/utf8.cc)
  list(TRANSFORM _fast PREPEND "${PROJECT_SOURCE_DIR}/")
  sluice_compile_with(-O2 ${_fast})
  sluice_compile_with("-O3;-msimd128" ${_vectors})
  sluice_compile_with(-O3
    "${BEARSSL_SOURCE_DIR}/src/int/i31_montmul.c"
    "${SODIUM_SOURCE_DIR}/src/libsodium/crypto_hash/sha512/cp/hash_sha512_cp.c")
  # What libc++ would say before it aborts, in each place where it might.
  target_compile_options(sluice_flags INTERFACE "-D_LIBCPP_VERBOSE_ABORT(...)=__builtin_trap()")
endif()

# Binaryen, which comes with Emscripten, takes off a tenth; the features are the compiler's own. The
# compiler would run it as well, with another effect on what can be compressed: once is enough.
include(CheckLinkerFlag)
if(CMAKE_SYSTEM_NAME STREQUAL "WASI")
  check_linker_flag(CXX --no-wasm-opt SLUICE_KNOWS_NO_WASM_OPT)
endif()
find_program(WASM_OPT wasm-opt)

# sluice_wasm_opt(<target> <pass>...)
function(sluice_wasm_opt target)
  if(NOT WASM_OPT)
    return()
  endif()
  if(SLUICE_KNOWS_NO_WASM_OPT)
    target_link_options(${target} PRIVATE --no-wasm-opt)
  endif()
  add_custom_command(TARGET ${target} POST_BUILD COMMAND ${WASM_OPT} ${ARGN}
    --enable-bulk-memory --enable-sign-ext --enable-mutable-globals --enable-multivalue
    --enable-nontrapping-float-to-int --enable-reference-types --enable-simd
    $<TARGET_FILE:${target}> -o $<TARGET_FILE:${target}>)
endfunction()

sluice_paths(SLUICE_WASM_BINDING_FILES bindings/wasm)
sluice_paths(SLUICE_LIBC_PARTS bindings/wasm)
# What these define, a header of the C library may declare in other words.
set_source_files_properties("${PROJECT_SOURCE_DIR}/bindings/wasm/wasi_stubs.cc"
  "${PROJECT_SOURCE_DIR}/bindings/js/wasm/no_system.cc" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
if(CMAKE_SYSTEM_NAME STREQUAL "WASI")
  # Linked before the C library is looked through: the linker would not see into it otherwise.
  sluice_compile_with(-fno-lto ${SLUICE_LIBC_PARTS})
endif()

function(sluice_wasm_module target)
  add_executable(${target} ${SLUICE_WASM_BINDING_FILES} ${SLUICE_LIBC_PARTS} ${ARGN})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/bindings")
  target_link_libraries(${target} PRIVATE sluice_no_exceptions sluice_no_marks)
  sluice_precompile(${target} core)
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
    sluice_wasm_opt(${target} -Oz)
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

# build/wasi/verify_module.wasm: what the core hashes and verifies, alone, for benchmarks.
if(CMAKE_SYSTEM_NAME STREQUAL "WASI")
  add_executable(verify_module EXCLUDE_FROM_ALL bench/verify_module.cc)
  target_link_libraries(verify_module PRIVATE sluice_no_exceptions sluice_no_marks sluice_signature)
  target_link_options(verify_module PRIVATE -mexec-model=reactor -Wl,--gc-sections,--strip-all)
  set_target_properties(verify_module PROPERTIES SUFFIX .wasm)
endif()
