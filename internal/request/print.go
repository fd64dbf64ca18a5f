// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package request

import (
	"io"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// madeText says what was requested, and of whom.
func madeText(made *teleport.AccessRequest) string {
	what := "the roles " + strings.Join(made.Roles, ", ")
	if len(made.Apps) > 0 {
		var names []string
		for _, app := range made.Apps {
			names = append(names, app.App)
		}
		what = strings.Join(names, ", ")
	}
	text := plain.Sprintf("Access request %s for %s was created", made.ID, what)
	if len(made.Reviewers) > 0 {
		text += plain.Sprintf("; reviewers: %s", strings.Join(made.Reviewers, ", "))
	}
	return text + "."
}

// Table writes one line for each request; none without any.
func Table(w io.Writer, all []Entry) error {
	if len(all) == 0 {
		return nil
	}
	t := plain.NewTable(w, "", "ID", "STATE", "FOR", "REASON", "REVIEWS", "CREATED", "ACCESS UNTIL")
	t.Spare("REVIEWS", "CREATED", "REASON", "ACCESS UNTIL")
	t.Whole("ID", "STATE", "FOR", "CREATED", "ACCESS UNTIL")
	t.Tall()
	for _, e := range all {
		mark, until := "", ""
		if e.Assumed {
			mark = "*"
		}
		if e.Expires != nil {
			until = access.LocalTime(*e.Expires)
		}
		t.Row(mark, e.ID, e.State, e.For(), e.Reason, e.reviewsText(), access.LocalTime(e.Created), until)
	}
	return t.Flush()
}

// For is what a request is for: apps, or roles.
func (e Entry) For() string {
	if len(e.Apps) > 0 || len(e.Roles) == 0 {
		return strings.Join(e.Apps, ", ")
	}
	return "roles " + strings.Join(e.Roles, ", ")
}

func (e Entry) reviewsText() string {
	var texts []string
	for _, review := range e.Reviews {
		texts = append(texts, review.text())
	}
	return strings.Join(texts, "; ")
}

// text is who says what, and why.
func (r Review) text() string {
	text := r.Author + ": " + r.State
	if r.Reason != "" {
		text += " (" + r.Reason + ")"
	}
	return text
}
