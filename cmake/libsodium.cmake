# libsodium as a static library straight from its sources, without autotools.
#
# Portable C only: each file with vector instructions is guarded by a HAVE_* macro that stays
# undefined, so one list of files serves every target.
set(_sodium "${SODIUM_SOURCE_DIR}/src/libsodium")
file(GLOB_RECURSE _sodium_files CONFIGURE_DEPENDS "${_sodium}/*.c")
if(NOT _sodium_files)
  message(FATAL_ERROR "SODIUM_SOURCE_DIR holds no libsodium sources: '${SODIUM_SOURCE_DIR}'")
endif()

# version.h is generated, and includes its siblings by bare name: the whole tree is staged.
set(VERSION 1.0.18)
set(SODIUM_LIBRARY_VERSION_MAJOR 10)
set(SODIUM_LIBRARY_VERSION_MINOR 3)
set(SODIUM_LIBRARY_MINIMAL_DEF "")
set(_sodium_include "${CMAKE_BINARY_DIR}/include/sodium")
file(COPY "${_sodium}/include/" DESTINATION "${_sodium_include}" FILES_MATCHING PATTERN "*.h")
configure_file("${_sodium}/include/sodium/version.h.in" "${_sodium_include}/sodium/version.h" @ONLY)

add_library(sodium STATIC ${_sodium_files})
target_include_directories(sodium SYSTEM PUBLIC "${_sodium_include}")
target_include_directories(sodium PRIVATE "${_sodium_include}/sodium")
target_compile_definitions(sodium PUBLIC SODIUM_STATIC=1
  PRIVATE CONFIGURED=1 DEV_MODE=0 NATIVE_LITTLE_ENDIAN=1 HAVE_C_VARARRAYS=1)
if(CMAKE_SYSTEM_NAME STREQUAL "WASI")
  # <signal.h> is included and never used; without this it is an error.
  target_compile_definitions(sodium PRIVATE _WASI_EMULATED_SIGNAL)
endif()
target_compile_options(sodium PRIVATE -w -ffunction-sections -fdata-sections)
