# The flags of our own code, on one target that vendored code never links.
include(CheckCXXCompilerFlag)
include(CheckIncludeFileCXX)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

add_library(sluice_flags INTERFACE)
target_include_directories(sluice_flags INTERFACE "${PROJECT_SOURCE_DIR}/src")
target_compile_options(sluice_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror
  $<$<CXX_COMPILER_ID:Clang>:-Wshorten-64-to-32>
  # A designated initialiser names what differs from the defaults; the rest is meant.
  -Wno-missing-field-initializers
  -ffunction-sections -fdata-sections)
# doctest names its cases by __COUNTER__, which newer clangs call an extension of C2y.
check_cxx_compiler_flag(-Wc2y-extensions SLUICE_KNOWS_C2Y)
if(SLUICE_KNOWS_C2Y)
  target_compile_options(sluice_flags INTERFACE -Wno-c2y-extensions)
endif()
if(SLUICE_SANITIZE)
  target_compile_options(sluice_flags INTERFACE
    -fsanitize=${SLUICE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(SLUICE_NO_SANITIZE)
    target_compile_options(sluice_flags INTERFACE -fno-sanitize=${SLUICE_NO_SANITIZE})
  endif()
  target_link_options(sluice_flags INTERFACE -fsanitize=${SLUICE_SANITIZE})
endif()

# Exceptions are off for everything but the command line's parser, which lets none out.
add_library(sluice_no_exceptions INTERFACE)
target_compile_options(sluice_no_exceptions INTERFACE -fno-exceptions -fno-rtti)
target_link_libraries(sluice_no_exceptions INTERFACE sluice_flags)

# clang 14 with its libc++ (Debian's Emscripten) knows coroutines but has no header for them.
check_include_file_cxx(coroutine SLUICE_HAS_COROUTINE_HEADER)
if(NOT SLUICE_HAS_COROUTINE_HEADER)
  target_include_directories(sluice_flags SYSTEM INTERFACE "${PROJECT_SOURCE_DIR}/cmake/shim")
endif()
