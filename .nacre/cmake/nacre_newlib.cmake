# SPDX-License-Identifier: MIT
#
# The C library, from the cache that .nacre/scripts/build-newlib fills (about a minute, once).
#
# Owns the imported targets newlib_c, newlib_m and compiler_runtime, NACRE_SYSTEM_INCLUDES, and
# NACRE_LIBRARY_OPTIONS: what the library and all its users must be compiled with.

execute_process(
	COMMAND "${CMAKE_SOURCE_DIR}/.nacre/scripts/build-newlib"
	OUTPUT_VARIABLE newlib_directory
	OUTPUT_STRIP_TRAILING_WHITESPACE
	RESULT_VARIABLE newlib_result
)
if(NOT newlib_result EQUAL 0)
	message(FATAL_ERROR "No C library: see above; './nacre doctor' says what is missing.")
endif()
set_property(DIRECTORY APPEND PROPERTY
	CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/.nacre/scripts/build-newlib"
)

# libgcc is the host compiler's own: its arithmetic helpers are the same on every x86-64 system.
execute_process(
	COMMAND "${CMAKE_C_COMPILER}" -print-libgcc-file-name
	OUTPUT_VARIABLE compiler_runtime_file
	OUTPUT_STRIP_TRAILING_WHITESPACE
	COMMAND_ERROR_IS_FATAL ANY
)
execute_process(
	COMMAND "${CMAKE_C_COMPILER}" -print-file-name=include
	OUTPUT_VARIABLE compiler_headers
	OUTPUT_STRIP_TRAILING_WHITESPACE
	COMMAND_ERROR_IS_FATAL ANY
)

foreach(library IN ITEMS c m)
	add_library(newlib_${library} STATIC IMPORTED GLOBAL)
	set_target_properties(newlib_${library} PROPERTIES
		IMPORTED_LOCATION "${newlib_directory}/lib/lib${library}.a"
	)
endforeach()
add_library(compiler_runtime STATIC IMPORTED GLOBAL)
set_target_properties(compiler_runtime PROPERTIES IMPORTED_LOCATION "${compiler_runtime_file}")

# The compiler's headers come first, as in any cross compiler: they continue into the library's.
set(NACRE_SYSTEM_INCLUDES "${compiler_headers}" "${newlib_directory}/include")
file(STRINGS "${newlib_directory}/options.txt" NACRE_LIBRARY_OPTIONS)
