# SPDX-License-Identifier: GPL-2.0
#
# Counts the results of a KTAP stream: prints "PASSED FAILED SKIPPED". Only leaves
# count; the result of a test that has subtests says nothing new, unless it failed
# and none of them did. A plan that was not kept to is a failure too.

function failure(level, why,   outer) {
	failed++
	for (outer = 0; outer < level; outer++)
		failed_below[outer] = 1
	if (why)
		print "ktap: " why >"/dev/stderr"
}

# The subtests below a level are over. Were there any?
function close_below(level,   inner, any) {
	for (inner in seen)
		if (inner + 0 > level) {
			any = 1
			if (inner in plan && plan[inner] != seen[inner])
				failure(inner, plan[inner] " results were planned, " seen[inner] " came")
			delete plan[inner]
			delete seen[inner]
			delete failed_below[inner]
		}
	return any
}

{
	sub(/\r$/, "")
	match($0, /^ */)
	level = RLENGTH
	line = substr($0, level + 1)
}

line ~ /^1\.\.[0-9]+/ {
	plan[level] = substr(line, 4) + 0
	seen[level] += 0
}

line ~ /^Bail out!/ {
	failure(level, line)
}

line ~ /^(not )?ok [0-9]+/ {
	parent = close_below(level)
	seen[level]++
	if (line ~ /^not/) {
		if (!parent || !failed_below[level])
			failure(level)
	} else if (!parent) {
		if (toupper(line) ~ /# SKIP/)
			skipped++
		else
			passed++
	}
	delete failed_below[level]
}

END {
	close_below(-1)
	print passed + 0, failed + 0, skipped + 0
}
