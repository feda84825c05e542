# What `cmake --install` adds to the libraries, so that others find them: find_package(rescind), pkg-config rescind, the licence.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/rescind)
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/rescindConfig.cmake.in ${PROJECT_BINARY_DIR}/rescindConfig.cmake INSTALL_DESTINATION ${package_dir}
  NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change interfaces.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/rescindConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/rescindConfig.cmake ${PROJECT_BINARY_DIR}/rescindConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT library)
install(EXPORT rescind FILE rescindTargets.cmake NAMESPACE rescind:: DESTINATION ${package_dir} COMPONENT library)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT library)

# The C interface, for who has no CMake. Paths are counted from the file's own place, so the tree may be moved.
file(RELATIVE_PATH RESCIND_PC_TO_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${CMAKE_CURRENT_LIST_DIR}/rescind.pc.in ${PROJECT_BINARY_DIR}/rescind.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/rescind.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)
