# SPDX-License-Identifier: GPL-2.0
#
# Judges the results of a benchmark by the budgets in bench.rows, and says both.
#
#   awk -f bench.awk [-v quick=1] [-v rst=FILE] bench.rows RESULTS
#
# RESULTS are the lines that pta_bench printed, those of latencies with a word that
# says which, and "io MARK ACCESSES" for what was seen of port I/O between a mark and
# its end. What is said goes to standard output, and as reStructuredText to FILE.
#
# Fails if a budget is exceeded by more than a tenth, an access to a register more
# than there should be, or a result missing or not to be believed. With -v quick=1
# there are none of contention and latency.

BEGIN {
	tolerance = 1.1
}

function fail(why) {
	print "bench: " why
	failed++
}

/^#/ || /^$/ {
	next
}

FNR == NR {
	split($0, field, /[ \t]*\|[ \t]*/)
	name = field[1]
	order[++rows] = name
	aim[name] = field[2]
	budget[name] = field[3]
	io_budget[name] = field[4]
	title[name] = field[5]
	next
}

$1 == "count" {
	value[$2] = $3
	turns[$2] = $4
	mark[$2] = $5
}

$1 == "io" {
	accesses[$2] = $3
}

$1 == "contention" {
	processors[++contentions] = $2
	ratio[$2] = $3
	spread[$2] = $4 " to " $5
}

$1 == "latency" {
	if (!($2 in ours)) {
		states[++n_states] = $2
		shown["idle"] = "An idle processor"
		shown["load"] = "A processor under load"
	}
	ours[$2] += $4
	parports[$2] += $5
	to_isr[$2, $3] = $4
	to_listener[$2, $3] = $5
	if ($4 + $5) {
		if (!slowest || $3 > slowest)
			slowest = $3
		if (!fastest || $3 < fastest)
			fastest = $3
	}
}

# Is what was measured believable?
function check_results(   i, name) {
	for (i = 1; i <= rows; i++) {
		name = order[i]
		if (!(name in value))
			fail(name " was not measured")
		else if (!(mark[name] in accesses))
			fail("the mark of " name " was not seen")
	}
	for (name in value)
		if (!(name in title))
			fail(name " is not in bench.rows")
	if (!quick && (!contentions || !("idle" in ours) || !("load" in ours)))
		fail("contention or latency was not measured")
	if (value["hundred_nops"] != 100)
		fail("instructions are not what is counted: a hundred are " value["hundred_nops"])
	# parport does access the control register.
	if (accesses[mark["claim_pair"]] < turns["claim_pair"])
		fail("port I/O is not seen")
}

# A number without zeros behind the point
function short(number) {
	number = sprintf("%.2f", number)
	sub(/\.?0+$/, "", number)
	return number
}

function io(name) {
	return accesses[mark[name]] / turns[name]
}

# What is to be said of VALUE where at most BUDGET was allowed. Counts it.
function verdict(what, value, budget, limit) {
	if (budget == "")
		return ""
	budgets++
	if (value <= budget)
		return "met"
	exceeded++
	if (value > limit)
		fail(what " is " short(value) ", and the budget is " short(budget))
	return "EXCEEDED"
}

# "met" if both are.
function both(a, b) {
	if (a == "EXCEEDED" || b == "EXCEEDED")
		return "EXCEEDED"
	return a == "" ? b : a
}

function out(line) {
	sub(/[ \t]+$/, "", line)
	if (rst != "")
		print line >rst
}

function print_table(   i, name, rule, format, result) {
	rule = "========================================================== ============ === ====== ======== ========"
	format = "%-58s %12s %3s %6s %8s %s"
	out(rule)
	out(sprintf(format, "path", "instructions", "aim", "budget", "port I/O", "budget"))
	out(rule)
	for (i = 1; i <= rows; i++) {
		name = order[i]
		result = both(verdict(title[name], value[name], budget[name], budget[name] * tolerance),
			      verdict("port I/O of " title[name], io(name), io_budget[name], io_budget[name]))
		out(sprintf(format, title[name], short(value[name]), dash(aim[name]), dash(budget[name]),
			    short(io(name)), dash(result)))
		printf "%-58s %8s  I/O %s", title[name], short(value[name]), short(io(name))
		print result == "" ? "" : "  " result (budget[name] == "" ? "" : ", budget " budget[name])
	}
	out(rule)
}

function dash(text) {
	return text == "" ? "-" : text
}

function print_contention(   i, rule, line) {
	if (!contentions)
		return
	rule = "========== ===== ==============="
	out("")
	out("Contention")
	out("----------")
	out("")
	out(rule)
	out("processors ratio the middle half")
	out(rule)
	for (i = 1; i <= contentions; i++) {
		line = sprintf("%-10s %5s %s", processors[i], ratio[processors[i]], spread[processors[i]])
		out(line)
		printf "try and free on %s %s: %s times the bare compare-and-exchanges\n", processors[i],
			processors[i] == 1 ? "processor" : "processors", ratio[processors[i]]
	}
	out(rule)
}

function bar(share,   width, text) {
	for (width = int(share * 30 + 0.5); width; width--)
		text = text "#"
	return text
}

# Below what time were half of them?
function median(state, all, bins,   us, below) {
	for (us = fastest; us < slowest; us *= 2) {
		below += bins[state, us]
		if (below * 2 >= all)
			break
	}
	return us
}

function print_latencies(   i, state, us) {
	if (!n_states)
		return
	out("")
	out("From an interrupt to the routine")
	out("--------------------------------")
	for (i = 1; i <= n_states; i++) {
		state = states[i]
		out("")
		out(shown[state] "::")
		out("")
		out(sprintf("\t%12s  %-36s %s", "less than", "a client's routine", "a Linux driver's irq_func"))
		for (us = fastest; us <= slowest; us *= 2)
			out(sprintf("\t%9d us  %5d %-30s %5d %s", us,
				    to_isr[state, us], bar(to_isr[state, us] / ours[state]),
				    to_listener[state, us], bar(to_listener[state, us] / parports[state])))
		printf "interrupt to routine, %s: half of %d in less than %d us; a Linux driver's: %d us\n",
			state == "idle" ? state : "under " state, ours[state],
			median(state, ours[state], to_isr), median(state, parports[state], to_listener)
	}
}

END {
	check_results()
	if (!failed) {
		print_table()
		print_contention()
		print_latencies()
		printf "bench: %d of %d budgets met\n", budgets - exceeded, budgets
	}
	exit failed > 0
}
