# SPDX-License-Identifier: MIT
#
# nacre_unit_test(): host programs written with Check, with address and undefined-behaviour
# sanitizers on.
#
# Owns their flags and how ctest runs them. Each leaves its results as TAP in BUILD/unit/NAME.tap.

find_package(PkgConfig REQUIRED)
pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)

# Builds all test programs.
add_custom_target(unit-tests)

# nacre_unit_test(NAME SOURCES file... [INCLUDES directory...] [DEFINITIONS macro...])
#
# Sources of the code under test are listed along with the test's own.
function(nacre_unit_test name)
	cmake_parse_arguments(PARSE_ARGV 1 argument "" "" "SOURCES;INCLUDES;DEFINITIONS")
	nacre_check_arguments(nacre_unit_test)
	set(target "unit-${name}")
	add_executable(${target} ${argument_SOURCES})
	target_include_directories(${target} PRIVATE ${argument_INCLUDES})
	target_compile_definitions(${target} PRIVATE ${argument_DEFINITIONS})
	target_compile_options(${target} PRIVATE
		-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
	)
	target_link_options(${target} PRIVATE -fsanitize=address,undefined)
	target_link_libraries(${target} PRIVATE nacre_warnings nacre_abi PkgConfig::CHECK)
	file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/unit")
	add_dependencies(unit-tests ${target})
	add_test(NAME ${name} COMMAND ${target})
	# Check's own limit, 4 seconds a test, is too little for sanitizers on a busy machine.
	set_tests_properties(${name} PROPERTIES
		ENVIRONMENT "CK_TAP_LOG_FILE_NAME=${CMAKE_BINARY_DIR}/unit/${name}.tap;CK_DEFAULT_TIMEOUT=120"
		TIMEOUT 300
	)
endfunction()
