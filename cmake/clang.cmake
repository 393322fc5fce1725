# Toolchain for the lanes that need clang natively: the newest that is installed.
find_program(_clang NAMES clang-22 clang-21 clang-20 clang-19 clang REQUIRED)
find_program(_clangxx NAMES clang++-22 clang++-21 clang++-20 clang++-19 clang++ REQUIRED)
set(CMAKE_C_COMPILER "${_clang}")
set(CMAKE_CXX_COMPILER "${_clangxx}")
