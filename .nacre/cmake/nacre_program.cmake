# SPDX-License-Identifier: MIT
#
# Functions that build code for user level: nacre_library() and nacre_program().
#
# Owns the flags of user code, the link line, and where a program lands in the root file system:
#   rootfs/programs/*  ->  /bin       servers/*, icf/*  ->  /sbin       tests/*  ->  /test
# The last go into the test image only. How the archive is made is nacre_image.cmake's.

add_library(nacre_user INTERFACE)
list(TRANSFORM NACRE_SYSTEM_INCLUDES
	PREPEND "SHELL:-isystem " OUTPUT_VARIABLE system_include_flags)
set(user_options
	-nostdinc
	${system_include_flags}
	-fPIE
	-fno-stack-protector
	-fcf-protection=none
	-ffunction-sections
	-fdata-sections
	-fno-asynchronous-unwind-tables
	${NACRE_LIBRARY_OPTIONS}
	# newlib's <time.h> declares clock_gettime() and nanosleep(), which libipc has, only on request.
	-D_POSIX_TIMERS=1
	-D_POSIX_MONOTONIC_CLOCK=200112L
)
target_compile_options(nacre_user INTERFACE ${user_options})
target_compile_definitions(nacre_user INTERFACE __nacre__=1)
target_link_libraries(nacre_user INTERFACE nacre_abi nacre_warnings)

# Static-PIE, no program interpreter, no RELRO: the loader only has to map segments. The entry
# point is libipc's _start, pulled in by name.
add_library(nacre_link INTERFACE)
target_link_options(nacre_link INTERFACE
	-static-pie
	-nostdlib
	-Wl,-z,max-page-size=4096
	-Wl,-z,noexecstack
	-Wl,-z,separate-code
	-Wl,-z,norelro
	-Wl,-z,text
	-Wl,--gc-sections
	-Wl,--build-id=none
	-Wl,--undefined=_start
)
# libipc calls the C library and the C library calls libipc: scanned until nothing is missing.
target_link_libraries(nacre_link INTERFACE
	"$<LINK_GROUP:RESCAN,ipc,newlib_c,newlib_m,compiler_runtime>"
)

# The same flags for programs outside the build (./nacre cc), one a line.
set(user_includes "$<TARGET_PROPERTY:nacre_user,INTERFACE_INCLUDE_DIRECTORIES>")
list(TRANSFORM user_options REPLACE "^SHELL:-isystem " "-isystem" OUTPUT_VARIABLE compiler_options)
file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/cc-compile.txt" CONTENT
"-std=gnu11\n-g\n-O2\n-D__nacre__=1\n$<JOIN:${compiler_options},\n>\n\
-I$<JOIN:${user_includes},\n-I>\n")
file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/cc-link.txt" CONTENT
"$<JOIN:$<TARGET_PROPERTY:nacre_link,INTERFACE_LINK_OPTIONS>,\n>\n\
-Wl,--start-group\n$<TARGET_FILE:ipc>\n$<TARGET_FILE:newlib_c>\n$<TARGET_FILE:newlib_m>\n\
$<TARGET_FILE:compiler_runtime>\n-Wl,--end-group\n")

# Servers, factories and libipc leave vector registers alone: a thread that uses them is switched to at the cost of
# loading them, and clearing them away again. (Structures copied with SSE are enough.)
function(nacre_program_spare_vectors target)
	cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR
		BASE_DIRECTORY "${CMAKE_SOURCE_DIR}" OUTPUT_VARIABLE place)
	if(place MATCHES "^(servers|icf|libipc|rootfs/programs/bench)(/|$)")
		target_compile_options(${target} PRIVATE -mgeneral-regs-only)
	endif()
endfunction()

# nacre_library(NAME SOURCES file... [LIBRARIES target...])
#
# A static library for user programs. Its directory's include/, if there is one, is public.
function(nacre_library name)
	cmake_parse_arguments(PARSE_ARGV 1 argument "" "" "SOURCES;LIBRARIES")
	nacre_check_arguments(nacre_library)
	add_library(${name} STATIC ${argument_SOURCES})
	target_link_libraries(${name} PUBLIC nacre_user ${argument_LIBRARIES})
	nacre_program_spare_vectors(${name})
	if(IS_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/include")
		target_include_directories(${name} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}/include")
	endif()
endfunction()

# nacre_program(NAME SOURCES file... [LIBRARIES target...])
#
# A program for Nacre, in ordinary C, linked with libipc and the C library.
function(nacre_program name)
	cmake_parse_arguments(PARSE_ARGV 1 argument "" "" "SOURCES;LIBRARIES")
	nacre_check_arguments(nacre_program)
	set(target "program-${name}")
	add_executable(${target} ${argument_SOURCES})
	set_target_properties(${target} PROPERTIES OUTPUT_NAME "${name}")
	target_link_libraries(${target} PRIVATE ${argument_LIBRARIES} nacre_user nacre_link)
	nacre_program_spare_vectors(${target})
	nacre_program_place(${name} ${target})
endfunction()

# Refuses a call that forgets its sources or has an argument that means nothing.
macro(nacre_check_arguments function)
	if(NOT argument_SOURCES)
		message(FATAL_ERROR "${function}(${name}): give it SOURCES file...")
	endif()
	if(argument_UNPARSED_ARGUMENTS)
		message(FATAL_ERROR
			"${function}(${name}): unknown arguments ${argument_UNPARSED_ARGUMENTS}")
	endif()
endmacro()

# Strips a program into the staging tree and records it for the archive of its image.
function(nacre_program_place name target)
	cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR
		BASE_DIRECTORY "${CMAKE_SOURCE_DIR}" OUTPUT_VARIABLE place)
	set(archive rootfs)
	if(place MATCHES "^rootfs/")
		set(directory bin)
	elseif(place MATCHES "^tests/")
		set(directory test)
		set(archive test)
	else()
		set(directory sbin)
	endif()
	set(stripped "${CMAKE_BINARY_DIR}/stage/${directory}/${name}")
	add_custom_command(
		OUTPUT "${stripped}"
		COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/stage/${directory}"
		COMMAND "${CMAKE_STRIP}" --strip-all -o "${stripped}" "$<TARGET_FILE:${target}>"
		DEPENDS ${target}
		COMMENT "Stripping /${directory}/${name}"
		VERBATIM
	)
	add_custom_target(stage-${name} ALL DEPENDS "${stripped}")
	set_property(GLOBAL APPEND PROPERTY nacre_${archive}_programs "${directory}/${name}")
endfunction()
