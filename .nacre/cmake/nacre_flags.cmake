# SPDX-License-Identifier: MIT
#
# Compiler flags that more than one kind of target shares.
#
# Owns the language level, the warnings and what Debug and Release mean. Flags of the kernel alone
# are in ukernel/CMakeLists.txt, of user programs in nacre_program.cmake.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Assertions stay on in Release too; NACRE_DEBUG adds what is too slow to keep.
set(CMAKE_C_FLAGS_DEBUG "-g -O1")
set(CMAKE_C_FLAGS_RELEASE "-g -O2")
set(CMAKE_ASM_FLAGS_DEBUG "-g")
set(CMAKE_ASM_FLAGS_RELEASE "-g")
add_compile_definitions(NACRE_DEBUG=$<CONFIG:Debug>)

# The same bytes whatever the clone is called.
add_compile_options(
	"-ffile-prefix-map=${CMAKE_SOURCE_DIR}=/nacre"
	"-ffile-prefix-map=${CMAKE_BINARY_DIR}=/nacre/build"
)

# gcc takes every snprintf() that may cut its text for a mistake; here cutting is why it is used.
add_library(nacre_warnings INTERFACE)
target_compile_options(nacre_warnings INTERFACE
	$<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Wconversion -Werror>
	$<$<AND:$<COMPILE_LANGUAGE:C>,$<C_COMPILER_ID:GNU>>:-Wno-format-truncation>
)

# All that user programs may see of the kernel: nacre/abi/*.h.
add_library(nacre_abi INTERFACE)
target_include_directories(nacre_abi INTERFACE "${CMAKE_SOURCE_DIR}/ukernel/include")
