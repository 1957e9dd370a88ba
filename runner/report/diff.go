package report

// edit is one line of a difference: ' ' in both, '-' only in the first, '+' only in the second.
type edit struct {
	op   byte
	line string
}

// mostDiffCells bounds the table of the longest common subsequence; above it only equal beginnings and ends are found.
const mostDiffCells = 1 << 20

// diff is a shortest way from a to b, line by line, removals before additions.
func diff(a, b []string) []edit {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	edits := mark(' ', a[:head])
	edits = append(edits, diffMiddle(a[head:len(a)-tail], b[head:len(b)-tail])...)
	return append(edits, mark(' ', a[len(a)-tail:])...)
}

func mark(op byte, lines []string) []edit {
	edits := make([]edit, len(lines))
	for i, l := range lines {
		edits[i] = edit{op, l}
	}
	return edits
}

func diffMiddle(a, b []string) []edit {
	if len(a) == 0 || len(b) == 0 || len(a)*len(b) > mostDiffCells {
		return append(mark('-', a), mark('+', b)...)
	}
	// common[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var edits []edit
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			edits = append(edits, edit{' ', a[i]})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			edits = append(edits, edit{'-', a[i]})
			i++
		default:
			edits = append(edits, edit{'+', b[j]})
			j++
		}
	}
	edits = append(edits, mark('-', a[i:])...)
	return append(edits, mark('+', b[j:])...)
}
