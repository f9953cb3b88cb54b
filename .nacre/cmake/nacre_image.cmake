# SPDX-License-Identifier: MIT
#
# nacre_image(): a bootable system out of the kernel, the root program and one archive.
#
# Owns which files an image consists of and what has to be built before them. The formats belong
# to the scripts: make_archive.py, make_root.py, make-iso.

# nacre_image(NAME OVERLAYS directory... PROGRAMS path-in-archive...)
#
# Makes NAME.tar, NAME.root and NAME.bundle (root and archive in one) by default, and NAME.iso with
# the target NAME-iso (needs GRUB's tools). A program's path is relative to the staging tree that nacre_program() fills.
function(nacre_image name)
	cmake_parse_arguments(PARSE_ARGV 1 argument "" "" "OVERLAYS;PROGRAMS")
	set(scripts "${CMAKE_SOURCE_DIR}/.nacre/scripts")
	set(stage "${CMAKE_BINARY_DIR}/stage")
	set(root "${stage}/sbin/root")
	set(output "${CMAKE_BINARY_DIR}/${name}")

	set(contents "")
	set(inputs "")
	foreach(overlay IN LISTS argument_OVERLAYS)
		file(GLOB_RECURSE files CONFIGURE_DEPENDS "${overlay}/*")
		list(APPEND inputs ${files})
		list(APPEND contents --overlay "${overlay}")
	endforeach()
	foreach(program IN LISTS argument_PROGRAMS)
		list(APPEND inputs "${stage}/${program}")
		list(APPEND contents --file "${program}=${stage}/${program}")
	endforeach()

	add_custom_command(
		OUTPUT "${output}.tar"
		COMMAND "${Python3_EXECUTABLE}" "${scripts}/make_archive.py"
			"${output}.tar" ${contents}
		DEPENDS "${scripts}/make_archive.py" ${inputs}
		COMMENT "Making ${name}.tar"
		VERBATIM
	)
	add_custom_command(
		OUTPUT "${output}.root" "${output}.bundle"
		COMMAND "${Python3_EXECUTABLE}" "${scripts}/make_root.py" "${output}.root" "${root}"
		COMMAND "${Python3_EXECUTABLE}" "${scripts}/make_root.py"
			"${output}.bundle" "${root}" "${output}.tar"
		DEPENDS "${scripts}/make_root.py" "${root}" "${output}.tar"
		COMMENT "Making ${name}.bundle"
		VERBATIM
	)
	add_custom_command(
		OUTPUT "${output}.iso"
		COMMAND "${scripts}/make-iso"
			"${output}.iso" "$<TARGET_FILE:nacre-kernel.elf>" "${output}.root" "${output}.tar"
		DEPENDS "${scripts}/make-iso" nacre-kernel.elf "${output}.root" "${output}.tar"
		COMMENT "Making ${name}.iso"
		VERBATIM
	)
	add_custom_target(${name}-bundle ALL DEPENDS "${output}.bundle")
	add_custom_target(${name}-iso DEPENDS "${output}.iso")
	add_dependencies(${name}-iso ${name}-bundle)
endfunction()
