# One static library per folder: the build graph is the architecture. A folder's CMakeLists.txt calls
#   rescind_library(NAME base SOURCES a.cc b.cc DEPENDS verify LIBRARIES OpenSSL::Crypto)
#   rescind_test(NAME base SOURCES a_test.cc DEPENDS base)
#   rescind_fuzz(NAME jws SOURCES jws_fuzz.cc DEPENDS verify)
#   rescind_bench(NAME index SOURCES index_bench.cc DEPENDS verify)
#   rescind_public_library(NAME verify)
# DEPENDS names other folders' libraries (rescind_<name>); LIBRARIES names everything else.

include(GNUInstallDirs)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow "$<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor;-Woverloaded-virtual>"
                    -fno-omit-frame-pointer)
if(RESCIND_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Wthread-safety)
else()
  # g++ 12 takes Asio's aligned frame allocation for a mismatch where it inlines one half of it.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-fcoroutines;-Wno-mismatched-new-delete>")
endif()

# Asio and Beast are compiled once (base/asio.cc, wire/beast.cc), not in every file that includes them.
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)

function(rescind_library)
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_library(rescind_${ARG_NAME} STATIC ${ARG_SOURCES})
  target_include_directories(
    rescind_${ARG_NAME} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  foreach(dependency IN LISTS ARG_DEPENDS)
    target_link_libraries(rescind_${ARG_NAME} PUBLIC rescind_${dependency})
  endforeach()
  target_link_libraries(rescind_${ARG_NAME} PUBLIC ${ARG_LIBRARIES})
endfunction()

# Makes the folder's library one that others build against: rescind::<name>, installed with the headers of include/. Its code
# also goes into shared objects (librescind.so, an nginx module), which then export nothing of it.
function(rescind_public_library)
  cmake_parse_arguments(ARG "" "NAME" "" ${ARGN})
  set(target rescind_${ARG_NAME})
  add_library(rescind::${ARG_NAME} ALIAS ${target})
  set_target_properties(
    ${target} PROPERTIES EXPORT_NAME ${ARG_NAME} POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
                         VISIBILITY_INLINES_HIDDEN ON)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(
    ${target} PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  install(TARGETS ${target} EXPORT rescind COMPONENT library)
  install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library FILES_MATCHING PATTERN "*.h")
endfunction()

function(rescind_test)
  if(NOT RESCIND_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_executable(${ARG_NAME}_test ${ARG_SOURCES})
  foreach(dependency IN LISTS ARG_DEPENDS)
    target_link_libraries(${ARG_NAME}_test PRIVATE rescind_${dependency})
  endforeach()
  target_link_libraries(${ARG_NAME}_test PRIVATE ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main)
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME}_test WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

function(rescind_fuzz)
  if(NOT RESCIND_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_executable(${ARG_NAME}_fuzz ${ARG_SOURCES})
  foreach(dependency IN LISTS ARG_DEPENDS)
    target_link_libraries(${ARG_NAME}_fuzz PRIVATE rescind_${dependency})
  endforeach()
  target_link_libraries(${ARG_NAME}_fuzz PRIVATE ${ARG_LIBRARIES})
  target_link_options(${ARG_NAME}_fuzz PRIVATE -fsanitize=fuzzer)
endfunction()

# The program NAME_bench, with bench/measure; `./dev bench` builds all of them.
function(rescind_bench)
  if(NOT RESCIND_BENCH)
    return()
  endif()
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_executable(${ARG_NAME}_bench ${ARG_SOURCES})
  foreach(dependency IN LISTS ARG_DEPENDS ITEMS bench_measure)
    target_link_libraries(${ARG_NAME}_bench PRIVATE rescind_${dependency})
  endforeach()
  target_link_libraries(${ARG_NAME}_bench PRIVATE ${ARG_LIBRARIES})
  add_dependencies(benches ${ARG_NAME}_bench)
endfunction()
