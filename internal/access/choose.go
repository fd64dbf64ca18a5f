// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"errors"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// ParseLabels reads K=V[,K=V], given any number of times with --labels.
func ParseLabels(given []string) (map[string]string, error) {
	labels := map[string]string{}
	for _, list := range given {
		for _, pair := range strings.Split(list, ",") {
			k, v, ok := strings.Cut(strings.TrimSpace(pair), "=")
			if !ok || k == "" {
				return nil, usage.Errorf("--labels takes K=V, not %q", pair)
			}
			labels[k] = v
		}
	}
	return labels, nil
}

// HasLabels tells whether an app with such labels has all of those wanted.
func HasLabels(labels, wanted map[string]string) bool {
	for k, v := range wanted {
		if got, ok := labels[k]; !ok || got != v {
			return false
		}
	}
	return true
}

// QueryError means that the cluster does not understand --query: an unknown name
// is an error, not a list of nothing.
type QueryError struct{ Err *teleport.AuthError }

// BadQuery tells an error of the query from others.
func BadQuery(query string, err error) error {
	var failed *teleport.AuthError
	if query != "" && errors.As(err, &failed) && failed.BadRequest() {
		return &QueryError{failed}
	}
	return err
}

func (e *QueryError) Error() string {
	return "the cluster does not understand --query: " + e.Err.Message
}
func (e *QueryError) Unwrap() error { return e.Err }
func (e *QueryError) Hints() []string {
	return []string{`it is an expression on name, labels["KEY"] and resource.sub_kind, for example: labels["env"] == "prod" && hasPrefix(name, "grafana")`}
}
func (e *QueryError) ExitCode() int           { return usage.ExitCode }
func (e *QueryError) ErrorCode() errcode.Code { return errcode.Usage }
