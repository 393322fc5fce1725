# sluice_paths(<list> <folder>): turns the list's names into paths; a listed file has to exist.
function(sluice_paths list folder)
  set(paths)
  foreach(name ${${list}})
    if(EXISTS "${PROJECT_SOURCE_DIR}/${folder}/${name}")
      list(APPEND paths "${PROJECT_SOURCE_DIR}/${folder}/${name}")
    else()
      message(FATAL_ERROR "cmake/files.cmake lists ${folder}/${name}, which does not exist")
    endif()
  endforeach()
  set(${list} ${paths} PARENT_SCOPE)
endfunction()

# sluice_folder(<folder> [<folder>...]): the library of src/<folder>, on top of the folders named.
#
# Its files are SLUICE_<FOLDER>_FILES; its tests join SLUICE_TEST_PATHS, which every lane runs.
function(sluice_folder folder)
  string(TOUPPER ${folder} upper)
  set(files ${SLUICE_${upper}_FILES})
  sluice_paths(files "src/${folder}")
  list(FILTER files EXCLUDE REGEX "/src/(base/mark_none|sim/marks)\\.cc$")
  # What only some processors can: for the others another file defines it.
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    list(FILTER files EXCLUDE REGEX "_no_instructions\\.cc$")
  else()
    list(FILTER files EXCLUDE REGEX "_x86\\.cc$")
  endif()
  if(files)
    add_library(sluice_${folder} STATIC ${files})
    target_link_libraries(sluice_${folder} PRIVATE sluice_no_exceptions)
    sluice_precompile(sluice_${folder} core)
    set(scope PUBLIC)
  else()
    add_library(sluice_${folder} INTERFACE)
    set(scope INTERFACE)
  endif()
  list(TRANSFORM ARGN PREPEND sluice_)
  target_link_libraries(sluice_${folder} ${scope} ${ARGN})

  set(tests ${SLUICE_${upper}_TESTS})
  sluice_paths(tests "src/${folder}")
  set_property(GLOBAL APPEND PROPERTY SLUICE_TEST_PATHS ${tests})
endfunction()

# sluice_folder_uses(<folder> <library>): what the folder's files include and its headers do not.
function(sluice_folder_uses folder library)
  get_target_property(type sluice_${folder} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    target_link_libraries(sluice_${folder} PRIVATE ${library})
  endif()
endfunction()

# sluice_folder_options(<folder> <option>...): options for the folder's own files.
function(sluice_folder_options folder)
  get_target_property(type sluice_${folder} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    target_compile_options(sluice_${folder} PRIVATE ${ARGN})
  endif()
endfunction()

# sluice_objects(<target> <file>...): objects that are linked whole, whether referred to or not.
function(sluice_objects target)
  add_library(${target} OBJECT ${ARGN})
  target_link_libraries(${target} PRIVATE sluice_no_exceptions)
endfunction()
