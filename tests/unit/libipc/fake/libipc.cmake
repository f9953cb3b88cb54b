# SPDX-License-Identifier: MIT
#
# What unit tests of libipc compile along: its sources that make no assumption on the machine, the
# stubs that the generator made for the guest, and the fake kernel.

set(libipc "${CMAKE_SOURCE_DIR}/libipc")
set(libipc_generated "${CMAKE_BINARY_DIR}/libipc/generated")
set(libipc_fake "${CMAKE_CURRENT_LIST_DIR}")
set(libipc_includes
	"${libipc_fake}" "${libipc}/include" "${libipc_generated}/include" "${libipc}/source"
)
set(libipc_core
	"${libipc}/source/message.c" "${libipc}/source/server.c" "${libipc}/source/reply.c"
	"${libipc}/source/slot.c" "${libipc}/source/capability.c" "${libipc_fake}/fake_ipc.c"
)

# Returns the generated sources of the protocols named.
function(libipc_stubs variable)
	set(files)
	foreach(protocol IN LISTS ARGN)
		list(APPEND files "${libipc_generated}/${protocol}_client.c")
		list(APPEND files "${libipc_generated}/${protocol}_server.c")
	endforeach()
	set(${variable} "${files}" PARENT_SCOPE)
endfunction()

# nacre_unit_test() that waits for the generator.
function(libipc_unit_test name)
	nacre_unit_test(${name} INCLUDES ${libipc_includes} SOURCES ${ARGN})
	add_dependencies(unit-${name} protocol_stubs)
endfunction()
