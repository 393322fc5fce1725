# emcc is a program in Python that starts clang: for small files it takes longer than clang does.
# What it adds to a file's compilation it tells (`emcc --cflags`), so clang compiles, by the same
# options, and Emscripten links.
execute_process(COMMAND "${CMAKE_CXX_COMPILER}" --cflags
  OUTPUT_VARIABLE _flags OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE _failed)
execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -v ERROR_VARIABLE _version OUTPUT_QUIET)
string(REGEX MATCH "clang version ([0-9]+)" _version "${_version}")
find_program(SLUICE_EMSCRIPTEN_CLANG NAMES "clang-${CMAKE_MATCH_1}")
find_program(SLUICE_EMSCRIPTEN_CLANGXX NAMES "clang++-${CMAKE_MATCH_1}")

if(NOT _failed AND SLUICE_EMSCRIPTEN_CLANG AND SLUICE_EMSCRIPTEN_CLANGXX)
  string(REPLACE "<CMAKE_C_COMPILER>" "${SLUICE_EMSCRIPTEN_CLANG} ${_flags}"
    CMAKE_C_COMPILE_OBJECT "${CMAKE_C_COMPILE_OBJECT}")
  string(REPLACE "<CMAKE_CXX_COMPILER>" "${SLUICE_EMSCRIPTEN_CLANGXX} ${_flags}"
    CMAKE_CXX_COMPILE_OBJECT "${CMAKE_CXX_COMPILE_OBJECT}")
endif()
