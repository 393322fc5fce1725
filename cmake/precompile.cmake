# The standard library's headers take a fifth of a file's compilation with g++, and half with
# libc++: they are parsed once. A file that forgets an include then builds, and the tidy test
# notices (native-tests/standard_includes.cc).
set(_sluice_standard_headers <algorithm> <array> <cstddef> <cstdint> <functional> <iterator>
  <limits> <map> <memory> <optional> <span> <string> <string_view> <tuple> <type_traits> <utility>
  <variant> <vector>)

# sluice_precompile(<target> <group> [<header>...]): targets of one group have the same flags, and
# share what was parsed for the first of them, with the headers that were named there.
function(sluice_precompile target group)
  if(NOT SLUICE_PRECOMPILE)
    return()
  endif()
  get_property(first GLOBAL PROPERTY SLUICE_PRECOMPILED_${group})
  if(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
  else()
    target_precompile_headers(${target} PRIVATE ${_sluice_standard_headers} ${ARGN})
    set_property(GLOBAL PROPERTY SLUICE_PRECOMPILED_${group} ${target})
  endif()
endfunction()

# sluice_compile_with(<options> <file>...): a list of options, of these files alone.
function(sluice_compile_with options)
  set_source_files_properties(${ARGN} PROPERTIES
    COMPILE_OPTIONS "${options}" SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# g++ 12 warns here of what its own headers do, once they are precompiled.
set_source_files_properties(
  "${PROJECT_SOURCE_DIR}/src/codec/form.cc" "${PROJECT_SOURCE_DIR}/src/crypto/certificate.cc"
  PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
