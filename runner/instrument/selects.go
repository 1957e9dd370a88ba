package instrument

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// choice hands the choice of a select statement to the hook. It reports whether to go on inside by the usual way.
//
//	select {                     { s := hook.NewSelect(); c0 := hook.On(s, a); c1 := hook.To(s, b); c1.V = x; s.Choose(false); select {
//	case v := <-a: …       →     case v := <-c0.C: …
//	case b <- x: …               case c1.C <- c1.V: …
//	}                            }}
//
// Channels and values are evaluated once, in their order, as the language has it.
func (r *rewriter) choice(n *ast.SelectStmt) bool {
	cases, hasDefault := clauses(n)
	if len(cases) == 0 || !r.canMove(n, cases) {
		r.before(r.selectStart(n), r.hook+".Choice(); ")
		r.visitClauses(n)
		return false
	}
	name := fmt.Sprintf("%s%d", r.hook, r.selects)
	r.selects++
	r.edit(r.selectStart(n), r.selectStart(n), false, r.header(name, cases, hasDefault))
	r.after(n.End(), " }")
	r.visitClauses(n)
	return false
}

// comm is one case of a select: a channel, and for a send the value.
type comm struct {
	channel, value ast.Expr
	// assigned are the expressions on the left of a receive, nil where it declares.
	assigned []ast.Expr
}

func clauses(n *ast.SelectStmt) (cases []comm, hasDefault bool) {
	for _, s := range n.Body.List {
		switch c := s.(*ast.CommClause).Comm.(type) {
		case nil:
			hasDefault = true
		case *ast.SendStmt:
			cases = append(cases, comm{channel: c.Chan, value: c.Value})
		case *ast.ExprStmt:
			cases = append(cases, comm{channel: received(c.X)})
		case *ast.AssignStmt:
			received := comm{channel: received(c.Rhs[0])}
			if c.Tok == token.ASSIGN {
				received.assigned = c.Lhs
			}
			cases = append(cases, received)
		}
	}
	return cases, hasDefault
}

// received is the channel of a receive.
func received(x ast.Expr) ast.Expr { return ast.Unparen(x).(*ast.UnaryExpr).X }

// canMove reports whether the channels and values may be written in front of the statement: each on one line, so that
// lines stay, of a type that is known, and with no goto that would come in between.
func (r *rewriter) canMove(n *ast.SelectStmt, cases []comm) bool {
	for _, c := range cases {
		if r.isGeneric(c.channel) || r.spansLines(c.channel) || c.value != nil && r.spansLines(c.value) {
			return false
		}
	}
	for _, l := range r.labels[n] {
		if r.jumps[l.Label.Name] {
			return false
		}
	}
	return true
}

// selectStart is where the statement begins, its labels with it.
func (r *rewriter) selectStart(n *ast.SelectStmt) token.Pos {
	if labels := r.labels[n]; len(labels) > 0 {
		return labels[0].Pos()
	}
	return n.Pos()
}

// header is what stands in front of the statement: it takes the channels and values out of the cases, with the points
// in them.
func (r *rewriter) header(name string, cases []comm, hasDefault bool) func() string {
	channels, values := make([]func() string, len(cases)), make([]func() string, len(cases))
	for i, c := range cases {
		channels[i] = r.takeOut(c.channel, fmt.Sprintf("%s_%d.C", name, i))
		if c.value != nil {
			values[i] = r.takeOut(c.value, fmt.Sprintf("%s_%d.V", name, i))
		}
		for _, x := range c.assigned {
			r.node(x)
		}
	}
	return func() string {
		var b strings.Builder
		fmt.Fprintf(&b, "{ %s := %s.NewSelect(); ", name, r.hook)
		for i := range cases {
			if values[i] == nil {
				fmt.Fprintf(&b, "%s_%d := %s.On(%s, %s); ", name, i, r.hook, name, channels[i]())
				continue
			}
			fmt.Fprintf(&b, "%s_%d := %s.To(%s, %s); ", name, i, r.hook, name, channels[i]())
			fmt.Fprintf(&b, "%s_%d.V = %s; ", name, i, values[i]())
		}
		fmt.Fprintf(&b, "%s.Choose(%t); ", name, hasDefault)
		return b.String()
	}
}

// takeOut puts a name in the place of an expression and returns what quotes it.
func (r *rewriter) takeOut(x ast.Expr, name string) func() string {
	quote := r.instead(x, name)
	r.node(x)
	return quote
}

// visitClauses visits what the cases do once they are chosen.
func (r *rewriter) visitClauses(n *ast.SelectStmt) {
	for _, s := range n.Body.List {
		r.body(s.(*ast.CommClause))
	}
}

func (r *rewriter) body(c *ast.CommClause) {
	r.statements(c.Body)
	for _, s := range c.Body {
		r.node(s)
	}
}
